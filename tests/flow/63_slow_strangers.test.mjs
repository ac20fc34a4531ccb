// Hundreds of strangers who only hold their connections: heads that never end, bodies that drip, answers that nobody reads.
// They are gone within 40 s, each for its own cause, and an honest person hardly notices. (tests/load/slow does the same
// with thousands, by slowhttptest.)
// Alone: measures how long an honest person waits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { honest, summary } from '../load/honest.mjs';
import { ask, pause, startInstallation, until } from '../support/installation.mjs';
import { holdIntake } from '../support/schema.mjs';

const HEADS = 120;
const BODIES = 120;
const READERS = 20;
const GONE_MS = 40_000;
let house;
before(async () => (house = await startInstallation()));
after(() => house?.stop());

async function metrics() {
  const { text } = await ask(`http://127.0.0.1:${house.ports.intakeHealth}/metrics`);
  return Object.fromEntries([...text.matchAll(/^recourse_http_(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

function stranger(first, drip) {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port: house.ports.intake, rejectUnauthorized: false }, () => {
      socket.write(first);
      if (drip) socket.dripping = setInterval(() => socket.write(drip), 2_000);
      else socket.pause();
      done(socket);
    });
    // Being cut off is what they came for.
    socket.on('error', fail);
    socket.on('close', () => clearInterval(socket.dripping));
  });
}

const many = (count, first, drip) => Promise.all(Array.from({ length: count }, () => stranger(first, drip)));

test('who only holds a connection loses it, and an honest person is served meanwhile', async () => {
  const api = `${house.urls.intake}/api/v1/reports`;
  const quietly = honest(api, { perSecond: 5 });
  await pause(5_000);
  const quiet = summary(await quietly.stop());
  const start = await metrics();

  const came = Date.now();
  const page = 'GET /report HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const sockets = (
    await Promise.all([
      many(HEADS, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ', 'a'),
      many(BODIES, 'POST /report HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8192\r\n\r\n', 'a=b&'),
      // More pages than the kernel keeps for who reads none.
      many(READERS, page.repeat(120)),
    ])
  ).flat();
  // A program that is slow is told so in the form that programs are told everything.
  const program = await stranger('POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8192\r\n\r\n', ' ');
  sockets.push(program);
  let told = '';
  program.on('data', (piece) => (told += piece));
  const last = Date.now();
  assert.ok((await metrics()).connections_open >= HEADS + BODIES + READERS - 4, 'they hold their connections');

  const person = honest(api, { perSecond: 5 });
  await pause(10_000);
  const held = summary(await person.stop());
  assert.equal(quiet.served, 1, 'all stored while it was quiet');
  assert.equal(held.served, 1, 'all stored while the strangers held on');
  assert.ok(held.p99 <= 2 * quiet.p99 + 500, `an honest p99 of ${held.p99} ms, ${quiet.p99} ms when it was quiet`);

  await until(async () => (await metrics()).connections_open <= start.connections_open, { ms: GONE_MS - (Date.now() - last), every: 500, what: 'the end of all slow connections' });
  const end = await metrics();
  assert.equal(end.end_slow_head_total - start.end_slow_head_total, HEADS);
  assert.equal(end.end_slow_body_total - start.end_slow_body_total, BODIES + 1);
  assert.equal(end.end_slow_reader_total - start.end_slow_reader_total, READERS);
  assert.ok(Date.now() - came < 60_000);
  const [head, text] = told.split('\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 408 .*\r\n/);
  holdIntake('POST', house.ports.intake, '/api/v1/reports', { status: 408, headers: { 'content-type': head.match(/^content-type: (.*)$/im)[1].trim() }, text });
  assert.equal(JSON.parse(text).type, '/problems/too-slow');
  for (const socket of sockets) socket.destroy();
});
