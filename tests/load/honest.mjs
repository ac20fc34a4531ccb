// An honest person's view while others load the server: reports by the clock, each on a connection of its own or on one
// that is kept, however slow the answers are.
import { Agent } from 'node:https';
import { ask, pause } from '../support/installation.mjs';

/** The body of a report, as text. */
export const oneReport = (text) => JSON.stringify({ kind: 'grievance', language: 'en', text });

/**
 * Sends `perSecond` reports a second to `url` until stop() is called, which resolves to a list of {status, ms, error}.
 * `fresh`: a new TLS connection for each.
 */
export function honest(url, { perSecond = 10, fresh = true, text = 'The gate opens for nobody.' } = {}) {
  const agent = fresh ? false : new Agent({ keepAlive: true, maxSockets: 8 });
  const results = [];
  const running = new Set();
  let stopped = false;
  const one = async () => {
    const began = performance.now();
    try {
      const answer = await ask(url, { body: oneReport(text), headers: { 'content-type': 'application/json' }, agent });
      results.push({ status: answer.status, ms: performance.now() - began });
    } catch (cause) {
      results.push({ status: 0, ms: performance.now() - began, error: cause.code ?? cause.message });
    }
  };
  const loop = (async () => {
    for (let next = performance.now(); !stopped; next += 1000 / perSecond) {
      const wait = next - performance.now();
      if (wait > 0) await pause(wait);
      const promise = one();
      running.add(promise);
      promise.then(() => running.delete(promise));
    }
  })();
  return {
    results,
    async stop() {
      stopped = true;
      await loop;
      await Promise.all(running);
      if (agent) agent.destroy();
      return results;
    },
  };
}

/** p50 and p99 in ms of those that were stored, what share of all they are, and what became of the others. */
export function summary(results) {
  const times = results.filter((one) => one.status === 201).map((one) => one.ms).sort((a, b) => a - b);
  const at = (share) => (times.length ? Number(times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1)) : null);
  const faults = {};
  for (const one of results.filter(({ status }) => status !== 201)) faults[one.error ?? one.status] = (faults[one.error ?? one.status] ?? 0) + 1;
  return { faults, count: results.length, p50: at(0.5), p99: at(0.99), served: Number((times.length / Math.max(1, results.length)).toFixed(3)) };
}
