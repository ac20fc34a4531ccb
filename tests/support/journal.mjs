// A client that keeps a journal of its own: written and synced before and after each request, so that what the server
// acknowledged can be held against what it has.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { randomUUID } from 'node:crypto';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export function post(port, path, body, { agent, headers = {}, timeout = 15000 } = {}) {
  return new Promise((done) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const req = request(
      { host: '127.0.0.1', port, path, method: 'POST', agent, rejectUnauthorized: false, timeout, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers } },
      (res) => {
        const pieces = [];
        res.on('data', (d) => pieces.push(d));
        res.on('end', () => done({ status: res.statusCode, headers: res.headers, text: Buffer.concat(pieces).toString('utf8') }));
        res.on('error', () => done({ status: 0 }));
      },
    );
    req.on('timeout', () => req.destroy());
    req.on('error', () => done({ status: 0 }));
    req.end(text);
  });
}

/** `clients` people report one after the other until `until()` says stop; each tries with the same Idempotency-Key until it
 *  is told 201. Returns what was acknowledged: [{key, receipt}]. */
export async function reportUntil({ port, journalPath, clients, until, text }) {
  const journal = openSync(journalPath, 'a');
  const note = (line) => {
    writeSync(journal, `${line}\n`);
    fsyncSync(journal);
  };
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const acknowledged = [];
  const unexpected = [];
  let tries = 0;
  async function person(number) {
    while (!until()) {
      const key = randomUUID();
      const body = { kind: 'grievance', language: 'en', text: text(number, key), read_back: true };
      note(`begin ${key}`);
      for (;;) {
        tries++;
        const answer = await post(port, '/api/v1/reports', body, { agent, headers: { 'idempotency-key': key } });
        if (answer.status === 201) {
          const { receipt } = JSON.parse(answer.text);
          note(`stored ${key} ${receipt}`);
          acknowledged.push({ key, receipt });
          break;
        }
        if (answer.status !== 0 && answer.status !== 503) {
          unexpected.push(answer.status);
          break;
        }
        await pause(50 + Math.random() * 150);
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, i) => person(i)));
  agent.destroy();
  closeSync(journal);
  return { acknowledged, unexpected, tries };
}
