// More people at once than the database takes: it stands still, every place for a request fills, and whoever finds none is
// told 503 and when to come back, soon and on a connection that stays. When it goes on, those in the places are answered.
// What was stored is then opened, and once more by a vault that begins again.
// (tests/load/overload measures how much of the peak is left at ten times the load.)
// Alone: fills every place, and measures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { oneReport } from '../load/honest.mjs';
import { ask, pause, processesOf, startInstallation, until } from '../support/installation.mjs';

const CROWD = 700; // two workers with 256 places each, and the kernel does not deal evenly
const PLACES = 512;
let house;
before(async () => (house = await startInstallation()));
after(() => house?.stop());

test('who finds no place is told so; who has one is stored when the database goes on', async () => {
  const agents = Array.from({ length: CROWD }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const url = `${house.urls.intake}/api/v1/reports`;
  const tell = async (agent) => {
    const began = Date.now();
    const request = { body: oneReport('Nobody listens.'), headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() }, agent };
    // A kept connection may end, being idle, just as it is used again: every client has to reckon with that.
    const answer = await ask(url, request).catch(() => ask(url, request));
    return { ...answer, ms: Date.now() - began };
  };
  // As many as can be are there before it begins: handshakes take a slow machine longer than the database stands still.
  const come = (agent) => ask(`${house.urls.intake}/nothing`, { agent }).catch(() => null);
  for (let there = 0; there < CROWD; there += 50) await Promise.all(agents.slice(there, there + 50).map(come));

  const goOn = house.freezeDatabase();
  const goesOn = pause(5_000).then(goOn);
  const answers = await Promise.all(agents.map(tell));
  await goesOn;
  const told = answers.filter((one) => one.status === 503);
  const stored = answers.filter((one) => one.status === 201);
  assert.equal(told.length + stored.length, CROWD, 'nothing but 201 and 503');
  // Each of the two workers has its places full, however unevenly the kernel has dealt.
  assert.ok(stored.length >= PLACES / 2, `${stored.length} were stored`);
  for (const one of answers) assert.ok(one.ms < 15_000, `${one.status} after ${one.ms} ms`);
  for (const one of told) {
    assert.equal(one.headers['retry-after'], '5');
    assert.notEqual(one.headers.connection, 'close');
  }
  const rows = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
  await until(() => rows() === stored.length, { ms: 40_000, what: 'as many rows as were promised' });

  // And they come back when they were told to.
  const again = await Promise.all(agents.slice(0, 50).map(tell));
  assert.deepEqual([...new Set(again.map((one) => one.status))], [201]);
  for (const agent of agents) agent.destroy();
});

test('a vault that begins again gives out cases at once, and a search says how many of them it has read', async () => {
  const token = house.token(house.officer.name);
  const staff = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${token}` } });
  const search = async () => (await staff('/search', { words: 'listens' })).json();
  const known = Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
  await until(async () => (await search())?.cases === known, { ms: 60_000, what: 'all to be opened' });
  for (const { pid, command } of processesOf(house.dir)) if (command.includes('etc/vault-usual.ini')) process.kill(pid, 'SIGKILL');
  const answers = [];
  await until(async () => answers[answers.push(await search()) - 1]?.cases === known, { ms: 60_000, every: 5, what: 'the queue to be back' });
  answers.splice(0, answers.length - 1);
  assert.equal((await staff('/queue/take', {})).status, 200, 'the queue works meanwhile');
  await until(async () => answers[answers.push(await search()) - 1].read === known, { every: 20, ms: 60_000, what: 'the index to be full' });
  assert.ok(answers[0].read < known, `it had read all ${known} already`);
  for (const { partial, read, cases, total } of answers) {
    assert.equal(cases, known);
    assert.equal(partial, read < known);
    assert.ok(total <= known);
  }
  assert.equal(answers.at(-1).total, known);
});
