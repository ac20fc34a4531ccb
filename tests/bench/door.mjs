// What the public door's pages and uploads cost: the form page and the (empty) receipt page beside a static file of the same size from
// nginx, and twenty files at once beside COPY of the same pieces into the same cluster. docs/performance.md says what each figure is.
//
// Usage: ./bench door [--seconds N] [--repeat N] [--files N] [--megabytes N]
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request, Agent } from 'node:https';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { ask, processesOf, startInstallation } from '../support/installation.mjs';
import { dir, median, pause, round, say, startNginx, wrk } from './tools.mjs';

const args = process.argv.slice(2);
const option = (name, fallback) => Number(args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const seconds = option('--seconds', 4), repeat = option('--repeat', 5), files = option('--files', 20), megabytes = option('--megabytes', 100);
const CLIENTS = 64, STREAMS = 8, PIECE = 131126, MB = 1024 * 1024;
const TUS = { 'tus-resumable': '1.0.0' };

// --- pages ---

async function pages(house, nginx) {
  const rows = [];
  for (const path of ['/report', '/receipt']) {
    const page = await ask(`${house.urls.intake}${path}?lang=en`);
    const size = Buffer.byteLength(page.text);
    mkdirSync(join(dir, 'static'), { recursive: true });
    writeFileSync(join(dir, 'static', 'page.html'), page.text);
    const ours = [], theirs = [];
    for (let i = 0; i < repeat; i++) {
      ours.push(wrk(`https://127.0.0.1:${house.ports.intake}${path}?lang=en`, CLIENTS, { seconds, body: null }).rate);
      theirs.push(wrk(`${nginx.url}static/page.html`, CLIENTS, { seconds, body: null }).rate);
    }
    rows.push([`${path}, ${size} bytes`, `${round(median(ours), 0)}/s`, `${round(median(theirs), 0)}/s`, round(median(ours.map((rate, i) => rate / theirs[i])))]);
    say(`  ${rows.at(-1).join('  ')}`);
  }
  return rows;
}

// --- uploads ---

/** Bytes of memory that are the processes' own. */
function memory(pids) {
  return pids.reduce((sum, pid) => sum + 1024 * Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss: +(\d+)/m)[1]), 0);
}

async function one(house, agent, block) {
  const key = randomBytes(24).toString('base64url'), size = megabytes * MB;
  const begun = await ask(`${house.urls.intake}/api/v1/uploads`, { method: 'POST', agent, headers: { ...TUS, 'upload-key': key, 'upload-length': String(size) }, body: '' });
  if (begun.status !== 201) throw new Error(`an upload was not begun: ${begun.status}`);
  await new Promise((done, fail) => {
    const req = request(`${house.urls.intake}${begun.headers.location}`, { method: 'PATCH', agent, rejectUnauthorized: false, headers: { ...TUS, 'upload-key': key, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': String(size) } }, (res) => {
      res.resume();
      res.on('end', () => (res.statusCode === 204 ? done() : fail(new Error(`an upload ended with ${res.statusCode}`))));
    });
    req.on('error', fail);
    let left = size;
    const more = () => {
      while (left > 0) {
        left -= block.length;
        if (!req.write(block)) return req.once('drain', more);
      }
      req.end();
    };
    more();
  });
}

async function uploads(house, pids) {
  const block = randomBytes(MB), before = memory(pids());
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memory(pids()))), 200);
  const agent = new Agent({ keepAlive: true, maxSockets: files });
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: files }, () => one(house, agent, block)));
  const took = Number(process.hrtime.bigint() - started) / 1e9;
  clearInterval(watch);
  agent.destroy();
  return { rate: (files * megabytes) / took, grew: (most - before) / MB };
}

/** The same pieces by COPY, in eight streams, into a table of the same columns and index. */
async function copies(house) {
  house.superuserQuery('DROP SCHEMA IF EXISTS yardstick CASCADE; CREATE SCHEMA yardstick; CREATE TABLE yardstick.piece (upload_id uuid NOT NULL DEFAULT gen_random_uuid(), n int NOT NULL, body bytea NOT NULL, PRIMARY KEY (upload_id, n)); ALTER TABLE yardstick.piece ALTER body SET STORAGE EXTERNAL');
  const count = Math.ceil((files * megabytes * MB) / PIECE / STREAMS), file = join(dir, 'pieces.copy');
  const line = `0\t\\\\x${randomBytes(PIECE).toString('hex')}\n`;
  writeFileSync(file, line.repeat(Math.min(count, 400)), { mode: 0o644 });
  const env = { ...process.env, PGHOST: join(house.dir, 'run/pg'), PGUSER: 'recourse-db', PGDATABASE: house.databaseName };
  const rounds = Math.ceil(count / 400);
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: STREAMS }, () => new Promise((done, fail) => {
    const commands = Array.from({ length: rounds }, () => ['-c', `\\copy yardstick.piece (n, body) from '${file}'`]).flat();
    spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...commands], { env, stdio: 'ignore' }).on('exit', (code) => (code === 0 ? done() : fail(new Error('psql failed'))));
  })));
  const took = Number(process.hrtime.bigint() - started) / 1e9;
  return (STREAMS * rounds * Math.min(count, 400) * PIECE) / MB / took;
}

async function main() {
  say('Starting an installation of its own (nothing of yours is touched) ...');
  const house = await startInstallation({ build: 'build' });
  const nginx = await startNginx(2);
  const pids = () => processesOf(house.dir).filter(({ command }) => command.includes('recourse-intake')).map(({ pid }) => pid);
  try {
    const rows = await pages(house, nginx);
    const ours = [], theirs = [], grew = [];
    for (let i = 0; i < Math.min(repeat, 3); i++) {
      house.superuserQuery('TRUNCATE recourse.piece, recourse.upload; CHECKPOINT');
      theirs.push(await copies(house));
      house.superuserQuery('DROP SCHEMA yardstick CASCADE; CHECKPOINT');
      await pause(1000);
      const run = await uploads(house, pids);
      ours.push(run.rate);
      grew.push(run.grew);
      say(`  uploads ${round(run.rate, 1)} MB/s, COPY ${round(theirs.at(-1), 1)} MB/s, intake grew by ${round(run.grew, 1)} MB`);
    }
    rows.push([`${files} files of ${megabytes} MB at once`, `${round(median(ours), 1)} MB/s`, `${round(median(theirs), 1)} MB/s by COPY`, round(median(ours.map((rate, i) => rate / theirs[i])))]);
    rows.push(['memory of intake meanwhile, above what it has', `${round(median(grew), 1)} MB`, '', '']);
    console.log(`\n${cpus().length} cores (${cpus()[0].model.trim()}), load ${loadavg()[0].toFixed(1)}; medians of ${repeat} runs of ${seconds} s, of uploads ${Math.min(repeat, 3)}\n`);
    console.log('| what | recourse | beside | ratio |\n|---|---:|---:|---:|');
    for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  } finally {
    nginx.stop();
    await house.stop();
  }
}

main().catch((error) => {
  say(`bench door: ${error.message}`);
  process.exit(1);
});
