// On the path of one report, the n-th call of a function fails, for every n until the path has no such call left. The worker may
// answer 503, close, or stop itself as it is meant to (need(): a server that met an impossible state acknowledges nothing); the
// same report sent again must come through, once. The short form takes every so-manieth n.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { root } from '../support/installation.mjs';
import { Journal, countStored, judge, post, wordsOf } from '../support/journal.mjs';
import { ownDatabase, pause, sum } from './harness.mjs';
import { Nth, Twin, functions } from './twin.mjs';

// What a fresh connection to the database needs is called only where there was none.
const RECONNECTS = new Set(['socket', 'connect', 'PQsendPrepare', 'PQsendQueryParams', 'PQconnectPoll', 'PQsetnonblocking', 'PQenterPipelineMode']);
// Random bytes are drawn ahead: the first report of a worker is the one that fetches them.
const FRESH_WORKER = new Set(['getrandom']);
const SHORT_MOST = { malloc: 16 };
const SHORT_REST = 2;

async function prepare(place, name) {
  const { twin, query } = place;
  if (RECONNECTS.has(name)) query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'recourse_intake'");
  if (FRESH_WORKER.has(name)) await twin.restart();
}

/** One report with the n-th call failing, then again until it is stored. */
async function reportWith(place, name, nth, journal, seen) {
  const key = randomUUID();
  const send = async () => {
    await journal.written(`begin ${key}`);
    const answer = await post(place.twin.port, '/api/v1/reports', { kind: 'grievance', language: 'en', text: wordsOf(key), read_back: true }, { agent: false, headers: { 'idempotency-key': key }, timeout: 15_000 });
    await journal.written(answer.status === 201 ? `stored ${key} ${JSON.parse(answer.text).receipt}` : `refused ${key} ${answer.status}`);
    if (![201, 503, 0].includes(answer.status)) seen.problems.push(`${name} ${nth}: answered ${answer.status} ${answer.text}`);
    return answer;
  };
  place.nth.arm(name, nth);
  await prepare(place, name);
  const stops = place.twin.stops();
  const answer = await send();
  const { failed } = place.nth.disarm();
  seen.answers[answer.status] = (seen.answers[answer.status] ?? 0) + 1;
  if (failed && place.twin.stops() > stops) await place.twin.restart();
  for (let tries = 0, status = answer.status; status !== 201; tries++) {
    if (tries > 300) throw new Error(`${name} ${nth}: the report does not come through afterwards (${status})\n${place.twin.log().slice(-1500)}`);
    await pause(tries < 20 ? 20 : 100);
    status = (await send()).status;
  }
  return failed > 0;
}

/** Ends of a worker that are not the intended stop: of one that met the impossible, or that cannot trust its spool's disk. */
function crashes(log, name) {
  const problems = [];
  const lines = log.split('\n');
  lines.forEach((line, i) => {
    const ended = line.match(/what=worker_ended .*code=(-?\d+) signal=(\d+)/);
    if (!ended || (ended[1] === '0' && ended[2] === '0')) return;
    const before = lines.slice(Math.max(0, i - 4), i).join('\n');
    if (!/what=need_failed/.test(before) && !(ended[1] === '1' && /what=worker_begins_again cause=spool/.test(before))) problems.push(`${name}: a worker ended with code ${ended[1]}, signal ${ended[2]}: ${before}`);
  });
  if (/AddressSanitizer|runtime error:|LeakSanitizer/.test(log)) problems.push(`${name}: ${log.slice(log.search(/AddressSanitizer|runtime error:|LeakSanitizer/), 1500)}`);
  return problems;
}

async function oneFunction(place, name, journal, isLong, say) {
  const seen = { injected: 0, problems: [], answers: {} };
  const [from, stopsBefore] = [place.twin.log().length, place.twin.stops()];
  // How many there are, first; so many that fail follow.
  await reportWith(place, name, 0, journal, seen);
  const calls = place.nth.get('counted');
  const stride = isLong ? 1 : Math.max(1, Math.ceil(calls / (SHORT_MOST[name] ?? SHORT_REST)));
  for (let nth = 1 + Math.floor(Math.random() * stride); calls; nth += stride) {
    if (!(await reportWith(place, name, nth, journal, seen))) break;
    if (++seen.injected % 500 === 0) say(`${name}: ${seen.injected} calls of about ${calls} failed`);
  }
  const stops = place.twin.stops() - stopsBefore;
  say(`${name}: ${calls} calls, ${seen.injected} failed, ${stops} intended stops, first answers ${JSON.stringify(seen.answers)}`);
  return { injected: seen.injected, stops, problems: [...seen.problems, ...crashes(place.twin.log().slice(from), name)] };
}

async function someFunctions(place, names, isLong, say) {
  const folder = mkdtempSync(join(tmpdir(), 'rc-journal-'));
  const journalPath = join(folder, 'journal');
  const journal = new Journal(journalPath);
  const before = countStored(place.query);
  let seen = { injected: 0, stops: 0, problems: [] };
  for (const name of names) seen = sum(seen, await oneFunction(place, name, journal, isLong, say));
  await journal.close();
  // What was taken on disk because a call to the database failed is drained within seconds; what is lost stays away.
  const look = () => judge({ port: place.house.ports.intake, journalPath, query: place.query, before });
  let verdict = await look();
  if (verdict.lost) say(`${verdict.lost} wait on disk`);
  for (const end = Date.now() + 20_000; verdict.lost && Date.now() < end; verdict = await look()) await pause(500);
  rmSync(folder, { recursive: true });
  return { ...verdict, ...seen, times: names.length, unexpected: 0 };
}

function fault({ name, title, isSanitized }) {
  const list = functions.filter((what) => !isSanitized || what !== 'malloc');
  return {
    name,
    title,
    times: { short: list.length, long: list.length },
    perRound: isSanitized ? list.length : 7,
    missing: () => '',
    async begin() {
      const env = isSanitized ? { ASAN_OPTIONS: 'detect_leaks=1:verify_asan_link_order=0' } : {};
      const place = await ownDatabase(isSanitized ? { build: join(root, 'build-asan') } : {});
      place.nth = new Nth({ withoutMalloc: isSanitized });
      place.twin = await new Twin(place.house, place.nth, { env }).start();
      const { end } = place;
      place.end = async () => {
        const how = await place.twin.stop();
        const problems = how.code === 0 ? [] : [`the second door ended with ${JSON.stringify(how)}`];
        problems.push(...crashes(place.twin.log(), 'at the end'));
        place.nth.end();
        return [...problems, ...(await end())];
      };
      return place;
    },
    round: (place, times, say, { isLong, done }) => someFunctions(place, list.slice(done, done + times), isLong && !isSanitized, say),
  };
}

export const failing = fault({ name: 'nth', title: 'the n-th call that fails, on the path of a report', isSanitized: false });
export const leaking = fault({ name: 'leaks', title: 'the same under sanitizers: leaks', isSanitized: true });
