// See tests/load/slow. Honest clients send reports by the clock, each on a connection of its own: before the attack, while it comes
// in, while it holds, and after. One speaks to the installation that is attacked, the other at the same moments to one that
// is left alone on the same machine: whatever else the machine does, the attacker's own work included, slows both.
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { ask, pause, startInstallation, until } from '../support/installation.mjs';
import { honest, summary } from './honest.mjs';

const args = process.argv.slice(2);
const connections = args.includes('--connections') ? Number(args[args.indexOf('--connections') + 1]) : 5000;
const asJson = args.includes('--json');
const GONE_S = 40;
const HOLD_S = 12; // shorter than the shortest deadline
const PER_SECOND = 15;
const OTHERS = 20; // connections that are not the attacker's: the honest client's under way
const say = (text) => process.stderr.write(`${text}\n`);

const attacks = [
  { name: 'slow heads (-H)', path: '/', args: ['-H', '-i', '3', '-t', 'GET', '-x', '24'] },
  { name: 'slow bodies (-B)', path: '/report', args: ['-B', '-i', '3', '-s', '8192', '-x', '10'] },
  { name: 'slow readers (-X)', path: '/report', args: ['-X', '-w', '10', '-y', '20', '-n', '3', '-z', '16', '-k', '3'] },
];

/**
 * What the server counts, twice a second: how many connections have come, and how many of them have ended. The attacker's
 * own account would not do: who reads by the drop goes on reading what lies in the buffers of its own kernel long after
 * the connection has been reset.
 */
function watch(house) {
  const samples = [];
  const began = performance.now();
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const at = (performance.now() - began) / 1000;
      const { text } = await ask(`http://127.0.0.1:${house.ports.intakeHealth}/metrics`).catch(() => ({ text: '' }));
      const of = (pattern) => [...text.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0);
      const open = of(/^recourse_http_connections_open (\d+)$/gm);
      const ended = of(/^recourse_http_end_\w+_total (\d+)$/gm);
      if (text) samples.push({ at, open, ended, came: open + ended });
      await pause(500);
    }
  })();
  return { samples, latest: () => samples.at(-1), stop: () => ((stopped = true), loop) };
}

/** Seconds until as many had ended as had come by then, at its worst; Infinity when that was never so. `others` may be open. */
function longestLife(samples, others) {
  let worst = 0;
  for (const then of samples) {
    const end = samples.find((later) => later.at >= then.at && later.ended + others >= then.came);
    worst = Math.max(worst, end ? end.at - then.at : Infinity);
    if (!end) break;
  }
  return worst;
}

async function attack(house, left_alone, { name, path, args: more }) {
  const url = `https://127.0.0.1:${house.ports.intake}${path}`;
  const listen = async (ms, check) => {
    const [person, other] = [house, left_alone].map((one) => honest(`https://127.0.0.1:${one.ports.intake}/api/v1/reports`, { perSecond: PER_SECOND }));
    await (check ? until(() => check(person), { ms, every: 200 }).catch(() => {}) : pause(ms));
    return { ...summary(await person.stop()), other: summary(await other.stop()) };
  };
  const before = await listen(HOLD_S * 1000);
  const watching = watch(house);
  await until(() => watching.latest(), { what: 'the metrics' });
  const start = watching.latest();
  const child = spawn('slowhttptest', ['-c', String(connections), '-r', String(Math.ceil(connections / 8)), '-l', '200', '-p', '60', '-u', url, ...more], { stdio: 'ignore' });
  let ended = false;
  const over = new Promise((done) => child.once('exit', done)).then(() => (ended = true));
  const all = (person) => ended || watching.latest().came - start.came - person.results.length >= connections;
  const began = performance.now();
  const coming = await listen(150_000, all);
  const cameIn = (performance.now() - began) / 1000;
  const holding = await listen(HOLD_S * 1000);
  const slowOnes = () => watching.latest().open - start.open;
  await until(() => slowOnes() <= OTHERS, { ms: (GONE_S + 5) * 1000, every: 250, what: 'the end of the slow ones' }).catch(() => {});
  const left = slowOnes();
  await watching.stop();
  if (!ended) child.kill('SIGKILL');
  await over;
  const after = await listen(HOLD_S * 1000);
  const lived = longestLife(watching.samples, start.open + OTHERS);
  return {
    attack: name,
    came_in_s: Number(cameIn.toFixed(0)),
    at_once: Math.max(...watching.samples.map((one) => one.open)) - start.open,
    longest_life_s: left > OTHERS ? null : Number(lived.toFixed(1)),
    p50_before: before.p50,
    p50_holding: holding.p50,
    p50_after: after.p50,
    p99_before: before.p99,
    p99_coming: coming.p99,
    p99_holding: holding.p99,
    p99_after: after.p99,
    p99_left_alone: holding.other.p99,
    ratio: Number((holding.p99 / holding.other.p99).toFixed(2)),
    faults: JSON.stringify([before, coming, holding, after].map((one) => one.faults).filter((one) => Object.keys(one).length)),
    unserved: [before, coming, holding, after].reduce((sum, one) => sum + Math.round(one.count * (1 - one.served)), 0),
  };
}

async function main() {
  const house = await startInstallation({ build: 'build' });
  const left_alone = await startInstallation({ build: 'build' });
  const rows = [];
  try {
    for (const one of attacks) {
      say(`${one.name}, ${connections} connections ...`);
      rows.push(await attack(house, left_alone, one));
    }
  } finally {
    await Promise.all([house.stop(), left_alone.stop()]);
  }
  if (asJson) console.log(JSON.stringify({ rows, load: loadavg(), cpu: cpus()[0].model, cores: cpus().length }));
  else {
    console.table(rows);
    console.log(`${cpus().length} x ${cpus()[0].model}, load at the end ${loadavg().map((l) => l.toFixed(1)).join(' ')}`);
  }
  const problems = [];
  for (const row of rows) {
    if (row.longest_life_s === null || row.longest_life_s > GONE_S) problems.push(`${row.attack}: a slow connection lived ${row.longest_life_s ?? 'beyond the test'} s`);
    if (row.ratio > 2) problems.push(`${row.attack}: the honest p99 is ${row.ratio} times that of the installation left alone`);
    if (row.at_once < connections / 4) problems.push(`${row.attack}: only ${row.at_once} came at once; nothing was tried`);
    if (row.unserved) problems.push(`${row.attack}: ${row.unserved} honest reports were not stored: ${row.faults}`);
  }
  for (const problem of problems) say(problem);
  process.exitCode = problems.length ? 1 : 0;
}

await main();
