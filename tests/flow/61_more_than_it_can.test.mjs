// More people at once than the database takes: it stands still, every place for a request fills, and whoever finds none is
// told 503 and when to come back, soon and on a connection that stays. When it goes on, those in the places are answered.
// (tests/load/overload measures how much of the peak is left at ten times the load.)
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { oneReport } from '../load/honest.mjs';
import { ask, pause, startInstallation, until } from '../support/installation.mjs';

const CROWD = 800; // two workers with 256 places each, and the kernel does not deal evenly
const PLACES = 512;
let house;
before(async () => (house = await startInstallation()));
after(() => house?.stop());

test('who finds no place is told so; who has one is stored when the database goes on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: CROWD });
  const url = `${house.urls.intake}/api/v1/reports`;
  const tell = async () => {
    const began = Date.now();
    const answer = await ask(url, { body: oneReport('Nobody listens.'), headers: { 'content-type': 'application/json' }, agent });
    return { ...answer, ms: Date.now() - began };
  };
  // Everyone is there before it begins.
  await Promise.all(Array.from({ length: CROWD }, () => ask(`${house.urls.intake}/nothing`, { agent })));

  const goOn = house.freezeDatabase();
  pause(5_000).then(goOn);
  const answers = await Promise.all(Array.from({ length: CROWD }, tell));
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
  await until(() => rows() === stored.length, { what: 'as many rows as were promised' });

  // And they come back when they were told to.
  const again = await Promise.all(Array.from({ length: 50 }, tell));
  assert.deepEqual([...new Set(again.map((one) => one.status))], [201]);
  agent.destroy();
});
