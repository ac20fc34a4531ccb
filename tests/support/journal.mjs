// Clients that keep a journal of their own: synced to disk before and after each request, so that what the server acknowledged
// can be held against what it has. judge() does so, from the file.
import { closeSync, fdatasync, openSync, readFileSync, write } from 'node:fs';
import { Agent, request } from 'node:https';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { holdIntake } from './schema.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const [writeAll, sync] = [promisify(write), promisify(fdatasync)];
const GIVE_UP_MS = 90_000; // behind the end, for what was begun: longer than any restart

/** One answer; status 0 when none came, with the time it took. */
export function post(port, path, body, { agent, headers = {}, timeout = 30_000 } = {}) {
  return new Promise((done, fail) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const begun = Date.now();
    const end = (answer) => done({ ...answer, ms: Date.now() - begun });
    const req = request(
      { host: '127.0.0.1', port, path, method: 'POST', agent, rejectUnauthorized: false, timeout, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers } },
      (res) => {
        const pieces = [];
        res.on('data', (d) => pieces.push(d));
        res.on('end', () => {
          const answer = { status: res.statusCode, headers: res.headers, text: Buffer.concat(pieces).toString('utf8') };
          try {
            holdIntake('POST', port, path, answer);
            end(answer);
          } catch (cause) {
            fail(cause);
          }
        });
        res.on('error', () => end({ status: 0 }));
      },
    );
    req.on('timeout', () => req.destroy());
    req.on('error', () => end({ status: 0 }));
    req.end(text);
  });
}

/** Lines of a file; written() is over when they are on the disk. What comes meanwhile shares the next sync. */
export class Journal {
  constructor(path) {
    this.file = openSync(path, 'a');
    this.waiting = [];
  }

  written(line) {
    return new Promise((done, fail) => {
      this.waiting.push({ line, done, fail });
      if (!this.running) this.running = this.#run();
    });
  }

  async #run() {
    while (this.waiting.length) {
      const batch = this.waiting.splice(0);
      try {
        const bytes = Buffer.from(batch.map(({ line }) => `${line}\n`).join(''));
        for (let at = 0; at < bytes.length; ) at += (await writeAll(this.file, bytes, at)).bytesWritten ?? bytes.length;
        await sync(this.file);
        batch.forEach(({ done }) => done());
      } catch (cause) {
        batch.forEach(({ fail }) => fail(cause));
      }
    }
    this.running = null;
  }

  async close() {
    await this.running;
    closeSync(this.file);
  }
}

export const wordsOf = (key) => `Report ${key}: the well behind the school is locked. خزان الماء 水井`;

/** `clients` people report one after the other; each tries with the same Idempotency-Key until it is told 201. `port` may be a
 *  function, for a door that moves. The returned object counts while they go on; stop() waits for what was begun. */
export function startReporting({ port, journalPath, clients = 64, text = (person, key) => wordsOf(key), perReport = () => pause(0) }) {
  const journal = new Journal(journalPath);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const state = { acknowledged: [], unexpected: [], tries: 0, answers: {}, slowest: 0, lastStored: 0 };
  let stopped = false;
  let giveUpAt = Infinity;

  async function report(number) {
    const key = randomUUID();
    const body = { kind: 'grievance', language: 'en', text: text(number, key), read_back: true };
    while (Date.now() < giveUpAt) {
      await journal.written(`begin ${key}`);
      state.tries++;
      const answer = await post(typeof port === 'function' ? port() : port, '/api/v1/reports', body, { agent, headers: { 'idempotency-key': key } });
      state.answers[answer.status] = (state.answers[answer.status] ?? 0) + 1;
      state.slowest = Math.max(state.slowest, answer.ms);
      if (answer.status === 201) {
        const { receipt } = JSON.parse(answer.text);
        await journal.written(`stored ${key} ${receipt}`);
        state.lastStored = Date.now();
        state.acknowledged.push({ key, receipt });
        return;
      }
      await journal.written(`refused ${key} ${answer.status}`);
      if (answer.status !== 0 && answer.status !== 503) {
        state.unexpected.push(answer.status);
        return;
      }
      await pause(50 + Math.random() * 150);
    }
  }
  async function person(number) {
    for (; !stopped; await perReport()) await report(number);
  }
  const all = Promise.all(Array.from({ length: clients }, (_, i) => person(i)));
  state.stop = async (giveUp = GIVE_UP_MS) => {
    stopped = true;
    giveUpAt = Date.now() + giveUp;
    await all;
    agent.destroy();
    await journal.close();
    return state;
  };
  return state;
}

/** The same as one call, until `until()` says stop. */
export async function reportUntil({ until, ...options }) {
  const reporting = startReporting(options);
  while (!until()) await pause(20);
  return reporting.stop();
}

/** What the journal says: keys that were begun, and the receipt of each that was acknowledged. */
export function readJournal(path) {
  const begun = new Set();
  const stored = new Map();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [what, key, ...rest] = line.split(' ');
    if (what === 'begin') begun.add(key);
    if (what === 'stored') stored.set(key, rest.join(' '));
  }
  return { begun, stored };
}

async function openThread(port, agent, receipt) {
  for (let tries = 0; ; tries++) {
    const answer = await post(port, '/api/v1/thread', { receipt }, { agent });
    const isOnDisk = answer.status === 200 && answer.text.includes('"stored":true');
    if ((answer.status !== 0 && answer.status !== 503 && !isOnDisk) || tries > 100) return answer;
    await pause(100);
  }
}

/** How many rows there are of what reporters wrote: [cases, messages, of them without the other]. */
export function countStored(query) {
  return query(
    `SELECT (SELECT count(*) FROM recourse.sealed_case), (SELECT count(*) FROM recourse.message WHERE author = 1),
            (SELECT count(*) FROM recourse.sealed_case c WHERE NOT EXISTS (SELECT FROM recourse.message m WHERE m.case_id = c.case_id AND m.author = 1)
                OR NOT EXISTS (SELECT FROM recourse.case_key k WHERE k.case_id = c.case_id AND k.recipient_kind = 2)
                OR NOT EXISTS (SELECT FROM recourse.case_key k WHERE k.case_id = c.case_id AND k.recipient_kind = 1)) +
            (SELECT count(*) FROM recourse.message m WHERE NOT EXISTS (SELECT FROM recourse.sealed_case c WHERE c.case_id = m.case_id))`,
  )
    .trim()
    .split('|')
    .map(Number);
}

/** Hold the journal against what is there. `before` is countStored() from before the first line. A receipt opens the very words
 *  once, or it is lost (nothing opens), twice (more than one, or more cases than were ever begun), torn (other words, parts). */
export async function judge({ port, journalPath, query, before, text = wordsOf }) {
  const { begun, stored } = readJournal(journalPath);
  const verdict = { acknowledged: stored.size, unanswered: begun.size - stored.size, lost: 0, twice: 0, torn: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const left = [...stored];
  const look = async () => {
    for (let next; (next = left.pop()); ) {
      const [key, receipt] = next;
      const answer = await openThread(port, agent, receipt);
      const messages = answer.status === 200 ? JSON.parse(answer.text).messages : [];
      const right = messages.filter((message) => message.text === text(key));
      if (!messages.length) verdict.lost++;
      else if (right.length > 1) verdict.twice++;
      else if (right.length !== 1 || messages.length !== 1) verdict.torn++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, look));
  agent.destroy();
  const [cases, rows, partial] = countStored(query).map((count, i) => count - before[i]);
  const most = begun.size;
  verdict.twice += stored.size - new Set(stored.values()).size + Math.max(0, cases - most) + Math.max(0, rows - most);
  verdict.lost = Math.max(verdict.lost, stored.size - Math.min(cases, rows));
  verdict.torn += partial;
  return verdict;
}
