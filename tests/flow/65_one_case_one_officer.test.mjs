// Thirty-two officers take at once until nothing is left: every case is given, and none to two of them. With what is really run
// (./test release) ten thousand cases; under sanitizers three hundred.
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { isSanitized } from '../support/memory.mjs';

const TAKERS = 32, SENDERS = 16, PEOPLE = 4;
let house, agent, cases, tokens;

before(async () => {
  house = await startInstallation();
  cases = isSanitized(join(house.build, 'recourse-vault')) ? 300 : 10_000;
  agent = new Agent({ keepAlive: true, maxSockets: TAKERS, rejectUnauthorized: false });
  tokens = Array.from({ length: PEOPLE }, (_, n) => {
    house.cli('staff', 'add', '--name', `Officer ${n}`, '--role', 'officer');
    return house.token(`Officer ${n}`);
  });
});
after(async () => {
  agent?.destroy();
  await house?.stop();
});

const staff = (path, token, more) => ask(`${house.urls.console}/api/v1${path}`, { agent, headers: { authorization: `Bearer ${token}` }, ...more });

test('no case is given to two, and none is left', { timeout: 240_000 }, async () => {
  let sent = 0;
  const send = async () => {
    for (let n = sent++; n < cases; n = sent++) {
      // No two say nearly the same, or else they would be one item.
      const words = Array.from({ length: 12 }, (_, i) => `w${(n * 7919 + i * 104_729) % 1_000_003}`).join(' ');
      const { status, text } = await ask(`${house.urls.intake}/api/v1/reports`, { agent, body: { kind: 'grievance', language: 'en', text: words } });
      assert.equal(status, 201, text);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  await until(async () => (await staff('/queue?limit=1', tokens[0])).json().total === cases, { ms: 120_000, every: 300, what: 'all of them in the queue' });

  const given = new Map();
  const take = async (_, n) => {
    for (;;) {
      const answer = await staff('/queue/take', tokens[n % PEOPLE], { method: 'POST', body: {} });
      if (answer.status === 204) return;
      assert.equal(answer.status, 200, answer.text);
      const { case: id, taken_by: by } = answer.json();
      assert.ok(!given.has(id), 'given to two');
      assert.equal(by, `Officer ${n % PEOPLE}`);
      given.set(id, by);
    }
  };
  await Promise.all(Array.from({ length: TAKERS }, take));
  assert.equal(given.size, cases);
});
