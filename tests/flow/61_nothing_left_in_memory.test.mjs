// A thousand people report, in every way there is; a second after the last answer the memory of the public servers is read as
// the machine's root could read it, or a thief with a copy of it: not one sentence, receipt, number or key is there.
// Against what is really run: sanitizers keep freed memory aside, unwiped, so there is nothing to look for in their builds.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { ask, asRoot, pause, processesOf, root, startInstallation, until } from '../support/installation.mjs';
import { findDigits, findPieces, findTexts, isSanitized } from '../support/memory.mjs';
import { upload } from '../support/uploads.mjs';

const build = resolve(root, process.env.RECOURSE_BUILD ?? 'build-asan');
const skip = !asRoot
  ? 'only root reads the memory of another process'
  : isSanitized(join(build, 'recourse-intake')) && 'a sanitizer keeps freed memory unwiped: ./test release runs this one';

const REPORTS = 1000;
// Drawn anew, so that nothing else on the machine has them. Each sentence repeats them: what is left of it holds one.
const MARK = `kestrel${randomBytes(5).toString('hex')}`;
const LETTERS = 'абвгдежзиклмнопрстуфхцчшщэюя';
const WORD = Array.from(randomBytes(10), (byte) => LETTERS[byte % LETTERS.length]).join('');
const STAFF = `heron${randomBytes(5).toString('hex')}`;
const PHONES = Array.from({ length: 200 }, () => `254${String(randomBytes(4).readUInt32BE() % 1e9).padStart(9, '7')}`);
const sentence = (n) => `${n} ${`${MARK}-${n} ${WORD} `.repeat(1 + (n % 40))}<&"'> ${MARK}`;

describe('nothing is left in memory', { skip }, () => {
  let house, bearer, officer, sendsms;
  const sent = [];
  const receipts = [];
  const keys = [];
  // Both versions of TLS: their records pass through buffers of their own.
  const agents = ['TLSv1.3', 'TLSv1.2'].map((maxVersion) => new Agent({ keepAlive: true, maxSockets: 4, maxVersion }));
  const members = (name) => processesOf(house.dir).filter(({ command }) => command.includes(`/${name} --config`));

  before(async () => {
    // Stands where Kannel's sendsms stands, and counts.
    sendsms = createServer((req, res) => {
      req.on('end', () => {
        sent.push(req.headers['x-kannel-to']);
        res.writeHead(202).end('0: Accepted for delivery');
      });
      req.resume();
    }).listen(0, '127.0.0.1');
    house = await startInstallation();
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, 'sendsms-password-1', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'sw', '--send-url', `http://127.0.0.1:${sendsms.address().port}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    await house.halt();
    await house.start();
    bearer = house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation').trim().split('\n').pop();
    house.cli('round', 'add', '--code', 'memory', '--title', 'Memory', '--question', 'What?', '--opens', '2026-01-01T00:00:00Z', '--closes', '2099-01-01T00:00:00Z');
    const token = house.token(house.officer.name);
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    for (const agent of agents) agent.destroy();
    sendsms.close();
    sendsms.closeAllConnections();
    await house?.stop();
  });

  /** One request: on a kept or a closing connection, its body in one, in chunks, or after "100 Continue". */
  function send(path, body, { type, headers = {}, keep = false, chunked = false, expect = false }) {
    return new Promise((done, fail) => {
      const bytes = Buffer.from(body);
      const req = request(`${house.urls.intake}${path}`, {
        method: 'POST',
        rejectUnauthorized: false,
        agent: keep ? agents[Number(chunked)] : false,
        headers: { 'content-type': type, ...(chunked ? {} : { 'content-length': bytes.length }), ...(expect ? { expect: '100-continue' } : {}), ...headers },
      });
      req.on('response', (res) => {
        const pieces = [];
        res.on('data', (piece) => pieces.push(piece));
        res.on('end', () => done({ status: res.statusCode, text: Buffer.concat(pieces).toString('utf8') }));
      });
      req.on('error', fail);
      const write = () => {
        if (!chunked) return req.end(bytes);
        for (let at = 0; at < bytes.length; at += 300) req.write(bytes.subarray(at, at + 300));
        return req.end();
      };
      if (expect) {
        req.on('continue', write);
        req.flushHeaders();
      } else write();
    });
  }

  const json = (body) => JSON.stringify(body);
  const asAscii = (body) => json(body).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const api = (path, body, how = {}, headers = {}) => send(path, body, { type: 'application/json', headers, ...how });
  const multipart = (fields, file) => {
    const between = `----${randomUUID()}`;
    const text = Object.entries(fields).map(([name, value]) => `--${between}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('');
    const body = file ? `${text}--${between}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: audio/ogg\r\n\r\n${file.bytes}\r\n` : text;
    return { type: `multipart/form-data; boundary=${between}`, body: `${body}--${between}--\r\n` };
  };
  const receiptOf = (text) => (text.match(/"receipt" ?: ?"([\d ]+)"/) ?? text.match(/id="receipt">(.*?)<\/div>/s))?.[1].replace(/<[^>]*>|\D/g, '');

  async function report(n) {
    const how = { keep: n % 2 === 0, chunked: n % 3 === 0, expect: n % 7 === 0 };
    const text = sentence(n);
    let answer;
    if (n % 4 === 3) {
      const fields = { step: 'report', key: randomUUID(), lang: 'en', text, where: text.slice(0, 400), contact: '', how: 'sms', number: `+${PHONES[n % PHONES.length]}`, words: text.slice(0, 300) };
      keys.push(fields.key);
      const post = (posted) => send('/report', new URLSearchParams(posted).toString(), { type: 'application/x-www-form-urlencoded', ...how });
      // Step by step, every second time: the answers come back from the disk to be checked, and to be sent.
      if (n % 8 === 7) assert.equal((await post({ ...fields, step: 'story', go: 'check' })).status, 200);
      answer = await post(n % 8 === 7 ? { step: 'check', go: 'send', lang: 'en', key: fields.key } : fields);
    } else {
      const key = randomUUID();
      keys.push(key);
      const body = { kind: 'grievance', language: 'ru', text, read_back: n % 2 === 0, answers: { where: text.slice(0, 400), who: text.slice(0, 200) }, contact: { how: 'sms', number: `+${PHONES[n % PHONES.length]}`, words: text.slice(0, 300) } };
      answer = await api('/api/v1/reports', n % 8 === 1 ? asAscii(body) : json(body), how, { 'idempotency-key': key });
    }
    assert.equal(answer.status, 201, answer.text.slice(0, 300));
    const receipt = receiptOf(answer.text);
    assert.equal(receipt?.length, 28, answer.text.slice(0, 2000));
    receipts.push(receipt);
    if (n % 10 === 5) await files(n, receipt);
    if (n % 10 !== 0) return;
    const message = await api('/api/v1/thread/messages', json({ receipt, text, language: 'ru' }), how);
    assert.equal(message.status, 201, message.text);
    const thread = await api('/api/v1/thread', json({ receipt: n % 20 ? receipt : [...receipt].map((d) => String.fromCodePoint(0x660 + Number(d))).join('') }), how);
    assert.equal(thread.status, 200, thread.text);
    const page = await send('/receipt', new URLSearchParams({ lang: 'en', receipt, ...(n % 20 ? { step: 'add', text } : {}) }).toString(), { type: 'application/x-www-form-urlencoded', ...how });
    assert.ok(page.status === 200 || page.status === 201, page.text.slice(0, 300));
  }

  /** Two files, each as its own door takes it: by tus before the message that names it, and in a form, in pieces. */
  async function files(n, receipt) {
    const bytes = Buffer.from(`${sentence(n)} `.repeat(1 + (n % 60)));
    const key = await upload(house, bytes, { name: `${MARK}-${n} ${WORD}.jpg`, type: 'image/jpeg' });
    keys.push(key);
    const named = await api('/api/v1/thread/messages', json({ receipt, text: sentence(n), files: [key] }));
    assert.equal(named.status, 201, named.text);
    const parts = multipart({ step: 'add', lang: 'en', receipt, text: sentence(n) }, { name: `${WORD} ${MARK}-${n}.ogg`, bytes });
    const added = await send('/receipt/files', parts.body, { type: parts.type, keep: n % 20 === 5, chunked: n % 30 === 5 });
    assert.equal(added.status, 201, added.text.slice(0, 300));
  }

  async function others() {
    const lines = Array.from({ length: 50 }, (_, i) => json({ id: `row-${i}`, language: 'ru', text: sentence(i) })).join('\n');
    const rows = await send('/api/v1/consultations/memory/submissions', lines, { type: 'application/x-ndjson', headers: { authorization: `Bearer ${bearer}` } });
    assert.equal(rows.status, 207, rows.text);
    // What is refused is forgotten as well.
    assert.equal((await api('/api/v1/reports', json({ kind: MARK, text: sentence(1) }))).status, 400);
    assert.equal((await api('/api/v1/reports', `{"text":"${sentence(2)}`)).status, 400);
    assert.equal((await send('/report', sentence(3), { type: `text/${MARK}` })).status, 415);
    const parts = multipart({ step: 'report', text: sentence(6) });
    assert.equal((await send('/report', parts.body, { type: parts.type, chunked: true })).status, 415);
    assert.equal((await api(`/${MARK}`, sentence(4))).status, 404);
    assert.equal((await api('/api/v1/reports', sentence(30).repeat(500))).status, 413);
    // Who leaves in the middle is forgotten too.
    const half = await begin(json({ text: sentence(5) }));
    half.destroy();
  }

  /** A request of which the end never comes: the line breaks a moment later. */
  function broken(line, headers, bytes) {
    return new Promise((done, fail) => {
      const socket = connect({ port: house.ports.intake, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        const all = { host: 'localhost', 'content-length': bytes.length + 9, ...headers };
        socket.write(`${line} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
        socket.write(bytes, () => setTimeout(() => socket.destroy(), 300));
      });
      socket.on('error', fail);
      socket.on('close', done);
    });
  }

  /** Half a report on a connection of its own. */
  function begin(body) {
    return new Promise((done, fail) => {
      const socket = connect({ port: house.ports.intake, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        socket.write(`POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body) + 1}\r\n\r\n${body}`);
        done(socket);
      });
      socket.on('error', fail);
    });
  }

  /** A second later: what the processes of the public door still hold of what was sent and given out. */
  async function remembered() {
    await pause(1000);
    const left = [];
    for (const { pid } of members('recourse-intake')) {
      const say = (what) => (found) => left.push(`${pid}: ${what} ${json(found)}`);
      const { total, found } = findTexts(pid, [MARK, WORD, bearer, ...PHONES.slice(0, 8)]);
      assert.ok(total > 1 << 18, `only ${total} bytes of ${pid} could be read`);
      found.forEach(say('text'));
      findPieces(pid, [MARK, WORD]).forEach(say('piece'));
      findTexts(pid, keys.slice(-40)).found.forEach(say('Idempotency-Key'));
      findDigits(pid, [...receipts, ...PHONES]).forEach(say('number'));
      findDigits(pid, receipts.slice(-1), 8).forEach(say('last receipt'));
    }
    return left;
  }

  it('the search finds what is there: a report that is still being sent', async () => {
    const socket = await begin(json({ text: `${sentence(30)}` }));
    const found = await until(() => members('recourse-intake').flatMap(({ pid }) => findTexts(pid, [MARK, WORD]).found), { ms: 5000, what: 'the half-sent report' }).then((all) => all);
    assert.ok(found.some(({ text }) => text === MARK) || found.length > 0, 'found');
    socket.destroy();
  });

  it(`${REPORTS} people report, read, add; partners send; a second later intake remembers nothing of it`, async () => {
    const next = Array.from({ length: REPORTS }, (_, i) => i);
    const person = async () => {
      while (next.length) await report(next.shift());
    };
    await Promise.all(Array.from({ length: 8 }, person));
    assert.deepEqual(await remembered(), []);
  });

  // What came last has the best chance to lie there still: on the stack, in a buffer that is kept for the next one.
  for (const [what, n] of [['with the form', 3], ['with a program, in chunks', 9], ['and read it again', 20], ['on a connection that stays open', 4]])
    it(`nor of the last one, who reported ${what}`, async () => {
      await report(n);
      assert.deepEqual(await remembered(), []);
    });

  it('nor of the files of the last one', async () => {
    await files(59, receipts.at(-1));
    assert.deepEqual(await remembered(), []);
  });

  it('nor of files that never came whole: a line that broke, a form that ended in the middle', async () => {
    const bytes = Buffer.from(`${sentence(7)} `.repeat(200));
    const key = randomBytes(18).toString('base64url'), headers = { 'tus-resumable': '1.0.0', 'upload-key': key };
    const begun = await ask(`${house.urls.intake}/api/v1/uploads`, { method: 'POST', body: '', headers: { ...headers, 'upload-length': String(bytes.length + 9), 'upload-metadata': `filename ${Buffer.from(`${MARK} ${WORD}`).toString('base64')}` } });
    assert.equal(begun.status, 201, begun.text);
    await broken(`PATCH ${begun.headers.location}`, { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, bytes);
    const parts = multipart({ step: 'add', lang: 'en', receipt: receipts.at(-1), text: sentence(8) }, { name: `${MARK} ${WORD}`, bytes });
    await broken('POST /receipt/files', { 'content-type': parts.type }, Buffer.from(parts.body).subarray(0, -500));
    assert.equal((await send('/receipt/files', parts.body.slice(0, -400), { type: parts.type })).status, 400);
    keys.push(key);
    assert.deepEqual(await remembered(), []);
  });

  it('nor of what was sent in vain', async () => {
    await others();
    assert.deepEqual(await remembered(), []);
  });

  async function gatewayRemembers() {
    await pause(1000);
    const left = [];
    for (const { pid } of members('recourse-sms')) {
      findTexts(pid, [MARK, WORD, STAFF]).found.forEach((f) => left.push(`${pid}: text ${json(f)}`));
      findPieces(pid, [MARK, WORD, STAFF]).forEach((f) => left.push(`${pid}: piece ${json(f)}`));
      findDigits(pid, PHONES).forEach((f) => left.push(`${pid}: number ${json(f)}`));
    }
    return left;
  }

  it('nor does the gateway of texts and numbers', async () => {
    const secret = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    for (const [i, from] of PHONES.entries()) {
      const answer = await ask(`${house.urls.smsPlain}/sms/kannel?key=${secret}&id=m-${i}&time=1795335793`, { body: sentence(i % 4), headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': `+${from}`, 'x-kannel-to': '12345' } });
      assert.equal(answer.status, 200);
    }
    assert.deepEqual(await gatewayRemembers(), []);
  });

  it('nor of the answers that it has sent', async () => {
    // Those that say the same are one item of the queue; a filter finds each.
    const { items } = await until(async () => ((all) => all.total >= 3 && all)((await officer('/queue?filter.channel=sms')).json()), { what: 'the texts' });
    for (const { case: id } of items.slice(0, 3))
      assert.equal((await officer(`/cases/${id}/answers`, { text: `${STAFF} `.repeat(20), language: 'en' })).status, 201);
    await until(() => sent.length >= 3, { ms: 30_000, what: 'three texts' });
    assert.deepEqual(await gatewayRemembers(), []);
  });

  it('nor the console of the case it has shown, nor the keys, nor who orders the audit log', async () => {
    const { items } = await until(async () => ((all) => all.total >= 10 && all)((await officer('/queue?filter.channel=api')).json()), { ms: 60_000, what: 'the queue' });
    assert.ok((await officer(`/cases/${items[0].case}`)).json().conversation[0].text.includes(MARK));
    for (const { case: id } of items.slice(0, 10)) {
      assert.equal((await officer(`/cases/${id}/answers`, { text: `${STAFF} `.repeat(20), language: 'en' })).status, 201);
      assert.ok((await officer(`/cases/${id}`)).text.includes(STAFF));
    }
    await pause(1000);
    const left = [];
    for (const name of ['recourse-triage', 'recourse-keys', 'recourse-intake'])
      for (const { pid, command } of members(name)) left.push(...findTexts(pid, [MARK, WORD, STAFF]).found.map((f) => `${command}: ${json(f)}`));
    assert.deepEqual(left, []);
  });
});
