// Files over a bad line: what came is kept to the byte, wherever the line breaks and whichever process goes on with it; nothing of it can
// be read in the database; what is wrong is said before the rest has been sent for nothing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import tus from 'tus-js-client';
import { openLine } from '../support/broken_line.mjs';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { openFile } from '../support/pieces.mjs';

const CANARY = 'canary-file the well at the gate';
const key = () => randomBytes(18).toString('base64url');
const RESUMABLE = { 'tus-resumable': '1.0.0' };
const PATCH = { ...RESUMABLE, 'content-type': 'application/offset+octet-stream' };
const meta = (name, type) => `filename ${Buffer.from(name).toString('base64')},filetype ${Buffer.from(type).toString('base64')}`;

describe('uploads', () => {
  let house;
  before(async () => {
    house = await startInstallation();
  });
  after(async () => {
    await house?.stop({ canaries: [CANARY] });
    rmSync(`${house.dir}.tus`, { force: true }); // what the client has written down
  });

  const uploads = (path = '') => `${house.urls.intake}/api/v1/uploads${path}`;
  const create = (uploadKey, size, name = 'photo.jpg', more = {}) =>
    ask(uploads(), { method: 'POST', headers: { ...RESUMABLE, 'upload-key': uploadKey, 'upload-length': String(size), 'upload-metadata': meta(name, 'image/jpeg'), ...more }, body: '' });
  const begun = async (uploadKey, size, name) => {
    const answer = await create(uploadKey, size, name);
    assert.equal(answer.status, 201, answer.text);
    return answer.headers.location.match(/^\/api\/v1\/uploads\/([0-9a-f]{32})$/)[1];
  };
  const head = (id, uploadKey) => ask(uploads(`/${id}`), { method: 'HEAD', headers: { ...RESUMABLE, 'upload-key': uploadKey } });
  const patch = (id, uploadKey, offset, body, more = {}) =>
    ask(uploads(`/${id}`), { method: 'PATCH', headers: { ...PATCH, 'upload-key': uploadKey, 'upload-offset': String(offset), ...more }, body });
  const send = async (bytes, name) => {
    const uploadKey = key();
    const id = await begun(uploadKey, bytes.length, name);
    const answer = await patch(id, uploadKey, 0, bytes);
    assert.equal(answer.status, 204, answer.text);
    assert.equal(answer.headers['upload-offset'], String(bytes.length));
    return { id, uploadKey };
  };

  /** Begins a PATCH, sends `bytes`, and cuts the line without a word. */
  const cut = (id, uploadKey, offset, length, bytes) =>
    new Promise((done, fail) => {
      const socket = connect({ port: house.ports.intake, host: 'localhost', rejectUnauthorized: false }, () => {
        const lines = [`PATCH /api/v1/uploads/${id} HTTP/1.1`, 'Host: localhost', ...Object.entries(PATCH).map(([name, value]) => `${name}: ${value}`)];
        socket.write([...lines, `Upload-Key: ${uploadKey}`, `Upload-Offset: ${offset}`, `Content-Length: ${length}`, '', ''].join('\r\n'));
        socket.write(bytes, () => setTimeout(() => socket.destroy(), 150));
      });
      socket.on('error', fail);
      socket.on('close', done);
    });

  it('says what it can', async () => {
    const answer = await ask(uploads(), { method: 'OPTIONS' });
    assert.equal(answer.status, 204);
    assert.deepEqual(
      ['tus-version', 'tus-resumable', 'tus-extension', 'tus-max-size'].map((name) => answer.headers[name]),
      ['1.0.0', '1.0.0', 'creation,termination', String(200 * 1024 * 1024)],
    );
  });

  it('every size comes back as it was, and its size is told by little', async () => {
    for (const size of [0, 1, 1024, 131_072, 131_073, 1_000_000]) {
      const bytes = Buffer.alloc(size, CANARY);
      const uploadKey = key();
      const id = await begun(uploadKey, size, `${CANARY}.txt`);
      if (size) assert.equal((await patch(id, uploadKey, 0, bytes)).status, 204);
      const file = openFile(house, id, uploadKey);
      assert.ok(file.isWhole, `${size} is whole`);
      assert.ok(file.bytes.equals(bytes), `${size} comes back`);
      assert.deepEqual(file.head, { v: 1, name: `${CANARY}.txt`, type: 'image/jpeg', size, got: size });
      assert.ok(file.stored > 1024 && file.stored > size && file.stored <= size * 1.14 + 3000, `${size} lies as ${file.stored}`);
    }
  });

  it('a line that breaks, twice, loses nothing that has come', async () => {
    const bytes = randomBytes(600_000);
    const uploadKey = key();
    const id = await begun(uploadKey, bytes.length);
    let offset = 0;
    for (const more of [200_001, 65_432]) {
      await cut(id, uploadKey, offset, bytes.length - offset, bytes.subarray(offset, offset + more));
      const end = offset + more;
      offset = await until(async () => { const at = Number((await head(id, uploadKey)).headers['upload-offset']); return at === end && at; }, { what: `an offset of ${end}` });
    }
    const answer = await patch(id, uploadKey, offset, bytes.subarray(offset));
    assert.equal(answer.status, 204, answer.text);
    const file = openFile(house, id, uploadKey);
    assert.ok(file.isWhole && file.bytes.equals(bytes));
  });

  it('whoever does not hold the key finds nothing', async () => {
    const { id, uploadKey } = await send(randomBytes(2000));
    assert.equal((await head(id, uploadKey)).status, 200);
    assert.equal((await head(id, key())).status, 404);
    assert.equal((await patch(id, key(), 0, 'x')).status, 404);
    assert.equal((await ask(uploads(`/${id}`), { method: 'DELETE', headers: { ...RESUMABLE, 'upload-key': key() } })).status, 404);
    assert.equal((await head(id, uploadKey)).headers['upload-length'], '2000');
  });

  it('what is wrong is said, and before the rest has come', async () => {
    const uploadKey = key();
    const id = await begun(uploadKey, 1000);
    const wrong = [
      [await create(key(), 10, 'x', { 'tus-resumable': '0.2.2' }), 412],
      [await create('short', 10), 400],
      [await create(key(), -1), 400],
      [await create(key(), 201 * 1024 * 1024), 413],
      [await create(uploadKey, 999), 409],
      [await patch(id, uploadKey, 7, 'x'), 409],
      [await patch(id, uploadKey, 'x', 'x'), 400],
      [await patch(id, uploadKey, 0, 'x', { 'content-type': 'image/jpeg' }), 415],
      [await patch(id, uploadKey, 0, Buffer.alloc(1001)), 413],
      [await patch('0'.repeat(32), uploadKey, 0, 'x'), 404],
    ];
    for (const [at, [answer, status]] of wrong.entries()) {
      assert.equal(answer.status, status, `${at}: ${answer.text}`);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(answer.headers['tus-resumable'], '1.0.0');
    }
    assert.equal((await create(uploadKey, 1000)).status, 201, 'begun again, it is the same');
    assert.equal((await head(id, uploadKey)).headers['upload-offset'], '0');
    // A hundred megabytes too many are not waited for.
    const started = Date.now();
    await cut(id, uploadKey, 5, 100_000_000, Buffer.alloc(1000)).catch(() => {});
    assert.ok(Date.now() - started < 5000);
  });

  it('two at once do each other no harm', async () => {
    const bytes = randomBytes(300_000);
    const uploadKey = key();
    const id = await begun(uploadKey, bytes.length);
    const answers = await Promise.all([patch(id, uploadKey, 0, bytes), patch(id, uploadKey, 0, bytes)]);
    assert.ok(answers.some((answer) => answer.status === 204));
    assert.ok(answers.every((answer) => answer.status === 204 || answer.status === 409), answers.map((a) => a.status).join());
    assert.ok(openFile(house, id, uploadKey).bytes.equals(bytes));
  });

  it('a report takes its files with it: then they are kept and belong to its case; one that is not whole is said', async () => {
    const { id, uploadKey } = await send(Buffer.from(CANARY));
    const half = key();
    await begun(half, 10);
    const report = (files) => ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: CANARY, files } });
    for (const files of [[half], [uploadKey, half], [key()]]) {
      const answer = await report(files);
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.json().field, 'files');
    }
    for (const files of [['short'], [uploadKey, uploadKey], 'x', Array.from({ length: 21 }, key)]) assert.equal((await report(files)).status, 400);
    const answer = await report([uploadKey]);
    assert.equal(answer.status, 201, answer.text);
    assert.ok(openFile(house, id, uploadKey).isKept);
    const added = key();
    const addedId = await begun(added, 3);
    await patch(addedId, added, 0, 'abc');
    const message = await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: answer.json().receipt, text: CANARY, files: [added] } });
    assert.equal(message.status, 201, message.text);
    assert.ok(openFile(house, addedId, added).isKept);
    const thread = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: answer.json().receipt } });
    assert.deepEqual(thread.json().messages, [], 'who does not read their words again sees nothing of the files either');
  });

  it('who chose to read their words again sees which files went with them, and no key', async () => {
    const { uploadKey } = await send(randomBytes(2000), '/sdcard/DCIM/well\u202e.jpg');
    const told = { kind: 'grievance', language: 'en', text: CANARY, read_back: true, files: [uploadKey] };
    const { receipt } = (await ask(`${house.urls.intake}/api/v1/reports`, { body: told })).json();
    const added = await send(randomBytes(31), '');
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text: CANARY, files: [added.uploadKey] } })).status, 201);
    const thread = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } });
    assert.deepEqual(thread.json().messages.map((message) => message.files), [[{ name: 'well.jpg', size: 2000 }], [{ name: '', size: 31 }]]);
  });

  describe('with tus-js-client, as anybody else has it', () => {
    const agent = new Agent({ rejectUnauthorized: false, keepAlive: true });
    after(() => agent.destroy());

    /** An upload of that client; `ends` is settled when it says so itself. */
    const client = (bytes, uploadKey, more = {}) => {
      const asked = [];
      let upload;
      const ends = new Promise((done, fail) => {
        upload = new tus.Upload(bytes, {
          httpStack: new tus.DefaultHttpStack({ agent }),
          urlStorage: new tus.FileUrlStorage(`${house.dir}.tus`),
          headers: { 'Upload-Key': uploadKey },
          metadata: { filename: `${CANARY}.jpg`, filetype: 'image/jpeg' },
          chunkSize: 150_000,
          retryDelays: null,
          onAfterResponse: (request, response) => asked.push(`${request.getMethod()} ${response.getStatus()}`),
          onSuccess: done,
          onError: fail,
          ...more,
        });
      });
      ends.catch(() => {}); // who paused does not wait for it
      return { upload, ends, asked };
    };

    it('in chunks over a line that breaks, paused, found again by another, and whole in the report', async () => {
      const bytes = randomBytes(1_000_000), uploadKey = key();
      const line = await openLine(house.ports.intake);
      line.breakAfter(250_000, 200_000);
      const endpoint = `https://localhost:${line.port}/api/v1/uploads`;
      // The first has no patience: the line breaks and that is its end.
      const first = client(bytes, uploadKey, { endpoint });
      first.upload.start();
      await assert.rejects(first.ends, (cause) => cause instanceof tus.DetailedError && !cause.originalResponse);
      assert.equal(line.breaks, 1);
      assert.deepEqual(first.asked, ['POST 201', 'PATCH 204']);
      // The second finds what the first has written down, meets the next break, goes on by itself, and is paused. Its first PATCH may be
      // answered 409: what the cut one had brought was stored meanwhile.
      let paused;
      const second = client(bytes, uploadKey, { endpoint, retryDelays: [50, 100, 200], onChunkComplete: () => line.breaks === 2 && (paused ??= second.upload.abort()) });
      const [found, ...others] = await second.upload.findPreviousUploads();
      assert.match(found.uploadUrl, new RegExp(`^https://localhost:${line.port}/api/v1/uploads/[0-9a-f]{32}$`));
      assert.deepEqual([others, found.size, found.metadata.filename], [[], bytes.length, `${CANARY}.jpg`]);
      second.upload.resumeFromPreviousUpload(found);
      second.upload.start();
      await until(() => paused !== undefined, { what: 'the pause' });
      await paused;
      assert.equal(line.breaks, 2);
      assert.match(second.asked.join(), /^HEAD 200,.*HEAD 200.*PATCH 204$/);
      assert.doesNotMatch(second.asked.join(), /POST/);
      // Where it stands now is what HEAD says, and more than what the chunks that were answered came to.
      const id = found.uploadUrl.split('/').pop();
      const offset = Number((await head(id, uploadKey)).headers['upload-offset']);
      assert.ok(offset >= 300_000 && offset < bytes.length, String(offset));
      second.upload.start();
      await second.ends;
      assert.equal(second.upload.url, found.uploadUrl);
      await line.close();
      assert.ok(openFile(house, id, uploadKey).bytes.equals(bytes));

      const sent = await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: `with a file ${CANARY}`, files: [uploadKey] } });
      assert.equal(sent.status, 201, sent.text);
      const headers = { authorization: `Bearer ${house.token(house.officer.name)}` };
      const staff = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers });
      const there = await until(async () => (await staff('/search', { words: '"with a file"' })).json().items?.[0], { what: 'the report at the desk' });
      const { files } = (await staff(`/cases/${there.case}`)).json().conversation[0];
      assert.deepEqual(files.map((file) => [file.name, file.type, file.size, file.whole]), [[`${CANARY}.jpg`, 'image/jpeg', bytes.length, true]]);
      const taken = await staff(`/cases/${there.case}/files/download`, { file: files[0].file, which: 'original', reason: 'x' });
      assert.equal(taken.status, 200);
      assert.ok(taken.bytes.equals(bytes), 'to the byte');
    });

    it('without the key an address gives nothing, neither to go on nor to end it', async () => {
      const bytes = randomBytes(300_000), uploadKey = key();
      const mine = client(bytes, uploadKey, { endpoint: uploads(), onChunkComplete: () => mine.upload.abort() });
      mine.upload.start();
      const uploadUrl = await until(() => mine.asked.includes('PATCH 204') && mine.upload.url, { what: 'the first chunk' });
      const stranger = client(bytes, key(), { uploadUrl });
      stranger.upload.start();
      await assert.rejects(stranger.ends, (cause) => cause.originalResponse?.getStatus() === 404);
      const ends = (uploadKey) => tus.Upload.terminate(uploadUrl, { httpStack: new tus.DefaultHttpStack({ agent }), headers: { 'Upload-Key': uploadKey }, retryDelays: null });
      await assert.rejects(ends(key()), (cause) => cause.originalResponse?.getStatus() === 404);
      const id = uploadUrl.split('/').pop();
      assert.equal((await head(id, uploadKey)).headers['upload-offset'], '150000');
      await ends(uploadKey);
      assert.equal((await head(id, uploadKey)).status, 404);
    });

    it('is told what is too large, and keeps trying nothing', async () => {
      const large = client(Buffer.alloc(10), key(), { endpoint: uploads(), uploadSize: 201 * 1024 * 1024, retryDelays: [10, 10] });
      large.upload.start();
      await assert.rejects(large.ends, (cause) => cause.originalResponse?.getStatus() === 413);
      assert.deepEqual(large.asked, ['POST 413']);
    });
  });

  it('who thinks better of it ends it', async () => {
    const { id, uploadKey } = await send(randomBytes(2000));
    assert.equal((await ask(uploads(`/${id}`), { method: 'DELETE', headers: { ...RESUMABLE, 'upload-key': uploadKey } })).status, 204);
    assert.equal((await head(id, uploadKey)).status, 404);
    assert.equal(house.superuserQuery(`SELECT count(*) FROM recourse.piece WHERE upload_id = '${id}'`).trim(), '0');
  });

  it('while the database is away files wait; the words do not', async () => {
    const { uploadKey } = await send(randomBytes(2000));
    const thaw = house.freezeDatabase();
    try {
      const [file, words] = await Promise.all([
        create(key(), 10),
        ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: CANARY, files: [uploadKey] } }),
      ]);
      assert.equal(file.status, 503);
      assert.ok(file.headers['retry-after']);
      assert.equal(words.status, 201, words.text);
    } finally {
      thaw();
    }
  });
});
