// How a fault test goes: an installation takes reports from many clients while something breaks; then the clients' journals are
// held against what is stored, and PostgreSQL is looked through. The faults themselves stand in a file each.
//
// A fault is { name, title, times: {short, long}, perRound, missing(), begin(), round(place, times, say, {isLong, done}) }.
//   missing()  a sentence why this machine cannot do it, or ''
//   begin()    a place: { house, query, check(): problems while it runs, end(): problems after it stopped }
//   round()    does the fault `times` times and returns what judge() said, with `times` done
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cpus, loadavg, tmpdir } from 'node:os';
import { ask, asRoot, makeInstallation, until } from '../support/installation.mjs';
import { countStored, judge, startReporting } from '../support/journal.mjs';
import { pages, rowsAndIndexes } from '../support/pg_check.mjs';
import { Cluster } from '../support/pg_cluster.mjs';

export const CLIENTS = 64;
export const PROMISED_MS = 5000; // writing again, once it could
export { pause, until } from '../support/installation.mjs';

/** Whether `ms` is later than promised, for a machine that has nothing else to do; on a busy one as much later as it is busy. */
export const isLate = (ms, promised = PROMISED_MS) => ms > promised * Math.max(1, loadavg()[0] / (2 * cpus().length));

export const NOTHING = { times: 0, acknowledged: 0, unanswered: 0, lost: 0, twice: 0, torn: 0, unexpected: 0, problems: [] };

export function sum(a, b) {
  const out = { ...a };
  for (const [key, value] of Object.entries(b))
    out[key] = Array.isArray(value) ? [...(a[key] ?? []), ...value] : key.endsWith('Ms') ? Math.max(a[key] ?? 0, value) : (a[key] ?? 0) + value;
  return out;
}

/* ---- places ---- */

/** An installation with a PostgreSQL of its own. `prepare(house)` runs while it is made but stopped. */
export async function ownDatabase({ prepare, undo = () => {}, settings = {}, env, build } = {}) {
  const house = await makeInstallation({ env, build });
  const query = (sql) => house.superuserQuery(sql);
  await house.start();
  // A crash of one backend ends all of it, so that none is missed: the launcher says each.
  for (const [name, value] of Object.entries({ restart_after_crash: 'off', ...settings })) query(`ALTER SYSTEM SET ${name} = ${value}`);
  query('SELECT pg_reload_conf()');
  if (prepare) {
    await house.halt();
    await prepare(house);
    await house.start();
  }
  return {
    house,
    query,
    crashes: () => (house.output.match(/postgresql (was ended|ended with)/g) ?? []).length,
    check: () => rowsAndIndexes({ PGHOST: join(house.dir, 'run/pg'), PGUSER: 'recourse-db', PGDATABASE: 'recourse' }),
    async end() {
      const problems = [];
      const how = await house.halt();
      if (how && how.code !== 0) problems.push(`recourse up ended with ${JSON.stringify(how)}`);
      problems.push(...pages(join(house.dir, 'pg'), asRoot ? 'recourse-db' : null));
      await undo(house);
      await house.stop().catch((cause) => problems.push(cause.message));
      return problems;
    },
  };
}

/** An installation on servers that the test runs itself; the first is asked. */
export async function onCluster({ settings, standby = false, env } = {}) {
  const clusters = [await Cluster.make({ settings })];
  if (standby) clusters.push(await Cluster.standbyOf(clusters[0]));
  const house = await makeInstallation({ args: ['--database', clusters[0].url(...clusters.slice(1))], env });
  await house.start();
  if (standby) await clusters[0].waitForStandby();
  const place = {
    house,
    clusters,
    primary: clusters[0],
    query: (sql) => place.primary.query(sql),
    check: () => place.primary.rowsAndIndexes(),
    async end() {
      const problems = [];
      await house.stop().catch((cause) => problems.push(cause.message));
      for (const cluster of clusters) problems.push(...(await cluster.end()));
      return problems;
    },
  };
  return place;
}

/* ---- reports ---- */

export const metrics = async (house) => (await ask(`http://127.0.0.1:${house.ports.intakeHealth}/metrics`).catch(() => ({ text: '' }))).text;

/** Bytes that wait in the spool; undefined: this door has none. */
export async function spoolBytes(house) {
  const line = (await metrics(house)).match(/^recourse_intake_spool_bytes(?:\{[^}]*\})? (\d+)/m);
  return line ? Number(line[1]) : undefined;
}

export async function calm(house) {
  for (const name of ['intakeHealth', 'smsHealth', 'consoleHealth'])
    await until(async () => (await ask(`http://127.0.0.1:${house.ports[name]}/readyz`).catch(() => ({}))).status === 200, { ms: 60_000, what: `${name} that is ready` });
  await until(async () => !(await spoolBytes(house)), { ms: 60_000, what: 'an empty spool' }).catch(async (cause) => {
    const lines = (text, what) => text.split('\n').filter((line) => what.test(line) && !line.startsWith('#'));
    throw new Error([cause.message, ...lines(await metrics(house), /spool/), ...lines(house.logs('intake'), /spool|store|drain/).slice(-10)].join('\n'));
  });
}

/** People report while `during(reporting)` breaks things; then the verdict. */
export async function underReports(place, during, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rc-journal-'));
  const journalPath = join(folder, 'journal');
  const before = countStored(place.query);
  const reporting = startReporting({ port: place.house.ports.intake, journalPath, clients: CLIENTS, ...options });
  let cause;
  const seen = (await during(reporting).catch((thrown) => (cause = thrown))) ?? {};
  await reporting.stop();
  if (cause) throw cause;
  await calm(place.house);
  const verdict = await judge({ port: place.house.ports.intake, journalPath, query: place.query, before, text: options.text });
  rmSync(folder, { recursive: true });
  return sum({ ...verdict, unexpected: reporting.unexpected.length, problems: reporting.unexpected.map((status) => `answered ${status}`), slowestMs: reporting.slowest, answers503: reporting.answers[503] ?? 0 }, seen);
}

/** From now until the next report is acknowledged, in ms. */
export async function backAfter(reporting, { ms = 60_000 } = {}) {
  const from = Date.now() + 50; // answers that are already on their way do not count
  await until(() => reporting.lastStored > from, { ms, every: 10, what: 'the next acknowledgement' });
  return reporting.lastStored - from + 50;
}

/** The same as the database sees it: until it takes one more report, whoever holds it meanwhile. */
export async function backInDatabase({ query }, { ms = 60_000 } = {}) {
  const from = Date.now();
  let first;
  const grows = () => {
    try {
      const count = Number(query('SELECT count(*) FROM recourse.sealed_case').trim());
      first ??= count;
      return count > first;
    } catch {
      return false;
    }
  };
  await until(grows, { ms, every: 20, what: 'the next report in the database' });
  return Date.now() - from;
}

/* ---- all of it ---- */

/** Do `fault` until `times` are done; `onRound(total)` after each. */
export async function runFault(fault, times, { say = () => {}, onRound = () => {}, already = NOTHING, isLong = false } = {}) {
  let total = already;
  const place = await fault.begin(say);
  let ended = [];
  try {
    if (place.skip) return { ...NOTHING, skipped: [place.skip] };
    while (total.times < times) {
      const round = { ...NOTHING, ...(await fault.round(place, Math.min(fault.perRound ?? times, times - total.times), say, { isLong, done: total.times })) };
      total = sum(total, { ...round, problems: [...round.problems, ...(place.check ? await place.check() : [])] });
      onRound(total);
    }
  } finally {
    ended = (await place.end?.()) ?? [];
  }
  total = sum(total, { problems: ended });
  onRound(total);
  return total;
}
