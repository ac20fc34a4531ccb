// Files at the desk: what an officer sees of a photograph with a place in it, what leaves with a reason, and what is said of files that
// nothing can open, that were made to harm, or that somebody changed in the database.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { ask, makeInstallation, until } from '../support/installation.mjs';
import { admit, signIn } from '../support/staff.mjs';
import { photographAtPlace, placeIn, typeOf, upload } from '../support/uploads.mjs';
import { openVault } from '../support/vault.mjs';

const CANARIES = ['Zuhura of the mill', 'canary-reason the court asked', 'canary-name roof'];

/** 30,000 by 30,000 in a few kilobytes. */
function bomb() {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body) >>> 0);
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(30000, 0);
  head.writeUInt32BE(30000, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(90001 * 40))), chunk('IEND', Buffer.alloc(0))]);
}

describe('files at the desk', () => {
  let house, vault, sami, amara, tokens, theCase, files, photo;
  const unknown = randomBytes(300_000);
  const large = bomb();

  /** A body as it is; `cut` where the end did not come. */
  const fetchFile = (path, body, headers) =>
    new Promise((done, fail) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
      const req = request(house.urls.console + path, { method: 'POST', rejectUnauthorized: false, agent: false, headers: { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers } }, (res) => {
        const pieces = [];
        const end = (cut) => done({ status: res.statusCode, headers: res.headers, bytes: Buffer.concat(pieces), cut });
        res.on('data', (piece) => pieces.push(piece)).on('end', () => end(!res.complete)).on('error', () => end(true));
      });
      req.setTimeout(60_000, () => req.destroy(new Error('no answer within a minute')));
      req.on('error', fail);
      req.end(text);
    });
  const sessionOf = (visitor) => visitor.cookies.get('__Host-session').replace(/^\w+\./, '');
  const bearer = (name) => ({ authorization: `Bearer ${tokens[name]}` });
  const api = (what, body, name = 'Sami') => fetchFile(`/api/v1/cases/${theCase}/files/${what}`, body, bearer(name));
  const download = (number, which, name) => api('download', { file: files[number].file, which, reason: CANARIES[1] }, name);
  const look = async (number) => {
    const { status, bytes } = await api('look', { file: files[number].file });
    assert.equal(status, 200, bytes.toString());
    return JSON.parse(bytes);
  };

  before(async () => {
    photo = photographAtPlace(CANARIES[0]);
    assert.match(placeIn(photo), /1 deg 17'[\s\S]*Zuhura/);

    house = await makeInstallation();
    house.cli('init');
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[signin]\nsecond_factor = offered\n');
    await house.start();
    house.officer = { name: 'Sami', password: admit(house, 'Sami', 'officer') };
    for (const [name, role] of [['Hana', 'handler'], ['Rita', 'reviewer'], ['Odile', 'auditor']]) house.cli('staff', 'add', '--name', name, '--role', role);
    tokens = Object.fromEntries(['Sami', 'Hana', 'Rita', 'Odile'].map((name) => [name, house.token(name)]));
    vault = openVault(house, 'usual');

    const keys = [await upload(house, photo, { name: `/home/zuhura/${CANARIES[2]}\u202egpj.jpg`, type: 'image/jpeg' }), await upload(house, unknown, { name: 'notes.xyz' }), await upload(house, large, { name: 'map.png', type: 'image/png' })];
    const sent = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They took the roof. See the picture.', files: keys } });
    assert.equal(sent.status, 201, sent.text);
    theCase = await until(async () => (await ask(`${house.urls.console}/api/v1/queue`, { headers: bearer('Sami') })).json().items?.[0]?.case, { what: 'the report at the desk' });
  });
  after(async () => {
    vault?.close();
    await house?.stop({ canaries: CANARIES });
  });

  it('are its case\'s once the desk has read the report, and listed under the message by name and size, without their keys', async () => {
    const answer = await ask(`${house.urls.console}/api/v1/cases/${theCase}`, { headers: bearer('Sami') });
    ({ files } = answer.json().conversation[0]);
    assert.deepEqual(
      files.map(({ number, name, type, size, whole }) => [number, name, type, size, whole]),
      [[1, `${CANARIES[2]}gpj.jpg`, 'image/jpeg', photo.length, true], [2, 'notes.xyz', 'application/octet-stream', unknown.length, true], [3, 'map.png', 'image/png', large.length, true]],
    );
    assert.doesNotMatch(answer.text, /"key"/);
    assert.equal((await ask(`${house.urls.console}/api/v1/queue`, { headers: bearer('Sami') })).json().items[0].files, 3);
    assert.equal(house.superuserQuery(`SELECT count(*) FROM recourse.upload WHERE case_id = '${theCase}' AND kept`).trim(), '3');
  });

  it('staff look at a picture that was drawn from the file: the place is not in it', async () => {
    const seen = await look(0);
    assert.deepEqual([seen.number, seen.type, seen.refused], [1, 'image/jpeg', null]);
    const bytes = Buffer.from(seen.picture.base64, 'base64');
    assert.match(typeOf(bytes), /^image\/(png|jpeg)$/);
    assert.equal(seen.picture.type, bytes[0] === 0x89 ? 'image/png' : 'image/jpeg');
    assert.equal(placeIn(bytes), '');
  });

  it('the page shows it without an address of its own, and the file itself nowhere', async () => {
    sami = await signIn(house, house.officer);
    const page = await sami.get(`/cases/${theCase}`);
    assert.match((await sami.get('/queue')).text, /<span>3 files<\/span>/);
    assert.match(page.text, /File 1[\s\S]*canary-name roof[\s\S]*Picture[\s\S]*Download a copy without hidden data[\s\S]*may hold the place and time/);
    assert.doesNotMatch(page.headers['content-security-policy'], /img-src/);
    const shown = await sami.post(`/cases/${theCase}/files/look`, { file: files[0].file });
    assert.equal(shown.status, 200);
    assert.match(shown.headers['content-security-policy'], /default-src 'none'.*; img-src data:$/);
    assert.match(shown.headers['cache-control'], /no-store/);
    const inline = Buffer.from(shown.text.match(/<img[^>]*src="data:image\/(?:png|jpeg);base64,([^"]+)"/)[1], 'base64');
    assert.equal(placeIn(inline), '');
    assert.match(shown.text, /was not opened on your computer/);
  });

  it('a copy without hidden data leaves with a reason, and never without', async () => {
    for (const body of [{ file: files[0].file, which: 'clean' }, { file: files[0].file, which: 'clean', reason: '' }, { file: files[0].file, which: 'both', reason: 'x' }, { file: 'x', which: 'clean', reason: 'x' }]) {
      const refused = await api('download', body);
      assert.equal(refused.status, 400);
      assert.equal(JSON.parse(refused.bytes).field, !body.reason ? 'reason' : body.which === 'both' ? 'which' : 'file');
    }
    const { status, headers, bytes, cut } = await download(0, 'clean');
    assert.equal(status, 200, bytes.toString());
    assert.deepEqual([headers['content-disposition'], headers['content-type'], headers['x-content-type-options'], cut], ['attachment; filename="file-1.jpg"', 'application/octet-stream', 'nosniff', false]);
    assert.equal(typeOf(bytes), 'image/jpeg');
    assert.equal(placeIn(bytes), '');
  });

  it('the original leaves byte for byte, by a form of the page too', async () => {
    const { headers, bytes } = await download(0, 'original');
    assert.ok(bytes.equals(photo));
    assert.match(placeIn(bytes), /1 deg 17'[\s\S]*Zuhura/);
    assert.equal(headers['content-disposition'], 'attachment; filename="file-1.jpg"');
    const cookie = [...sami.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = (fields) => fetchFile(`/cases/${theCase}/files/download`, new URLSearchParams({ csrf: sami.csrf, file: files[1].file, ...fields }).toString(), { cookie });
    const byForm = await form({ which: 'original', reason: CANARIES[1] });
    assert.ok(byForm.bytes.equals(unknown));
    assert.equal(byForm.headers['content-disposition'], 'attachment; filename="file-2.bin"');
    assert.equal((await form({ which: 'original', reason: ' '.trim() })).status, 400);
  });

  it('what nothing can open is marked, and only the original is there', async () => {
    const seen = await look(1);
    assert.deepEqual([seen.refused, seen.picture], ['type-unknown', null]);
    const page = await sami.post(`/cases/${theCase}/files/look`, { file: files[1].file });
    assert.match(page.text, /Nothing here can open this kind of file[\s\S]*Download the original/);
    const clean = await download(1, 'clean');
    assert.equal(clean.status, 409);
    assert.match(JSON.parse(clean.bytes).detail, /Only the original is there/);
    assert.ok((await download(1, 'original')).bytes.equals(unknown));
  });

  it('a picture made to harm stops at the limits, and its original is still there', async () => {
    assert.equal((await look(2)).refused, 'limits');
    assert.equal((await download(2, 'clean')).status, 409);
    assert.ok((await download(2, 'original')).bytes.equals(large));
  });

  it('each is in the log with who it was, and its reason for the auditors alone', async () => {
    const { items } = (await ask(`${house.urls.console}/api/v1/log?limit=100`, { headers: bearer('Odile') })).json();
    const of = (what) => items.filter((item) => item.what === what && item.who === 'Sami' && item.case === theCase).length;
    assert.equal(of('file.look'), 5);
    assert.equal(of('file.download'), 7);
    assert.doesNotMatch(JSON.stringify(items), /canary-reason/);
  });

  it('a ticket is its session\'s, its pieces come in order, and nobody has three', async () => {
    const asks = (body, session = tokens.Sami) => vault.ask({ session, ...body });
    const begin = (number, which = 'original', session) => asks({ op: 'file.download', case: theCase, file: files[number].file, which, reason: 'x' }, session);
    const [one, two] = [await begin(0), await begin(1)];
    assert.ok(one.ticket && two.ticket && one.ticket !== two.ticket);
    assert.equal((await begin(0)).ticket, one.ticket, 'nothing has left: the same');
    assert.equal((await begin(2)).error, 'busy');
    assert.ok((await begin(2, 'original', tokens.Hana)).ticket, 'another session');
    assert.equal((await asks({ op: 'file.piece', ticket: one.ticket, n: 0 }, tokens.Hana)).error, 'not_found');
    assert.equal((await asks({ op: 'file.piece', ticket: one.ticket, n: 1 })).error, 'malformed');
    const first = await asks({ op: 'file.piece', ticket: one.ticket, n: 0 });
    assert.ok(Buffer.from(first.bytes, 'base64').equals(photo.subarray(0, Buffer.from(first.bytes, 'base64').length)));
    assert.equal((await asks({ op: 'file.piece', ticket: one.ticket, n: 0 })).error, 'malformed', 'each once');
    assert.equal((await asks({ op: 'file.piece', ticket: two.ticket, leave: true })).ok, true);
    assert.equal((await asks({ op: 'file.piece', ticket: two.ticket, n: 0 })).error, 'not_found');
    const three = await begin(2);
    assert.ok(three.ticket, 'there is a place again');
    for (const { ticket } of [one, three]) assert.equal((await asks({ op: 'file.piece', ticket, leave: true })).ok, true);
  });

  it('who may not read the case gets nothing, and no other desk does', async () => {
    for (const [name, status] of [['Rita', 403], ['Odile', 403]]) {
      assert.equal((await api('look', { file: files[0].file }, name)).status, status, name);
      assert.equal((await download(0, 'original', name)).status, status, name);
    }
    assert.ok((await download(0, 'original', 'Hana')).bytes.equals(photo), 'a handler may');
    const nowhere = await api('look', { file: '00000000-0000-4000-8000-000000000000' });
    assert.equal(nowhere.status, 404);
    amara = await signIn(house, { name: 'Amara', desk: 'safeguarding', password: admit(house, 'Amara', 'officer', 'safeguarding') });
    const session = sessionOf(amara);
    const other = openVault(house, 'safeguarding');
    try {
      for (const op of ['file.look', 'file.download'])
        assert.equal((await other.ask({ op, session, case: theCase, file: files[0].file, which: 'original', reason: 'x' })).error, 'not_found');
    } finally {
      other.close();
    }
  });

  it('what was changed in the database ends with a cause: nothing false is handed out', async () => {
    house.superuserQuery(`UPDATE recourse.piece SET body = set_byte(body, 60, get_byte(body, 60) # 1) WHERE n = 1 AND upload_id = '${files[1].file}'`);
    const broken = await download(1, 'original', 'Hana');
    assert.ok(broken.cut, 'the client sees that it is not whole');
    assert.ok(broken.bytes.length < unknown.length && unknown.subarray(0, broken.bytes.length).equals(broken.bytes));
    assert.equal((await look(1)).refused, 'broken');
  });

  it('they go with the case to another desk, and are out of reach here', async () => {
    const moved = await ask(`${house.urls.console}/api/v1/cases/${theCase}/move`, { body: { to: 'safeguarding', reason: 'It is theirs' }, headers: bearer('Sami') });
    assert.equal(moved.status, 200, moved.text);
    assert.equal((await download(0, 'original')).status, 404);
    const cookie = [...amara.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const there = await until(
      async () => {
        const answer = await fetchFile(`/cases/${theCase}/files/download`, new URLSearchParams({ csrf: amara.csrf, file: files[0].file, which: 'original', reason: 'x' }).toString(), { cookie });
        return answer.status === 200 && answer;
      },
      { what: 'the case at the other desk', every: 250 },
    );
    assert.ok(there.bytes.equals(photo));
  });
});
