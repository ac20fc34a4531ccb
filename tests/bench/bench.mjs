// What a report costs, as ratios against yardsticks measured in the same run on the same machine.
//
//   report.keepalive        durable sealed reports a second over keep-alive TLS, against pgbench inserting rows of the same
//                           number, size and indexes into the same cluster at its best client count
//   report.new_connection   the same with a new TLS connection for each report, against nginx answering a static 200 so
//   report.p99_at_half      p99 in ms at half of the top rate (p50 beside it)
//   idle_connection.memory  KiB of each of 2,000 idle TLS connections, beside nginx
//
// Usage: ./bench [--json] [--seconds N] [--repeat N]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync, chmodSync, existsSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, dirname } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '../support/installation.mjs';
import { freePort } from '../support/kannel.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : fallback);
const asJson = args.includes('--json');
const seconds = option('--seconds', 5);
const repeat = option('--repeat', 3);
const idleCount = 2000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (text) => process.stderr.write(`${text}\n`);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const dir = mkdtempSync(join(tmpdir(), 'recourse-bench-'));
chmodSync(dir, 0o755);

function run(command, parameters, options = {}) {
  const done = spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (done.status !== 0) throw new Error(`${command} failed: ${(done.stderr || done.error?.message || '').slice(0, 500)}`);
  return done.stdout;
}

// 1 KiB of text in each report; no Idempotency-Key, so that each is a case of its own.
const report = JSON.stringify({ kind: 'grievance', language: 'en', text: 'The machine at the gate stops us. '.repeat(31).slice(0, 1024) });
const bodyFile = join(dir, 'report.json');
writeFileSync(bodyFile, report);

const wrkScript = join(dir, 'post.lua');
writeFileSync(
  wrkScript,
  `wrk.method = "POST"
wrk.body = [==[${report}]==]
wrk.headers["Content-Type"] = "application/json"
if os.getenv("CLOSE") == "1" then wrk.headers["Connection"] = "close" end
local bad = 0
response = function(status) if status ~= 201 then bad = bad + 1 end end
done = function(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, latency:percentile(50), latency:percentile(99)))
end
`,
);
const wrkGet = join(dir, 'get.lua');
writeFileSync(wrkGet, readFileSync(wrkScript, 'utf8').replace(/wrk\.method[^\n]*\n/, '').replace(/wrk\.body = \[==\[[^\n]*\]==\]\n/, '').replace(/wrk\.headers\["Content-Type"\][^\n]*\n/, '').replace('~= 201', '~= 200'));

function wrk(url, clients, { close = false, script = wrkScript } = {}) {
  const out = run('wrk', ['-t1', `-c${clients}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, url], { env: { ...process.env, CLOSE: close ? '1' : '0' } });
  const [, requests, micros, errors] = out.match(/RESULT (\d+) (\d+) (\d+)/).map(Number);
  return { rate: (requests * 1e6) / micros, errors };
}

// At a fixed rate: each of 32 clients sends on a timer, latencies from the log of every request.
function atRate(url, rate) {
  const log = join(dir, 'h2load.log');
  rmSync(log, { force: true });
  const clients = 32;
  run('h2load', ['--h1', '-t1', `-c${clients}`, `-D${seconds}`, `--rps=${Math.max(1, rate / clients).toFixed(2)}`, '-d', bodyFile, '-H', 'content-type: application/json', `--log-file=${log}`, url]);
  const rows = readFileSync(log, 'utf8').trim().split('\n').map((line) => line.split('\t').map(Number));
  const times = rows.filter((r) => r[1] === 201).map((r) => r[2] / 1000).sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length * 0.5)], p99: times[Math.floor(times.length * 0.99)], bad: rows.length - times.length };
}

function pss(pids) {
  return pids.reduce((sum, pid) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]);
    } catch {
      return sum;
    }
  }, 0);
}
const pidsOf = (pattern) => spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number).filter((pid) => pid !== process.pid);

// Who works while reports come in: milliseconds of processor time for each report, by group of processes.
const groups = ['recourse-intake', 'recourse-vault', 'recourse-keys', 'postgres', 'wrk'];
function processorTime() {
  const times = Object.fromEntries(groups.map((g) => [g, 0]));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      const group = groups.find((g) => g.startsWith(name) || name.startsWith(g));
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // With the children that have ended: wrk is gone when we look.
      if (group) times[group] += (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      // It ended while we looked.
    }
  }
  return times;
}

async function idleMemory(port, pids) {
  await pause(1500);
  const before = pss(pids());
  const sockets = [];
  for (let i = 0; i < idleCount; i += 100) {
    await Promise.all(
      Array.from({ length: 100 }, () => new Promise((done, fail) => {
        const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, servername: 'localhost' }, () => {
          socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
          socket.once('data', () => done());
        });
        socket.on('error', fail);
        sockets.push(socket);
      })),
    );
  }
  await pause(1500);
  const after = pss(pids());
  for (const socket of sockets) socket.destroy();
  await pause(500);
  return (after - before) / idleCount;
}

async function startNginx(installation) {
  const port = await freePort();
  const conf = join(dir, 'nginx.conf');
  writeFileSync(
    conf,
    `worker_processes ${installation.workers ?? 2}; pid ${dir}/nginx.pid; error_log /dev/null; daemon off;
worker_rlimit_nofile 20000;
events { worker_connections 8000; }
http { access_log off; keepalive_timeout 300s; keepalive_requests 1000000;
  client_body_temp_path ${dir}; proxy_temp_path ${dir}; fastcgi_temp_path ${dir}; uwsgi_temp_path ${dir}; scgi_temp_path ${dir};
  server { listen 127.0.0.1:${port} ssl reuseport; ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
    location / { default_type text/html; return 200 "ok\\n"; } } }
`,
  );
  run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', `${dir}/key.pem`, '-out', `${dir}/cert.pem`], { stdio: 'pipe' });
  const child = spawn('nginx', ['-c', conf, '-p', dir], { stdio: 'ignore' });
  await pause(800);
  return { port, stop: () => child.kill('SIGTERM'), pids: () => [child.pid, ...spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number)] };
}

// The yardstick: the rows of one report, in tables of the same columns and indexes, by one prepared statement.
function yardstick(installation) {
  const tables = ['sealed_case', 'case_key', 'message', 'inbox'];
  installation.superuserQuery(
    ['DROP SCHEMA IF EXISTS yardstick CASCADE', 'CREATE SCHEMA yardstick', ...tables.map((t) => `CREATE TABLE yardstick.${t} (LIKE recourse.${t} INCLUDING ALL)`)].join('; '),
  );
  const bodySize = Number(installation.superuserQuery('SELECT coalesce(max(octet_length(body)), 1200) FROM recourse.message').trim());
  const script = join(dir, 'yardstick.sql');
  writeFileSync(
    script,
    `WITH c AS (INSERT INTO yardstick.sealed_case SELECT gen_random_uuid(), 1, 'usual', '2033-11-01' RETURNING case_id),
m AS (INSERT INTO yardstick.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body) SELECT gen_random_uuid(), case_id, 1, 1, 1, 1, 2, 1, 1, 1, decode(repeat('5a', ${bodySize}), 'hex') FROM c RETURNING row_id),
k AS (INSERT INTO yardstick.case_key SELECT case_id, r.root, 1, r.kind, sha256(uuid_send(case_id)), 1, decode(repeat('5a', 83), 'hex'), decode(repeat('5a', 32), 'hex') FROM c, (VALUES (1::smallint, 1::smallint), (2, 1), (1, 2)) AS r(root, kind))
INSERT INTO yardstick.inbox (desk, row_id) SELECT 'usual', row_id FROM m;\n`,
  );
  chmodSync(script, 0o644);
  let best = { rate: 0, clients: 0 };
  for (const clients of [8, 16, 32, 64]) {
    const out = installation.superuserCommand('pgbench', ['-n', '-M', 'prepared', '-f', script, '-c', String(clients), '-j', '2', '-T', String(Math.max(3, seconds - 1)), installation.databaseName]);
    const rate = Number(out.match(/tps = ([\d.]+)/)[1]);
    if (rate > best.rate) best = { rate, clients };
  }
  return best;
}

async function main() {
  for (const tool of ['wrk', 'h2load', 'nginx', 'openssl', 'pgrep']) if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) throw new Error(`${tool} is not installed; ./bench installs it`);
  const started = Date.now();
  say('Starting an installation of its own (nothing of yours is touched) ...');
  const installation = await startInstallation({ build: 'build' });
  const api = `https://127.0.0.1:${installation.ports.intake}/api/v1/reports`;
  const intakePids = () => pidsOf(`recourse-intake --config ${installation.dir}`);
  const nginx = await startNginx(installation);
  const rows = [];
  const work = [];
  try {
    wrk(api, 8);
    const ratios = { keepalive: [], fresh: [], p50: [], p99: [] };
    const values = { keepalive: [], fresh: [], yard: [], nginx: [] };
    for (let i = 0; i < repeat; i++) {
      say(`Run ${i + 1} of ${repeat} ...`);
      const yard = yardstick(installation);
      const before = processorTime();
      const keep = wrk(api, 64);
      const after = processorTime();
      work.push(Object.fromEntries(groups.map((g) => [g, (after[g] - before[g]) / (keep.rate * seconds)])));
      if (keep.errors) say(`  ${keep.errors} answers were not 201`);
      const freshNginx = wrk(`https://127.0.0.1:${nginx.port}/`, 32, { close: true, script: wrkGet });
      const fresh = wrk(api, 32, { close: true });
      const half = atRate(api, keep.rate / 2);
      say(`  pgbench ${yard.rate.toFixed(0)}/s (${yard.clients} clients), reports ${keep.rate.toFixed(0)}/s; new connections ${fresh.rate.toFixed(0)}/s, nginx ${freshNginx.rate.toFixed(0)}/s; at half p50 ${half.p50?.toFixed(1)} ms, p99 ${half.p99?.toFixed(1)} ms`);
      values.keepalive.push(keep.rate);
      values.yard.push(yard.rate);
      values.fresh.push(fresh.rate);
      values.nginx.push(freshNginx.rate);
      ratios.keepalive.push(keep.rate / yard.rate);
      ratios.fresh.push(fresh.rate / freshNginx.rate);
      ratios.p50.push(half.p50);
      ratios.p99.push(half.p99);
    }
    say(`Holding ${idleCount} idle TLS connections ...`);
    const ours = await idleMemory(installation.ports.intake, intakePids);
    const theirs = await idleMemory(nginx.port, nginx.pids);
    const round = (value, digits = 2) => Number(value.toFixed(digits));
    rows.push(
      { name: 'report.keepalive', value: round(median(values.keepalive), 0), unit: 'reports/s', yardstick: round(median(values.yard), 0), ratio: round(median(ratios.keepalive)) },
      { name: 'report.new_connection', value: round(median(values.fresh), 0), unit: 'reports/s', yardstick: round(median(values.nginx), 0), ratio: round(median(ratios.fresh)) },
      { name: 'report.p50_at_half', value: round(median(ratios.p50)), unit: 'ms', yardstick: null, ratio: null },
      { name: 'report.p99_at_half', value: round(median(ratios.p99)), unit: 'ms', yardstick: null, ratio: null },
      { name: 'idle_connection.memory', value: round(ours, 1), unit: 'KiB', yardstick: round(theirs, 1), ratio: round(ours / theirs) },
    );
  } finally {
    nginx.stop();
    await installation.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  const machine = `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}, ${new Date().toISOString().slice(0, 10)}`;
  if (asJson) {
    console.log(JSON.stringify({ machine, rows, processor: perReport(work) }));
    return;
  }
  const yardsticks = { 'report.keepalive': 'pgbench, same rows', 'report.new_connection': 'nginx, static 200', 'idle_connection.memory': 'nginx' };
  console.log(`\n${machine}; medians of ${repeat} runs of ${seconds} s; ${Math.round((Date.now() - started) / 1000)} s in all\n`);
  console.log('| figure | value | yardstick | ratio |\n|---|---:|---:|---:|');
  for (const r of rows) console.log(`| ${r.name} | ${r.value} ${r.unit} | ${r.yardstick === null ? '' : `${r.yardstick} (${yardsticks[r.name]})`} | ${r.ratio ?? ''} |`);
  console.log(`\nProcessor time a report on keep-alive, in ms (vault and keys open, score and queue it meanwhile): ${Object.entries(perReport(work)).map(([g, ms]) => `${g} ${ms}`).join(', ')}`);
}

function perReport(work) {
  return Object.fromEntries(groups.filter((g) => g !== 'wrk').map((g) => [g, Number(median(work.map((w) => w[g])).toFixed(3))]));
}

main().catch((error) => {
  say(`bench: ${error.message}`);
  process.exit(1);
});
