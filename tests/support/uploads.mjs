// A file on its way into a house, as a program sends it (tus 1.0.0).
//
//   const key = await upload(house, bytes, { name: 'roof.jpg', type: 'image/jpeg' });
//   ask(`${house.urls.intake}/api/v1/reports`, { body: { ..., files: [key] } });
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { ask } from './installation.mjs';

const RESUMABLE = { 'tus-resumable': '1.0.0' };
const base64 = (text) => Buffer.from(text).toString('base64');

/** The upload key under which all of `bytes` has come. */
export async function upload(house, bytes, { name = 'file', type = 'application/octet-stream' } = {}) {
  const key = randomBytes(18).toString('base64url');
  const headers = { ...RESUMABLE, 'upload-key': key };
  const begun = await ask(`${house.urls.intake}/api/v1/uploads`, { method: 'POST', body: '', headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${base64(name)},filetype ${base64(type)}` } });
  assert.equal(begun.status, 201, begun.text);
  const sent = await ask(house.urls.intake + begun.headers.location, { method: 'PATCH', body: bytes, headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } });
  assert.equal(sent.status, 204, sent.text);
  return key;
}

/** A JPEG of several pieces. */
export const photograph = () => execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=800x600', '-vf', 'noise=alls=60', '-frames:v', '1', '-q:v', '2', '-f', 'mjpeg', '-'], { maxBuffer: 1 << 24 });

/** The same, as a telephone leaves it: with the place where it was taken (1°17' S, 36°49' E), and who took it. */
export const photographAtPlace = (artist) =>
  execFileSync('exiftool', ['-q', '-GPSLatitude=1.2921', '-GPSLatitudeRef=S', '-GPSLongitude=36.8219', '-GPSLongitudeRef=E', `-Artist=${artist}`, '-o', '-', '-'], { input: photograph(), maxBuffer: 1 << 24 });

/** Place and artist that stand in a picture; '' where there are none. */
export const placeIn = (bytes) => execFileSync('exiftool', ['-s3', '-GPSPosition', '-Artist', '-'], { input: bytes, encoding: 'utf8' }).trim();

/** By content, not by name. */
export const typeOf = (bytes) => execFileSync('file', ['-b', '--mime-type', '-'], { input: bytes.subarray(0, 4096), encoding: 'utf8' }).trim();
