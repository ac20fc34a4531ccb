// A file in the database, opened by nothing but its upload key and what docs/evidence.md says of the bytes.
import { createDecipheriv, hkdfSync } from 'node:crypto';

const sub = (key, salt, info, length) => Buffer.from(hkdfSync('sha256', key, salt, info, length));

const u32 = (value) => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
};

function openPiece(fileKey, id, n, isLast, sealed) {
  const aad = Buffer.concat([Buffer.from('recourse piece'), Buffer.from([1, 1]), u32(1), id, u32(n), Buffer.from([isLast ? 1 : 0])]);
  const okm = sub(fileKey, sealed.subarray(2, 34), Buffer.concat([Buffer.from('recourse piece key'), aad]), 44);
  const opening = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), okm.subarray(32));
  opening.setAAD(aad);
  opening.setAuthTag(sealed.subarray(-16));
  const inside = Buffer.concat([opening.update(sealed.subarray(34, -16)), opening.final()]);
  return inside.subarray(4, 4 + inside.readUInt32BE(0));
}

/** {bytes, head, sizes of what is stored, isWhole} of the file `id` (32 hex digits). */
export function openFile(house, id, uploadKey) {
  const fileKey = sub(Buffer.from(uploadKey), Buffer.alloc(0), Buffer.from('recourse upload key'), 32);
  const raw = Buffer.from(id, 'hex');
  const rows = (sql) => house.superuserQuery(sql).trim().split('\n').filter(Boolean).map((line) => line.split('|'));
  const [[head, count, whole, kept, caseId]] = rows(`SELECT encode(head, 'hex'), pieces, is_whole, kept, case_id FROM recourse.upload WHERE upload_id = '${id}'`);
  const pieces = rows(`SELECT n, encode(body, 'hex') FROM recourse.piece WHERE upload_id = '${id}' ORDER BY n`);
  const opened = pieces.map(([n, body]) => openPiece(fileKey, raw, Number(n), whole === 't' && Number(n) === Number(count) - 1, Buffer.from(body, 'hex')));
  return {
    bytes: Buffer.concat(opened),
    head: JSON.parse(openPiece(fileKey, raw, 0xffffffff, false, Buffer.from(head, 'hex')).toString()),
    stored: pieces.reduce((sum, [, body]) => sum + body.length / 2, 0),
    pieces: opened.map((piece) => piece.length),
    isWhole: whole === 't',
    isKept: kept === 't',
    caseId,
  };
}
