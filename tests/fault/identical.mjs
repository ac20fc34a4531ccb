// A thousand times the same report under the same key, all at once: stored once, one receipt for all.
import { Agent } from 'node:https';
import { randomUUID } from 'node:crypto';
import { ownDatabase, pause } from './harness.mjs';
import { countStored, post, wordsOf } from '../support/journal.mjs';

const AT_ONCE = 1000;

async function allAtOnce(place, say) {
  const key = randomUUID();
  const agent = new Agent({ keepAlive: false, maxSockets: AT_ONCE });
  const body = { kind: 'grievance', language: 'en', text: wordsOf(key), read_back: true };
  const strange = [];
  async function one() {
    for (;;) {
      const answer = await post(place.house.ports.intake, '/api/v1/reports', body, { agent, headers: { 'idempotency-key': key } });
      if (answer.status === 201) return JSON.parse(answer.text).receipt;
      if (answer.status !== 0 && answer.status !== 503) strange.push(answer.status);
      if (strange.length) return null;
      await pause(100 + Math.random() * 400);
    }
  }
  const before = countStored(place.query);
  const receipts = new Set(await Promise.all(Array.from({ length: AT_ONCE }, one)));
  const [cases, rows, partial] = countStored(place.query).map((count, i) => count - before[i]);
  say(`${AT_ONCE} at once: ${receipts.size} receipt, ${cases} case, ${rows} message`);
  return { acknowledged: 1, lost: cases < 1 || rows < 1 ? 1 : 0, twice: Math.max(0, cases - 1, rows - 1, receipts.size - 1), torn: partial, unexpected: strange.length };
}

async function rounds(place, times, say) {
  let total = { acknowledged: 0, lost: 0, twice: 0, torn: 0, unexpected: 0 };
  for (let done = 0; done < times; done++) {
    const one = await allAtOnce(place, say);
    for (const name of Object.keys(total)) total[name] += one[name];
  }
  return { ...total, times };
}

export default {
  name: 'identical',
  title: '1,000 identical submissions at once',
  times: { short: 1, long: 50 },
  perRound: 5,
  missing: () => '',
  begin: () => ownDatabase(),
  round: rounds,
};
