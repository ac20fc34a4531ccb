// What a report costs, as ratios against yardsticks measured in the same run on the same machine. docs/performance.md
// says what each figure is.
//
// Usage: ./bench [--full] [--json] [--seconds N] [--repeat N] [--rows N,N] [--pictures DIR]
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '../support/installation.mjs';
import { atRate, idleMemory, makeYardstick, median, pgbench, pidsOf, processorTime, round, run, say, startNginx, wrk } from './tools.mjs';
import { fullFigures } from './full.mjs';
import { bars, piles } from './plot.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const args = process.argv.slice(2);
const option = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const isFull = args.includes('--full');
const seconds = Number(option('--seconds', isFull ? 10 : 4));
const repeat = Number(option('--repeat', 5));
const rowCounts = option('--rows', '1000000,10000000').split(',').map(Number).filter(Boolean);
const pictures = option('--pictures', null);
const CLIENTS = 64, NEW_CLIENTS = 32, FEW = 10;

// --- the parts, each alone ---

function partsAlone(size, inserts) {
  const out = run(join(root, 'build', 'parts_bench'), [String(size), String(inserts)]);
  return Object.fromEntries(out.trim().split('\n').map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
}

// --- one run of everything that is a ratio ---

function bestOfPgbench(installation, script, clientCounts) {
  return clientCounts.map((clients) => pgbench(installation, script, clients, { seconds: Math.max(3, seconds - 1) })).reduce((a, b) => (b.rate > a.rate ? b : a));
}

function oneRun(installation, nginx, api, clientCounts) {
  const script = makeYardstick(installation);
  const yard = bestOfPgbench(installation, script, clientCounts);
  const before = processorTime(installation);
  const keep = wrk(api, CLIENTS, { seconds });
  const after = processorTime(installation);
  const work = Object.fromEntries(Object.keys(after).map((group) => [group, ((after[group] - before[group]) * 1000) / keep.requests]));
  const freshNginx = wrk(nginx.url, NEW_CLIENTS, { seconds: 3, body: null, close: true });
  const fresh = wrk(api, NEW_CLIENTS, { seconds: 3, close: true });
  const half = atRate(api, keep.rate / 2, { seconds });
  const few = wrk(api, FEW, { seconds: 3 });
  const fewBare = pgbench(installation, script, FEW, { seconds: 3, times: true });
  say(
    `  pgbench ${yard.rate.toFixed(0)}/s (${yard.clients} clients), reports ${keep.rate.toFixed(0)}/s; new connections ${fresh.rate.toFixed(0)}/s, nginx ${freshNginx.rate.toFixed(0)}/s; ` +
      `at half p50 ${half.p50?.toFixed(1)} ms, p99 ${half.p99?.toFixed(1)} ms; ${FEW} clients ${few.p50.toFixed(1)} ms, bare ${fewBare.p50.toFixed(1)} ms`,
  );
  return { yard, keep, work, freshNginx, fresh, half, few, fewBare };
}

function ratioRows(runs) {
  const of = (pick) => median(runs.map(pick));
  const row = (name, unit, value, yardstick, beside, digits = 0) => ({
    name,
    value: round(of(value), digits),
    unit,
    yardstick: yardstick ? round(of(yardstick), digits) : null,
    beside,
    ratio: yardstick ? round(of((r) => value(r) / yardstick(r))) : null,
  });
  return [
    row('report.keepalive', 'reports/s', (r) => r.keep.rate, (r) => r.yard.rate, 'pgbench, same rows'),
    row('report.new_connection', 'reports/s', (r) => r.fresh.rate, (r) => r.freshNginx.rate, 'nginx, static 200'),
    row('report.p50_at_half', 'ms', (r) => r.half.p50, null, null, 1),
    row('report.p99_at_half', 'ms', (r) => r.half.p99, null, null, 1),
    row('report.p50_at_10_clients', 'ms', (r) => r.few.p50, (r) => r.fewBare.p50, 'pgbench, 10 clients', 1),
    { name: 'report.added_at_10_clients', value: round(of((r) => r.few.p50 - r.fewBare.p50), 1), unit: 'ms', yardstick: null, beside: null, ratio: null },
  ];
}

/** The parts alone beside the whole: microseconds of processor time a report. */
function wholeAndParts(runs) {
  const parts = partsAlone(1024, 20000);
  const names = { seal: 'sealing', json: 'JSON', http: 'HTTP parse', tls: 'TLS record', door: 'store, our side', database: 'PostgreSQL' };
  const alone = Object.entries(names).map(([key, name]) => [name, parts[key]]);
  const work = Object.fromEntries(Object.keys(runs[0].work).map((group) => [group, round(median(runs.map((r) => r.work[group])), 0)]));
  const sum = alone.reduce((all, [, value]) => all + value, 0);
  const whole = work.intake + work.database;
  return { alone, work, sum: round(sum, 0), whole: round(whole, 0), ratio: round(whole / sum), insertsAlone: parts.inserts_per_second };
}

async function memoryRow(installation, nginx, count) {
  const ours = await idleMemory(installation.ports.intake, () => pidsOf(`recourse-intake --config ${installation.dir}`), count);
  const theirs = await idleMemory(nginx.port, nginx.pids, count);
  return [
    { name: 'idle_connection.memory', value: round(ours.each, 1), unit: `KiB, ${count} connections`, yardstick: round(theirs.each, 1), beside: 'nginx', ratio: round(ours.each / theirs.each) },
    { name: 'idle_connection.kept_after', value: round(ours.kept * 100, 0), unit: '% of it, when they have left', yardstick: round(theirs.kept * 100, 0), beside: 'nginx', ratio: null },
  ];
}

// --- telling ---

function machineLine() {
  return `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)} at the end, ${new Date().toISOString().slice(0, 10)}`;
}

function table(rows) {
  const lines = rows.map((r) => `| \`${r.name}\` | ${r.value} ${r.unit} | ${r.yardstick === null ? '' : `${r.yardstick} (${r.beside})`} | ${r.ratio ?? ''} |`);
  return ['| figure | value | yardstick | ratio |', '|---|---:|---:|---:|', ...lines].join('\n');
}

function draw(rows, cost, full) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  const put = (name, svg) => writeFileSync(join(pictures, `bench-${name}.svg`), svg);
  const whole = Object.entries(cost.work).map(([name, value]) => [`${name} (whole)`, value]);
  put('cost', piles('What a report costs', 'µs of processor time: the parts alone, and the whole under load', [['the parts alone', cost.alone], ['intake and PostgreSQL', whole.slice(0, 2)], ['and what opens it', whole]]));
  const keep = rows.find((r) => r.name === 'report.keepalive'), fresh = rows.find((r) => r.name === 'report.new_connection');
  put('rates', bars('Reports beside their yardsticks', 'a second', [['reports', keep.value], ['pgbench', keep.yardstick], ['new connections', fresh.value], ['nginx', fresh.yardstick]]));
  if (!full) return;
  put('size', bars('Rate against size of the text', 'reports a second', full.sizes.map((r) => [`${r.size} B`, r.rate])));
  put('workers', bars('Rate against workers', 'reports a second', full.workers.map((r) => [`${r.workers}`, r.rate])));
  put('rows', bars('Rate against cases already stored', 'reports a second', full.stored.map((r) => [r.rows.toLocaleString('en'), r.rate])));
}

async function main() {
  for (const tool of ['wrk', 'h2load', 'nginx', 'openssl', 'pgrep']) if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) throw new Error(`${tool} is not installed; ./bench installs it`);
  const started = Date.now();
  say('Starting an installation of its own (nothing of yours is touched; reports are not counted, docs/abuse.md) ...');
  const installation = await startInstallation({ build: 'build' });
  const api = `https://127.0.0.1:${installation.ports.intake}/api/v1/reports`;
  const nginx = await startNginx(2);
  const runs = [];
  let rows, cost, full = null;
  try {
    wrk(api, 8, { seconds: 2 });
    let clientCounts = [8, 16, 32, 64];
    for (let i = 0; i < repeat; i++) {
      say(`Run ${i + 1} of ${repeat} ...`);
      runs.push(oneRun(installation, nginx, api, clientCounts));
      // The best of all four once; then that one and its neighbour, which is as good.
      if (!isFull) clientCounts = [runs[0].yard.clients, runs[0].yard.clients === 64 ? 32 : runs[0].yard.clients * 2];
    }
    rows = ratioRows(runs);
    const idle = isFull ? 10000 : 2000;
    say(`Holding ${idle} idle TLS connections ...`);
    rows.push(...(await memoryRow(installation, nginx, idle)));
    say('The parts, each alone ...');
    cost = wholeAndParts(runs);
    if (isFull) full = await fullFigures(installation, api, { seconds, repeat, rowCounts });
    if (full) rows.push(...full.restarts);
  } finally {
    nginx.stop();
    await installation.stop();
  }
  draw(rows, cost, full);
  if (args.includes('--json')) {
    console.log(JSON.stringify({ machine: machineLine(), rows, cost, full }));
    return;
  }
  console.log(`\n${machineLine()}; medians of ${repeat} runs of ${seconds} s; ${Math.round((Date.now() - started) / 1000)} s in all\n\n${table(rows)}`);
  console.log(`\nProcessor time a report, in µs. The parts alone: ${cost.alone.map(([name, value]) => `${name} ${value}`).join(', ')}; sum ${cost.sum}.`);
  console.log(`The whole under load: intake and its part of PostgreSQL ${cost.whole}, which is ${cost.ratio} of the sum (${Object.entries(cost.work).map(([name, value]) => `${name} ${value}`).join(', ')}).`);
  console.log(`The store alone, in batches: ${cost.insertsAlone} units a second.`);
  if (!full) return;
  for (const [name, list] of Object.entries({ size: full.sizes, workers: full.workers, rows: full.stored }))
    console.log(`\n| ${name} | reports/s | of the first |\n|---:|---:|---:|\n${list.map((r) => `| ${r[name]} | ${r.rate} | ${r.ratio} |`).join('\n')}`);
  console.log(`\nPostgreSQL's log for each report: ${full.stored.map((r) => `with ${r.rows} cases ${r.wal_kib} KiB, of that ${r.whole_pages} whole pages`).join('; ')}.`);
}

main().catch((error) => {
  say(`bench: ${error.message}`);
  process.exit(1);
});
