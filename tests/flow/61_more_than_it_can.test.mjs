// More people at once than the database takes: it stands still, every place for a request fills, and whoever finds none is
// told 503 and when to come back, soon and on a connection that stays. When it goes on, those in the places are answered.
// (tests/load/overload measures how much of the peak is left at ten times the load.)
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { oneReport } from '../load/honest.mjs';
import { ask, pause, startInstallation } from '../support/installation.mjs';

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
    return { ...answer, ms: Date.now() - began, at: Date.now() };
  };
  // Everyone is there before it begins.
  await Promise.all(Array.from({ length: CROWD }, () => ask(`${house.urls.intake}/nothing`, { agent })));

  const goOn = house.freezeDatabase();
  const thaw = pause(5_000).then(() => {
    goOn();
    return Date.now();
  });
  const answers = await Promise.all(Array.from({ length: CROWD }, tell));
  const thawed = await thaw;
  const told = answers.filter((one) => one.status === 503);
  const stored = answers.filter((one) => one.status === 201);
  assert.equal(told.length + stored.length, CROWD, 'nothing but 201 and 503');
  assert.ok(told.length >= CROWD - PLACES, `${told.length} were told 503`);
  assert.ok(stored.length >= PLACES / 2, `${stored.length} were stored`);
  for (const one of told) {
    assert.equal(one.headers['retry-after'], '5');
    assert.notEqual(one.headers.connection, 'close');
  }
  assert.ok(told.filter((one) => one.at < thawed).length >= CROWD - PLACES, 'told while the database stood still');
  assert.equal(Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim()), stored.length);

  // And they come back when they were told to.
  const again = await Promise.all(Array.from({ length: 50 }, tell));
  assert.deepEqual([...new Set(again.map((one) => one.status))], [201]);
  agent.destroy();
});
