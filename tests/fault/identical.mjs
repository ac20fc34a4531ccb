// A thousand times the same report under the same key, all at once and to both workers, every fourth on a connection that breaks
// before the answer (in the middle of the body, or behind it) and comes again: stored once, one receipt for all. Then once more
// while the database stands still: a thousand acknowledged from the spool, and stored once when it goes on.
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { randomUUID } from 'node:crypto';
import { ownDatabase, pause, spoolBytes, sum, until } from './harness.mjs';
import { countStored, post, wordsOf } from '../support/journal.mjs';
import { processesOf } from '../support/installation.mjs';

const AT_ONCE = 1000;
const BREAKS = 4; // every fourth
const MANY = 60; // descriptors of a worker that has its share of the connections

/** Sends half of it, or all; hears nothing. */
function broken(port, body, headers, isWhole) {
  return new Promise((done) => {
    const text = JSON.stringify(body);
    const req = request({ host: '127.0.0.1', port, path: '/api/v1/reports', method: 'POST', agent: false, rejectUnauthorized: false, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers } });
    req.on('error', () => {}).on('close', done);
    req.write(isWhole ? text : text.slice(0, text.length / 2), () => setTimeout(() => req.destroy(), Math.random() * 50));
  });
}

/** The most descriptors that each process of intake has had open, looked at until `over`: of the workers, many connections. */
async function held(house, over) {
  const most = new Map();
  const workers = processesOf(house.dir).filter(({ command }) => /recourse-intake .*etc\/intake\.ini/.test(command));
  for (let isOver = false; !isOver; isOver = await Promise.race([over.then(() => true), pause(50)]) === true)
    for (const { pid } of workers)
      try {
        most.set(pid, Math.max(most.get(pid) ?? 0, readdirSync(`/proc/${pid}/fd`).length));
      } catch {
        // Not ours to look at, or gone.
      }
  return [...most.values()];
}

async function allAtOnce(place, say, where) {
  const key = randomUUID();
  const agent = new Agent({ keepAlive: false, maxSockets: AT_ONCE });
  const headers = { 'idempotency-key': key };
  const body = { kind: 'grievance', language: 'en', text: wordsOf(key), read_back: true };
  const { intake } = place.house.ports;
  const strange = [];
  async function one(number) {
    if (number % BREAKS === 0) await broken(intake, body, headers, number % (2 * BREAKS) === 0);
    for (;;) {
      const answer = await post(intake, '/api/v1/reports', body, { agent, headers });
      if (answer.status === 201) return JSON.parse(answer.text).receipt;
      if (answer.status !== 0 && answer.status !== 503) strange.push(answer.status);
      if (strange.length) return null;
      await pause(100 + Math.random() * 400);
    }
  }
  const before = countStored(place.query);
  const thaw = where === 'spool' ? place.house.freezeDatabase() : () => {};
  let receipts, workers;
  try {
    const all = Promise.all(Array.from({ length: AT_ONCE }, (_, number) => one(number)));
    const watched = held(place.house, all);
    receipts = new Set(await all);
    workers = await watched;
  } finally {
    thaw();
  }
  await until(async () => !(await spoolBytes(place.house)), { ms: 60_000, what: 'an empty spool' });
  const [cases, rows, partial] = countStored(place.query).map((count, i) => count - before[i]);
  say(`${AT_ONCE} at once, ${where}: ${receipts.size} receipt, ${cases} case, ${rows} message, descriptors ${workers.join(' ')}`);
  const problems = workers.filter((count) => count > MANY).length < 2 ? [`one worker had them all: ${workers.join(' ')}`] : [];
  return { problems, acknowledged: 1, lost: cases < 1 || rows < 1 ? 1 : 0, twice: Math.max(0, cases - 1, rows - 1, receipts.size - 1), torn: partial, unexpected: strange.length };
}

async function rounds(place, times, say) {
  let total = {};
  for (let done = 0; done < times; done++) for (const where of ['database', 'spool']) total = sum(total, await allAtOnce(place, say, where));
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
