// What ./bench measures with: wrk and h2load against a server, pgbench against its database, nginx beside it, and the
// processor time that each process of the installation used meanwhile.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { freePortBase } from '../support/installation.mjs';

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const say = (text) => process.stderr.write(`${text}\n`);
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const round = (value, digits = 2) => Number(value.toFixed(digits));
export const dir = mkdtempSync(join(tmpdir(), 'recourse-bench-'));
chmodSync(dir, 0o755);
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

export function run(command, parameters, options = {}) {
  const done = spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${command} failed: ${(done.stderr || done.error?.message || '').slice(0, 500)}`);
  return done.stdout;
}

/** A report with so many bytes of text; no Idempotency-Key, so that each is a case of its own. */
export function report(size) {
  return JSON.stringify({ kind: 'grievance', language: 'en', text: 'The machine at the gate stops us. '.repeat(Math.ceil(size / 34)).slice(0, size) });
}

// --- load ---

function wrkScript({ body, close }) {
  const path = join(dir, 'load.lua');
  writeFileSync(
    path,
    `${body ? `wrk.method = "POST"\nwrk.body = [==[${body}]==]\nwrk.headers["Content-Type"] = "application/json"` : ''}
${close ? 'wrk.headers["Connection"] = "close"' : ''}
done = function(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, latency:percentile(50), latency:percentile(99)))
end
`,
  );
  return path;
}

/** As much as `clients` can: answers a second, errors, p50 and p99 in ms. `body` null: GET. */
export function wrk(url, clients, { seconds, body = report(1024), close = false }) {
  const out = run('wrk', ['-t1', `-c${clients}`, `-d${seconds}s`, '--timeout', '20s', '-s', wrkScript({ body, close }), url]);
  const [, requests, micros, errors, p50, p99] = out.match(/RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/).map(Number);
  if (errors) say(`  ${errors} answers were not what they should be`);
  return { rate: (requests * 1e6) / micros, requests, errors, p50: p50 / 1000, p99: p99 / 1000 };
}

/** At a fixed rate: each of 32 clients sends on a timer; latencies from the log of every request, in ms. */
export function atRate(url, rate, { seconds }) {
  const log = join(dir, 'h2load.log'), bodyFile = join(dir, 'report.json'), clients = 32;
  writeFileSync(bodyFile, report(1024));
  rmSync(log, { force: true });
  run('h2load', ['--h1', '-t1', `-c${clients}`, `-D${seconds}`, `--rps=${Math.max(1, rate / clients).toFixed(2)}`, '-d', bodyFile, '-H', 'content-type: application/json', `--log-file=${log}`, url]);
  const rows = readFileSync(log, 'utf8').trim().split('\n').map((line) => line.split('\t').map(Number));
  const times = rows.filter((r) => r[1] === 201).map((r) => r[2] / 1000).sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length * 0.5)], p99: times[Math.floor(times.length * 0.99)], bad: rows.length - times.length };
}

// --- processes ---

export function pidsOf(pattern) {
  return spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number).filter((pid) => pid !== process.pid);
}

export const childrenOf = (pid) => spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);

export const postmasterOf = (installation) => Number(readFileSync(join(installation.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);

/** Milliseconds of processor time so far: intake, the database's work for it, vaults, the database's work for them, keys. */
export function processorTime(installation) {
  const times = { intake: 0, database: 0, vault: 0, 'database for vaults': 0, keys: 0 };
  const main = postmasterOf(installation);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
      let group = command.includes(installation.dir) && command.match(/recourse-(intake|vault|keys) --config/)?.[1];
      // Not those of pgbench, which have come and gone.
      if (Number(fields[1]) === main) group = command.includes('recourse_vault') ? 'database for vaults' : /recourse_intake|writer|checkpointer/.test(command) && 'database';
      if (group) times[group] += (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      // It ended while we looked.
    }
  }
  return times;
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

/** KiB of each of `count` idle TLS connections that have had one answer, and what part of it stays when they have left. */
export async function idleMemory(port, pids, count) {
  await pause(1500);
  const before = pss(pids());
  const sockets = [];
  for (let i = 0; i < count; i += 100) {
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
  const during = pss(pids());
  for (const socket of sockets) socket.destroy();
  await pause(3000);
  return { each: (during - before) / count, kept: (pss(pids()) - before) / (during - before) };
}

// --- yardsticks ---

export async function startNginx(workers) {
  const port = await freePortBase();
  const conf = join(dir, 'nginx.conf');
  writeFileSync(
    conf,
    `worker_processes ${workers}; pid ${dir}/nginx.pid; error_log /dev/null; daemon off;
worker_rlimit_nofile 20000;
events { worker_connections 12000; }
http { access_log off; keepalive_timeout 300s; keepalive_requests 1000000;
  client_body_temp_path ${dir}; proxy_temp_path ${dir}; fastcgi_temp_path ${dir}; uwsgi_temp_path ${dir}; scgi_temp_path ${dir};
  server { listen 127.0.0.1:${port} ssl reuseport; ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
    location /static/ { root ${dir}; default_type text/html; }
    location / { default_type text/html; return 200 "ok\\n"; } } }
`,
  );
  run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', `${dir}/key.pem`, '-out', `${dir}/cert.pem`], { stdio: 'pipe' });
  const child = spawn('nginx', ['-c', conf, '-p', dir], { stdio: 'ignore' });
  await pause(800);
  return { port, url: `https://127.0.0.1:${port}/`, stop: () => child.kill('SIGTERM'), pids: () => [child.pid, ...childrenOf(child.pid)] };
}

/** Tables of the same columns and indexes, empty, and the rows of one report by one prepared statement. */
export function makeYardstick(installation) {
  const tables = ['sealed_case', 'case_key', 'message', 'inbox'];
  installation.superuserQuery(
    ['DROP SCHEMA IF EXISTS yardstick CASCADE', 'CREATE SCHEMA yardstick', ...tables.map((t) => `CREATE TABLE yardstick.${t} (LIKE recourse.${t} INCLUDING ALL)`)].join('; '),
  );
  const bodySize = Number(installation.superuserQuery('SELECT octet_length(body) FROM recourse.message ORDER BY pos DESC LIMIT 1').trim());
  const script = join(dir, 'yardstick.sql');
  writeFileSync(
    script,
    `WITH c AS (INSERT INTO yardstick.sealed_case SELECT gen_random_uuid(), 1, 'usual', '2033-11-01' RETURNING case_id),
m AS (INSERT INTO yardstick.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body) SELECT gen_random_uuid(), case_id, 1, 1, 1, 1, 2, 1, 1, 1, decode(repeat('5a', ${bodySize}), 'hex') FROM c RETURNING row_id),
k AS (INSERT INTO yardstick.case_key SELECT case_id, r.root, 1, r.kind, sha256(uuid_send(case_id)), 1, decode(repeat('5a', 83), 'hex'), decode(repeat('5a', 32), 'hex') FROM c, (VALUES (1::smallint, 1::smallint), (2, 1), (1, 2)) AS r(root, kind))
INSERT INTO yardstick.inbox (desk, row_id) SELECT 'usual', row_id FROM m;\n`,
  );
  chmodSync(script, 0o644);
  return script;
}

/** pgbench with that script: inserts a second; with `times` the median time of one in ms, too. */
export function pgbench(installation, script, clients, { seconds, times: wanted = false }) {
  const log = wanted ? ['-l', `--log-prefix=${join(dir, 'pgbench')}`] : [];
  const out = installation.superuserCommand('pgbench', ['-n', '-M', 'prepared', '-f', script, '-c', String(clients), '-j', '2', '-T', String(seconds), ...log, installation.databaseName]);
  const times = [];
  for (const name of readdirSync(dir).filter((n) => n.startsWith('pgbench.'))) {
    for (const line of readFileSync(join(dir, name), 'utf8').split('\n')) if (line) times.push(Number(line.split(' ')[2]) / 1000);
    rmSync(join(dir, name));
  }
  return { rate: Number(out.match(/tps = ([\d.]+)/)[1]), p50: times.length ? median(times) : null, clients };
}
