// Whatever a program does wrong at intake's API, and whatever intake cannot do for it, is said in one form: a problem document
// (RFC 9457) whose `type` is of the list in docs/api.md, with the field at fault where there is one. So is what HTTP itself
// refuses, before anybody looked at the request. Nothing of it is stored, and what was sent is never quoted.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { ask, root, startInstallation, until } from '../support/installation.mjs';
import { against, holdIntake } from '../support/schema.mjs';

const CANARY = 'canary-wrong geese on the wall';
const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const ROUND = '/consultations/wells/submissions';
const HOST = 'Host: localhost\r\n';

/** [status, type]: text of a request, byte for byte. What follows the last line is the body. */
const ON_THE_WIRE = [
  [400, 'malformed', `POST /api/v1/reports HTTP/1.1\r\n${HOST}${HOST}Content-Length: 0\r\n\r\n`],
  [400, 'malformed', `POST /api/v1/reports HTTP/1.1\r\n${HOST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  [400, 'malformed', `POST /api/v1/reports HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}`],
  [400, 'malformed', `GET /api/v1/%00 HTTP/1.1\r\n${HOST}\r\n`],
  [400, 'malformed', `GET /api/v1/openapi.json HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n{}`],
  [400, 'malformed', `POST /api/v1/reports HTTP/1.1\r\n${HOST}X: a\u0001b\r\n\r\n`],
  [404, 'not-found', `GET https://localhost/api/v1/nowhere HTTP/1.1\r\n${HOST}\r\n`],
  [411, 'length', `POST /api/v1/reports HTTP/1.0\r\nContent-Type: application/json\r\n\r\n`],
  [411, 'length', `POST /api/v1/thread HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n\r\n`],
  [413, 'too-large', `POST /api/v1/reports HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 262145\r\n\r\n`],
  [413, 'too-large', `POST /api/v1/reports HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n40001\r\n${'x'.repeat(0x40001)}\r\n0\r\n\r\n`],
  [414, 'too-large', `GET /api/v1/${'x'.repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`],
  [417, 'expectation', `POST /api/v1/reports HTTP/1.1\r\n${HOST}Content-Length: 2\r\nExpect: tea\r\n\r\n{}`],
  [431, 'too-large', `GET /api/v1/openapi.json HTTP/1.1\r\n${HOST}X: ${'x'.repeat(17_000)}\r\n\r\n`],
  [431, 'too-large', `GET /api/v1/openapi.json HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(101)}\r\n`],
  [501, 'not-implemented', `BREW /api/v1/reports HTTP/1.1\r\n${HOST}\r\n`],
  [501, 'not-implemented', `POST /api/v1/reports HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  [505, 'version', `GET /api/v1/openapi.json HTTP/2.0\r\n${HOST}\r\n`],
];

const report = (more) => ({ kind: 'grievance', language: 'en', text: CANARY, ...more });
const key = (value) => ({ 'idempotency-key': value });
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

/** [status, type, field]: path, body, headers. A body that is no object is sent as it stands. */
const ASKED = [
  [400, 'malformed', undefined, '/reports', '{"text":'],
  [400, 'malformed', undefined, '/reports', ''],
  [400, 'malformed', undefined, '/reports', '[]'],
  [400, 'malformed', undefined, '/reports', '{"text":"a"} {"text":"b"}'],
  [400, 'malformed', undefined, '/reports', '{"text":"a","text":"b"}'],
  [400, 'malformed', undefined, '/reports', '['.repeat(500)],
  [400, 'malformed', undefined, '/reports', bytes('{"text":"', [0xff, 0xfe], '"}')],
  [400, 'malformed', undefined, '/reports', bytes('{"text":"', [0xed, 0xa0, 0x80], '"}')],
  [400, 'malformed', undefined, '/reports', bytes('{"text":"a', [0], '"}')],
  [400, 'malformed', undefined, '/reports', '{"text":"a\\u0000b"}'],
  [400, 'malformed', undefined, '/reports', '{"text":"\\ud800"}'],
  [400, 'malformed', 'text', '/reports', {}],
  [400, 'malformed', 'text', '/reports', { text: '' }],
  [400, 'malformed', 'text', '/reports', { text: 7 }],
  [400, 'malformed', 'text', '/reports', { text: 'x'.repeat(20_001) }],
  [400, 'malformed', 'kind', '/reports', report({ kind: 'revenge' })],
  [400, 'malformed', 'language', '/reports', report({ language: 'tlhIngan Hol' })],
  [400, 'malformed', 'language', '/reports', report({ language: 'x'.repeat(36) })],
  [400, 'malformed', 'desk', '/reports', report({ desk: 'nowhere' })],
  [400, 'malformed', 'desk', '/reports', report({ desk: 'a desk of a very long name' })],
  [400, 'malformed', 'read_back', '/reports', report({ read_back: 'yes' })],
  [400, 'malformed', 'answers', '/reports', report({ answers: [] })],
  [400, 'malformed', 'answers.people_high', '/reports', report({ answers: { people_low: 9, people_high: 3 } })],
  [400, 'malformed', 'answers.people_low', '/reports', report({ answers: { people_low: -1 } })],
  [400, 'malformed', 'answers.groups', '/reports', report({ answers: { groups: ['A B'] } })],
  [400, 'malformed', 'answers.where', '/reports', report({ answers: { where: '\u{1f40c}'.repeat(501) } })],
  [400, 'malformed', 'contact.number', '/reports', report({ contact: { how: 'sms' } })],
  [400, 'malformed', 'contact.email', '/reports', report({ contact: { how: 'email', email: 'nobody' } })],
  [400, 'malformed', 'on_behalf_of.consent', '/reports', report({ on_behalf_of: { consent: 'perhaps' } })],
  ...['short', 'x'.repeat(21), 'x'.repeat(129), `${'x'.repeat(22)}!`, '0'.repeat(32), 'c232ab00-9414-11ec-b3c8-9f6bdeced846', '00000000-0000-4000-8000-000000000000'].flatMap((weak) => [
    [400, 'weak-key', 'Idempotency-Key', '/reports', report(), key(weak)],
    [400, 'weak-key', 'Idempotency-Key', '/thread/messages', { receipt: 'x', text: 'x' }, key(weak)],
  ]),
  [400, 'malformed', 'receipt', '/thread', {}],
  [400, 'malformed', 'receipt', '/thread', { receipt: '1234' }],
  [400, 'malformed', 'receipt', '/thread', { receipt: '1234 5678 9012 3456 7890 1234 5679' }],
  [400, 'malformed', 'receipt', '/thread/messages', { receipt: 'x'.repeat(2000), text: 'x' }],
  [400, 'malformed', 'act', '/thread/messages', { receipt: '1234 5678 9012 3456 7890 1234 5678', act: 'dance' }],
  [400, 'malformed', 'text', '/thread/messages', { receipt: '1234 5678 9012 3456 7890 1234 5678' }],
  [400, 'malformed', 'language', '/thread/messages', { receipt: '1234 5678 9012 3456 7890 1234 5678', text: 'x', language: '12' }],
  [404, 'unknown-receipt', 'receipt', '/thread', { receipt: '1234 5678 9012 3456 7890 1234 5678' }],
  [404, 'unknown-receipt', 'receipt', '/thread/messages', { receipt: '1234 5678 9012 3456 7890 1234 5678', text: 'x' }],
  [404, 'not-found', undefined, '/nowhere', {}],
  [404, 'not-found', undefined, '/reports/', {}],
  [413, 'too-large', undefined, '/reports', 'x'.repeat(256 * 1024 + 1)],
  [413, 'too-large', undefined, '/thread/messages', 'x'.repeat(256 * 1024 + 1)],
  [413, 'too-large', undefined, '/thread', 'x'.repeat(64 * 1024 + 1)],
  [415, 'media-type', undefined, '/reports', 'text=x', { 'content-type': 'application/x-www-form-urlencoded' }],
  [415, 'media-type', undefined, '/thread', '{}', { 'content-type': 'application/jsonp' }],
  [415, 'media-type', undefined, '/thread/messages', '{}', { 'content-type': 'text/plain' }],
  [401, 'token', undefined, ROUND, {}],
  [401, 'token', undefined, ROUND, {}, { authorization: 'Bearer nobody' }],
];

/** The same of a partner: its token goes with them. */
const PARTNERED = [
  [403, 'scope', undefined, ROUND, {}, 'other'],
  [404, 'not-found', undefined, '/consultations/nowhere/submissions', {}],
  [404, 'not-found', undefined, `/consultations/${'x'.repeat(128)}/submissions`, {}],
  [404, 'not-found', undefined, `/consultations/${'x'.repeat(129)}/submissions`, {}],
  [409, 'round-closed', undefined, '/consultations/past/submissions', {}],
  [415, 'media-type', undefined, ROUND, 'a,b', 'delta', { 'content-type': 'text/csv' }],
  [400, 'malformed', undefined, ROUND, '{"text":', 'delta'],
  [400, 'malformed', 'text', ROUND, { id: 'r1' }],
  [400, 'malformed', 'answers', ROUND, { id: 'r1', text: 'x', answers: 'x' }],
  [400, 'malformed', 'id', ROUND, { id: 'x'.repeat(129), text: 'x' }],
];

describe('the API says what is wrong', () => {
  let house;
  const tokens = {};
  const told = new Map();
  before(async () => {
    house = await startInstallation();
    const last = (text) => text.trim().split('\n').pop();
    tokens.delta = last(house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation'));
    tokens.other = last(house.cli('partner', 'add', 'Other', '--scopes', 'something-else'));
    const round = (code, opens, closes) => house.cli('round', 'add', '--code', code, '--title', code, '--question', 'Which?', '--opens', `${opens}T00:00:00Z`, '--closes', `${closes}T00:00:00Z`);
    round('wells', '2026-01-01', '2099-01-01');
    round('past', '2020-01-01', '2020-02-01');
  });
  after(() => house?.stop({ canaries: [CANARY] }));

  const rows = () => house.superuserQuery('SELECT (SELECT count(*) FROM recourse.sealed_case), (SELECT count(*) FROM recourse.message WHERE author = 1), (SELECT count(*) FROM recourse.once_record)').trim();

  /** The problem that an answer is; that it is one as described was seen to when it was asked. */
  function problem(answer, [status, type, field], where) {
    assert.equal(answer.status, status, `${where}: ${answer.text}`);
    assert.equal(answer.headers['content-type'], 'application/problem+json', where);
    const said = JSON.parse(answer.text);
    assert.deepEqual([said.type, said.field], [`/problems/${type}`, field], `${where}: ${answer.text}`);
    assert.match(said.detail, /^[A-Z\w][^\n]*\.$/, `${where}: a sentence`);
    assert.notEqual(said.title, 'Error');
    assert.ok(!answer.text.includes('canary') && !/x{9}/.test(answer.text), `${where}: what was sent is quoted`);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    told.set(said.type, (told.get(said.type) ?? new Set()).add(status));
    return said;
  }

  /** Bytes as they are; the answer to them, held as ask() does. */
  function wire(text) {
    const [method, path] = text.split(' ');
    return new Promise((done, fail) => {
      const pieces = [];
      const socket = connect({ host: '127.0.0.1', port: house.ports.intake, rejectUnauthorized: false, servername: 'localhost' }, () => socket.end(text));
      socket.on('data', (piece) => pieces.push(piece));
      socket.on('error', fail);
      socket.on('close', () => {
        const [head, body] = Buffer.concat(pieces).toString('utf8').split('\r\n\r\n');
        const [first, ...lines] = head.split('\r\n');
        const answer = { status: Number(first.split(' ')[1]), headers: Object.fromEntries(lines.map((line) => [line.split(': ')[0].toLowerCase(), line.slice(line.indexOf(': ') + 2)])), text: body };
        try {
          holdIntake(method, house.ports.intake, path.replace(/^https:\/\/localhost/, ''), answer);
          done(answer);
        } catch (cause) {
          fail(cause);
        }
      });
    });
  }

  it('and what it says is looked at by every test: an answer that was not described is a fault', async () => {
    const document = (await ask(`${house.urls.intake}/api/v1/openapi.json`)).json();
    assert.deepEqual(document, JSON.parse(readFileSync(join(root, 'intake/pages/openapi.json'), 'utf8')), 'what tests hold answers against is what is served');
    const api = against(document);
    const good = { status: 201, headers: { 'content-type': JSON_TYPE }, text: '{"receipt":"1234 5678 9012 3456 7890 1234 5678"}' };
    const busy = { status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': '5' }, text: '{"type":"/problems/busy","title":"x","status":503,"detail":"x"}' };
    for (const answer of [good, busy]) api.hold('POST', '/api/v1/reports', answer);
    for (const answer of [
      { ...good, status: 202 },
      { ...good, text: '{"receipt":"1234 5678 9012 3456 7890 1234 5678","row":1}' },
      { ...good, text: '{}' },
      { ...good, headers: { 'content-type': 'text/html' } },
      { ...busy, headers: { 'content-type': 'application/problem+json' } },
      { ...busy, text: busy.text.replace('busy', 'method') },
      { ...busy, text: busy.text.replace('503', '500') },
      { ...busy, status: 418, text: busy.text.replace('503', '418') },
    ])
      assert.throws(() => api.hold('POST', '/api/v1/reports', answer), JSON.stringify(answer));
    assert.throws(() => api.hold('GET', '/api/v1/nowhere', { ...busy, headers: { 'content-type': 'text/html' } }));
  });

  it('of what HTTP itself refuses', async () => {
    for (const [status, type, text] of ON_THE_WIRE) {
      const answer = await wire(text);
      problem(answer, [status, type], text.slice(0, 120));
    }
    // Who is no program is shown a page.
    for (const text of [`BREW /report HTTP/1.1\r\n${HOST}\r\n`, `GET /apiary HTTP/1.1\r\n${HOST}\r\n`, `GET /x?/api/ HTTP/2.0\r\n${HOST}\r\n`]) assert.match((await wire(text)).headers['content-type'], /^text\/html/, text);
  });

  it('of methods that an address does not take, with those that it takes', async () => {
    for (const [path, allowed] of [['/reports', 'POST, OPTIONS'], ['/thread', 'POST, OPTIONS'], ['/thread/messages', 'POST, OPTIONS'], [ROUND, 'POST, OPTIONS'], ['/openapi.json', 'GET, HEAD, OPTIONS']]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !allowed.includes(each))) {
        const answer = await ask(`${house.urls.intake}/api/v1${path}`, { method });
        problem(answer, [405, 'method'], `${method} ${path}`);
        assert.equal(answer.headers.allow, allowed);
      }
      const answer = await ask(`${house.urls.intake}/api/v1${path}`, { method: 'OPTIONS' });
      assert.deepEqual([answer.status, answer.headers.allow], [204, allowed]);
    }
  });

  it('of bodies and headers, with the field at fault; and stores nothing of them', async () => {
    const before = rows();
    const asked = ASKED.map((row) => ({ row, path: row[3], body: row[4], headers: row[5] ?? {} }));
    const partnered = PARTNERED.map((row) => ({ row, path: row[3], body: row[4], headers: { authorization: `Bearer ${tokens[row[5] ?? 'delta']}`, ...row[6] } }));
    for (const { row, path, body, headers } of [...asked, ...partnered]) {
      const answer = await ask(`${house.urls.intake}/api/v1${path}`, { method: 'POST', body, headers: { 'content-type': JSON_TYPE, ...headers } });
      problem(answer, row, `${path} ${JSON.stringify(body).slice(0, 100)} ${JSON.stringify(headers)}`);
      assert.equal(answer.headers['www-authenticate'], row[0] === 401 ? 'Bearer' : undefined);
    }
    assert.equal(rows(), before);
  });

  it('of a key that came with another body, for reports and for messages', async () => {
    const [one, two] = [key(randomUUID()), key(randomUUID())];
    const post = (path, body, headers) => ask(`${house.urls.intake}/api/v1${path}`, { body, headers });
    const { receipt } = (await post('/reports', report(), one)).json();
    problem(await post('/reports', report({ text: `${CANARY} twice` }), one), [422, 'key-reused', 'Idempotency-Key'], 'a report');
    assert.equal((await post('/thread/messages', { receipt, text: CANARY }, two)).status, 201);
    problem(await post('/thread/messages', { receipt, text: `${CANARY} twice` }, two), [422, 'key-reused', 'Idempotency-Key'], 'a message');
    assert.equal((await post('/reports', report(), one)).json().receipt, receipt);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim() === '0', { what: 'an empty inbox' });
    assert.equal(rows(), '1|2|2');
  });

  it('of lines, each with its own verdict', async () => {
    const lines = ['{"id":"a","text":"x"}', '{"text":"x"}', 'nothing', `{"id":"c","text":"${'x'.repeat(65 * 1024)}"}`, '{"id":"a","text":"x"}', '{"id":"d","text":"\\u0000"}'];
    const answer = await ask(`${house.urls.intake}/api/v1${ROUND}`, { body: lines.join('\n'), headers: { 'content-type': NDJSON, authorization: `Bearer ${tokens.delta}` } });
    assert.equal(answer.status, 207);
    assert.deepEqual(answer.text.trim().split('\n').map((line) => JSON.parse(line)).map(({ line, id, status, error }) => [line, id, status, error === null]), [[1, 'a', 201, true], [2, null, 400, false], [3, null, 400, false], [4, null, 413, false], [5, 'a', 200, true], [6, null, 400, false]]);
  });

  it('of a token that was taken away, and of rounds as the operator reads them', async () => {
    const send = (token) => ask(`${house.urls.intake}/api/v1${ROUND}`, { body: { id: 'ended', text: 'x' }, headers: { authorization: `Bearer ${token}` } });
    const bearer = house.cli('partner', 'add', 'Lost and Found', '--scopes', 'consultation').trim().split('\n').pop();
    assert.equal((await send(bearer)).status, 201);
    assert.match(house.cli('partner', 'end', 'Lost and Found'), /has ended/);
    problem(await send(bearer), [401, 'token', undefined], 'a token that has ended');
    assert.match(house.cli('partner', 'list'), /ended +consultation +Lost and Found/);
    assert.throws(() => house.cli('partner', 'end', 'Nobody'), /No organisation of that name/);
    assert.match(house.cli('round', 'list'), /wells +2026-01-01T00:00:00Z to 2099-01-01T00:00:00Z/);
  });

  it('and each type of the list was told here, but for files (31), what takes too long (63), what cannot be stored now (04) and faults of ours', () => {
    const { components } = JSON.parse(readFileSync(join(root, 'intake/pages/openapi.json'), 'utf8'));
    const listed = components.schemas.Problem.properties.type.enum;
    assert.deepEqual(listed.filter((type) => !told.has(type)), ['/problems/too-slow', '/problems/conflict', '/problems/offset', '/problems/tus-version', '/problems/files', '/problems/fault', '/problems/busy']);
    assert.deepEqual([...told.get('/problems/too-large')].sort(), [413, 414, 431]);
    const table = readFileSync(join(root, 'docs/api.md'), 'utf8');
    assert.deepEqual([...table.matchAll(/^\| `(\/problems\/[a-z-]+)` \|/gm)].map(([, type]) => type).sort(), [...listed].sort(), 'docs/api.md lists them');
  });
});
