// Files over a bad line: what came is kept to the byte, wherever the line breaks and whichever process goes on with it; nothing of it can
// be read in the database; what is wrong is said before the rest has been sent for nothing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
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
  after(() => house?.stop({ canaries: [CANARY] }));

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
