// See tests/load/slow. slowhttptest writes one line a second of how many of its connections are open: from it comes how
// long the last ones lived. The honest client sends reports by the clock, each on a connection of its own, before the
// attack, while it comes in, and while it holds.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, startInstallation, until } from '../support/installation.mjs';
import { honest, summary } from './honest.mjs';

const args = process.argv.slice(2);
const connections = args.includes('--connections') ? Number(args[args.indexOf('--connections') + 1]) : 5000;
const asJson = args.includes('--json');
const GONE_S = 40;
const HOLD_S = 12; // shorter than the shortest deadline
const PER_SECOND = 25;
const dir = mkdtempSync(join(tmpdir(), 'recourse-slow-'));
const say = (text) => process.stderr.write(`${text}\n`);

const attacks = [
  { name: 'slow heads (-H)', path: '/', args: ['-H', '-i', '3', '-t', 'GET', '-x', '24'] },
  { name: 'slow bodies (-B)', path: '/report', args: ['-B', '-i', '3', '-s', '8192', '-x', '10'] },
  { name: 'slow readers (-X)', path: '/report', args: ['-X', '-w', '10', '-y', '20', '-n', '3', '-z', '16', '-k', '3'] },
];

/** Lines of slowhttptest's own account: {second, closed, pending, connected}. */
function account(prefix) {
  if (!existsSync(`${prefix}.csv`)) return [];
  return readFileSync(`${prefix}.csv`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
    .filter((row) => row.length >= 4 && row.every((n) => !Number.isNaN(n)))
    .map(([second, closed, pending, connected]) => ({ second, closed, pending, connected }));
}

async function attack(house, { name, path, args: more }, index) {
  const prefix = join(dir, `attack${index}`);
  const url = `https://127.0.0.1:${house.ports.intake}${path}`;
  const api = `https://127.0.0.1:${house.ports.intake}/api/v1/reports`;
  const listen = async (ms, check) => {
    const person = honest(api, { perSecond: PER_SECOND });
    await (check ? until(check, { ms, every: 200, what: name }) : pause(ms));
    return summary(await person.stop());
  };
  const before = await listen(HOLD_S * 1000);
  const child = spawn('slowhttptest', ['-c', String(connections), '-r', String(Math.ceil(connections / 8)), '-l', '150', '-p', '60', '-u', url, '-g', '-o', prefix, ...more], { stdio: 'ignore' });
  let ended = false;
  const over = new Promise((done) => child.once('exit', done)).then(() => (ended = true));
  const latest = () => account(prefix).at(-1) ?? { second: 0, closed: 0, pending: 0, connected: 0 };
  const coming = await listen(90_000, () => ended || latest().connected + latest().closed >= connections * 0.98);
  const most = latest().connected;
  const holding = await listen(HOLD_S * 1000);
  await Promise.race([over, pause(80_000)]);
  if (!ended) child.kill('SIGINT');
  await Promise.race([over, pause(5_000)]);
  const rows = account(prefix);
  const after = await listen(HOLD_S * 1000);
  // A connection that was open at second t came at t or before: the last came when the number of all stopped growing.
  const all = Math.max(...rows.map((row) => row.connected + row.closed));
  const cameBy = rows.find((row) => row.connected + row.closed >= all * 0.999)?.second ?? 0;
  const left = rows.at(-1)?.connected ?? connections;
  const goneBy = rows.find((row) => row.second >= cameBy && row.connected === 0)?.second ?? (left === 0 ? rows.at(-1).second + 1 : null);
  const quiet = Math.max(before.p99, after.p99);
  return {
    attack: name,
    connections: all,
    at_once: Math.max(most, ...rows.map((row) => row.connected)),
    came_in_s: cameBy,
    last_lived_s: goneBy === null ? null : goneBy - cameBy,
    p50_before: before.p50,
    p99_before: before.p99,
    p99_after: after.p99,
    p99_coming: coming.p99,
    p50_holding: holding.p50,
    p99_holding: holding.p99,
    ratio: Number((holding.p99 / quiet).toFixed(2)),
    unserved: [before, coming, holding, after].reduce((sum, one) => sum + Math.round(one.count * (1 - one.served)), 0),
  };
}

async function main() {
  const house = await startInstallation({ build: 'build' });
  const rows = [];
  try {
    for (const [index, one] of attacks.entries()) {
      say(`${one.name}, ${connections} connections ...`);
      rows.push(await attack(house, one, index));
    }
  } finally {
    await house.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  if (asJson) console.log(JSON.stringify({ rows, load: loadavg(), cpu: cpus()[0].model, cores: cpus().length }));
  else {
    console.table(rows);
    console.log(`${cpus().length} x ${cpus()[0].model}, load at the end ${loadavg().map((l) => l.toFixed(1)).join(' ')}`);
  }
  const problems = [];
  for (const row of rows) {
    if (row.last_lived_s === null || row.last_lived_s > GONE_S) problems.push(`${row.attack}: a slow connection lived ${row.last_lived_s ?? 'beyond the test'} s`);
    if (row.ratio > 2) problems.push(`${row.attack}: the honest p99 is ${row.ratio} times what it was`);
    if (row.unserved) problems.push(`${row.attack}: ${row.unserved} honest reports were not stored`);
    if (row.at_once < connections * 0.9) problems.push(`${row.attack}: only ${row.at_once} connections were held at once; nothing was tried`);
  }
  for (const problem of problems) say(problem);
  process.exitCode = problems.length ? 1 : 0;
}

await main();
