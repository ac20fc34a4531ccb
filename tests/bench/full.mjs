// ./bench --full: rate against size, workers and what is stored already, and how long after a crash the first report is
// acknowledged.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asRoot, ask, freePortBase } from '../support/installation.mjs';
import { childrenOf, median, pause, pidsOf, postmasterOf, report, round, say, wrk } from './tools.mjs';

const CLIENTS = 64, CHUNK = 100_000;

const runs = (api, { seconds, repeat }, body) => Array.from({ length: repeat }, () => wrk(api, CLIENTS, { seconds, body }));
const medianRate = (list) => round(median(list.map((one) => one.rate)), 0);
const rates = (api, options, body) => medianRate(runs(api, options, body));

const besideFirst = (list) => list.map((row) => ({ ...row, ratio: round(row.rate / list[0].rate) }));

// A second intake with its own number of workers, beside the installation's, which has nothing to do meanwhile.
async function withWorkers(installation, count, use) {
  const port = await freePortBase();
  const config = join(installation.dir, 'etc', 'bench.ini');
  const text = readFileSync(join(installation.dir, 'etc', 'intake.ini'), 'utf8');
  writeFileSync(config, text.replace(/^port = .*/m, `port = ${port}`).replace(/^health_port = .*/m, `workers = ${count}\nhealth_port = 0`));
  chmodSync(config, 0o644);
  const program = [join(installation.build, 'recourse-intake'), '--config', config];
  const as = asRoot ? ['setpriv', '--reuid=recourse-intake', '--regid=recourse-intake', '--clear-groups'] : [];
  const [command, ...args] = [...as, ...program];
  const child = spawn(command, args, { stdio: 'ignore' });
  const api = `https://127.0.0.1:${port}/api/v1/reports`;
  try {
    await firstAcknowledged(api);
    return use(api);
  } finally {
    child.kill('SIGTERM');
    await new Promise((done) => child.once('exit', done));
    rmSync(config);
  }
}

// Cases as intake makes them: ids that share their beginning by thousands, a message of the same size, three wraps. On a
// desk of their own, so that no vault tries to open what was never sealed.
function generate(installation, from, to) {
  const id = (kind) => `(left(md5('${kind}' || g / 4096), 8) || left(md5('${kind}:' || g), 24))::uuid`;
  const series = (a, b) => `generate_series(${a}, ${b}) g`;
  const body = Number(installation.superuserQuery('SELECT octet_length(body) FROM recourse.message ORDER BY pos DESC LIMIT 1').trim());
  for (let a = from + 1; a <= to; a += CHUNK) {
    const rows = series(a, Math.min(to, a + CHUNK - 1));
    installation.superuserQuery(
      [
        'BEGIN',
        `INSERT INTO recourse.sealed_case SELECT ${id('c')}, 1, 'generated', '2033-11-01' FROM ${rows}`,
        `INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body)
         SELECT ${id('r')}, ${id('c')}, 1, 1, 1, g, 2, 1, 1, 1, sha256(g::text::bytea) || decode(repeat('5a', ${body - 32}), 'hex') FROM ${rows}`,
        `INSERT INTO recourse.case_key SELECT ${id('c')}, w.root, 1, w.kind, CASE w.kind WHEN 1 THEN decode(rpad('7573', 64, '0'), 'hex') ELSE sha256(('h' || g)::bytea) END, 1,
         sha256(g::text::bytea) || decode(repeat('5a', 51), 'hex'), sha256(('k' || g)::bytea)
         FROM ${rows}, (VALUES (1::smallint, 1::smallint), (2, 1), (1, 2)) AS w(root, kind)`,
        'COMMIT',
      ].join('; '),
    );
  }
}

// What a report writes to the log of PostgreSQL beside: pages as a whole, where it is the first to touch them since a checkpoint.
function rateAndLog(installation, api, options) {
  const wal = () => installation.superuserQuery('SELECT wal_fpi, wal_bytes FROM pg_stat_wal').trim().split('|').map(Number);
  const before = wal();
  const list = runs(api, options);
  const reports = list.reduce((sum, one) => sum + one.requests, 0);
  const [pages, bytes] = wal().map((value, i) => value - before[i]);
  return { rate: medianRate(list), whole_pages: round(pages / reports), wal_kib: round(bytes / reports / 1024, 1) };
}

// As years of work leave them: no bulk of new rows that still waits to be vacuumed, analysed and written out.
function settle(installation) {
  for (const table of ['sealed_case', 'message', 'case_key']) installation.superuserQuery(`VACUUM (ANALYZE, FREEZE) recourse.${table}`);
  installation.superuserQuery('CHECKPOINT');
}

function rowsStored(installation, api, options) {
  const list = [{ rows: 0, ...rateAndLog(installation, api, options) }];
  let stored = 0;
  for (const rows of options.rowCounts) {
    say(`  making ${rows.toLocaleString('en')} cases ...`);
    generate(installation, stored, rows);
    settle(installation);
    stored = rows;
    list.push({ rows, ...rateAndLog(installation, api, options) });
  }
  return besideFirst(list);
}

// --- restarts ---

/** Milliseconds until a report is acknowledged. */
async function firstAcknowledged(api) {
  const began = performance.now();
  for (;;) {
    const answer = await ask(api, { body: JSON.parse(report(200)) }).catch(() => null);
    if (answer?.status === 201) return performance.now() - began;
    if (performance.now() - began > 120_000) throw new Error('no report was acknowledged within two minutes');
    await pause(10);
  }
}

const kill = (pids) => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
};

async function restartTimes(installation, api, repeat) {
  const server = [], database = [];
  for (let i = 0; i < repeat; i++) {
    kill(pidsOf(`recourse-intake --config ${installation.dir}`));
    server.push(await firstAcknowledged(api));
    await pause(10_500); // what ran for ten seconds counts as healthy and is started again without a pause
  }
  for (let i = 0; i < repeat; i++) {
    wrk(api, CLIENTS, { seconds: 3 });
    const main = postmasterOf(installation);
    kill([main, ...childrenOf(main)]);
    database.push(await firstAcknowledged(api));
    await pause(10_500);
  }
  const row = (name, list) => ({ name, value: round(median(list), 0), unit: `ms (most ${Math.round(Math.max(...list))})`, yardstick: null, beside: null, ratio: null });
  return [row('restart.server', server), row('restart.database', database)];
}

export async function fullFigures(installation, api, options) {
  say('Restarts ...');
  const restarts = await restartTimes(installation, api, 5);
  say('Rate against size ...');
  const sizes = besideFirst([200, 1024, 20000].map((size) => ({ size, rate: rates(api, options, report(size)) })));
  say('Rate against workers ...');
  const workers = [];
  for (const count of [1, 2]) workers.push({ workers: count, rate: await withWorkers(installation, count, (url) => rates(url, options)) });
  say('Rate against what is stored ...');
  const stored = rowsStored(installation, api, options);
  return { restarts, sizes, workers: besideFirst(workers), stored };
}
