// A whole installation for a flow test: its own folder, ports, PostgreSQL and processes, started by `recourse up`.
//
//   const house = await startInstallation();
//   house.ports.intake, house.cli('staff', 'token', 'officer'), house.superuserQuery('SELECT 1'), ...
//   await house.stop({ canaries: ['a sentence that may be nowhere'] });
//
// RECOURSE_BUILD names the folder of the executables (default build-asan).
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, chmodSync, readFileSync, readdirSync, rmSync, existsSync, statSync, lstatSync } from 'node:fs';
import { request } from 'node:https';
import { request as plainRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeze } from './freeze.mjs';
import { holdIntake, isIntake } from './schema.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const asRoot = process.getuid() === 0;

const READY_MS = 120_000;
const STOP_MS = 60_000;
const READY = /is running; Ctrl-C stops it\.[\s\S]*sms\/CHANNEL\n/;
const OFFSETS = { intake: 0, console: 1, sms: 2, intakeHealth: 10, consoleHealth: 11, smsHealth: 12, smsPlain: 20 };

function isFree(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => probe.close(() => done(true)));
  });
}

// Held until this process ends: of two that start at the same moment one gets it, and neither finds the other's ports free.
function isOurs(port) {
  return new Promise((done) => {
    const held = createServer();
    held.unref();
    held.once('error', () => done(false));
    held.listen({ port, host: '127.0.0.1', exclusive: true }, () => done(true));
  });
}

/** A first port such that all the ports behind it that an installation uses are free; below the ephemeral ones. */
export async function freePortBase() {
  for (;;) {
    const base = 12000 + 25 * Math.floor(Math.random() * 700);
    if (!(await isOurs(base + 24))) continue;
    const free = await Promise.all(Object.values(OFFSETS).map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

/** Ask until `check` gives something true; its last value. */
export async function until(check, { ms = 20_000, every = 50, what = 'it' } = {}) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await pause(every);
  }
}

/** One request over a certificate that nobody has signed. `body` text, Buffer, or an object that is sent as JSON. What intake's
 *  API answers is what its description says, or this throws. */
export async function ask(url, { method, headers = {}, body, agent = false } = {}) {
  const json = body && typeof body === 'object' && !Buffer.isBuffer(body);
  const bytes = json ? JSON.stringify(body) : body;
  const how = method ?? (bytes === undefined ? 'GET' : 'POST');
  const answer = await send(url, how, headers, json, bytes, agent);
  const { port, pathname } = new URL(url);
  holdIntake(how, port, pathname, answer);
  return answer;
}

function send(url, method, headers, json, bytes, agent) {
  const open = url.startsWith('https:') ? request : plainRequest;
  return new Promise((done, fail) => {
    const req = open(
      url,
      {
        method,
        rejectUnauthorized: false,
        agent,
        headers: {
          ...(json ? { 'content-type': 'application/json' } : {}),
          ...(bytes === undefined ? {} : { 'content-length': Buffer.byteLength(bytes) }),
          ...headers,
        },
      },
      (res) => {
        const pieces = [];
        res.on('data', (piece) => pieces.push(piece));
        res.on('error', fail);
        res.on('end', () => {
          const bytes = Buffer.concat(pieces), text = bytes.toString('utf8');
          done({ status: res.statusCode, headers: res.headers, bytes, text, json: () => JSON.parse(text) });
        });
      },
    );
    req.setTimeout(30_000, () => req.destroy(new Error('no answer within 30 s')));
    req.on('error', fail);
    req.end(bytes);
  });
}

/** Pids of all processes whose command line names `dir`, whoever runs them. */
export function processesOf(dir) {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '')[0];
      if (command.includes(dir) && Number(pid) !== process.pid && state !== 'Z') found.push({ pid: Number(pid), command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function* filesBelow(path) {
  for (const name of readdirSync(path)) {
    const at = join(path, name);
    let stat;
    try {
      stat = lstatSync(at);
    } catch {
      continue;
    }
    if (stat.isDirectory()) yield* filesBelow(at);
    else if (stat.isFile()) yield at;
  }
}

/** How a planted text could lie in a file: as it is, as UTF-16 (texts of telephones), as hex (dumps of bytea), as base64 of at least
 *  `shortest` bytes. */
function formsOf(text, shortest = 9) {
  const bytes = Buffer.from(text, 'utf8');
  const swapped = Buffer.from(text, 'utf16le').swap16();
  const forms = [bytes, swapped, Buffer.from(text, 'utf16le'), Buffer.from(bytes.toString('hex')), Buffer.from(swapped.toString('hex'))];
  // Base64 of the middle, at each of the three ways to cut it into threes.
  for (let cut = 0; cut < 3; cut++) {
    const length = Math.floor((bytes.length - cut) / 3) * 3;
    if (length >= shortest) forms.push(Buffer.from(bytes.subarray(cut, cut + length).toString('base64')));
  }
  return forms;
}

function beginningOf(texts) {
  const [first, ...others] = texts;
  let length = 0;
  while (length < first.length && others.every((text) => text[length] === first[length])) length++;
  return first.slice(0, length);
}

function findIn(bytes, canaries) {
  // Most tests plant texts that begin alike ("canary-"): where no form of that beginning lies, none of them does.
  const beginning = beginningOf(canaries);
  if (/^[ -~]{5,}$/.test(beginning) && !formsOf(beginning, 3).some((form) => bytes.includes(form))) return [];
  return canaries.filter((text) => formsOf(text).some((form) => bytes.includes(form)));
}

const coreFolders = () => {
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  return [root, '/', '/tmp', ...(isAbsolute(pattern) ? [dirname(pattern)] : [])];
};

export class Installation {
  constructor({ dir, base, build, env, args, budgets }) {
    Object.assign(this, { dir, base, build, args, budgets, officer: null, output: '' });
    this.env = { ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1', ...process.env, ...env };
    this.ports = Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset]));
    this.urls = {
      intake: `https://localhost:${this.ports.intake}`,
      console: `https://localhost:${this.ports.console}`,
      sms: `https://localhost:${this.ports.sms}`,
      smsPlain: `http://127.0.0.1:${this.ports.smsPlain}`,
    };
    isIntake(this.ports.intake);
    this.databaseName = 'recourse';
    this.launcher = null;
    this.startedAt = new Date();
  }

  /** Start the launcher; resolves when what it prints has `ready`. */
  async start({ args = [], ready = READY, stdin = 'ignore' } = {}) {
    const from = this.output.length;
    const isFresh = !existsSync(join(this.dir, 'recourse.ini'));
    const fresh = isFresh && !this.budgets ? ['--no-budgets'] : [];
    this.launcher = spawn(join(this.build, 'recourse'), ['--data', this.dir, 'up', '--port', String(this.base), ...fresh, ...this.args, ...args], {
      env: this.env,
      stdio: [stdin, 'pipe', 'pipe'],
    });
    const launcher = this.launcher;
    this.ended = new Promise((done) => launcher.once('exit', (code, signal) => done({ code, signal })));
    for (const stream of [launcher.stdout, launcher.stderr]) stream.on('data', (piece) => (this.output += piece));
    let ended = null;
    this.ended.then((how) => (ended = how));
    await until(() => ended || ready.test(this.output.slice(from)), { ms: READY_MS, every: 20, what: 'the start' }).catch((cause) => {
      launcher.kill('SIGTERM');
      throw new Error(`${cause.message}\n${this.output}\n${this.logs()}`);
    });
    if (ended) throw new Error(`recourse up ended (${JSON.stringify(ended)}):\n${this.output}\n${this.logs()}`);
    // The first login stands on the line behind the addresses, once.
    if (isFresh) await until(() => /first staff login .*\n|first officer could not/.test(this.output), { what: 'the first login' }).catch(() => {});
    const login = this.output.match(/first staff login +name (\S+), password (\S+)/);
    if (login) this.officer = { name: login[1], password: login[2] };
    return this;
  }

  /** Stop the launcher and all with it; {code, signal}. */
  async halt(signal = 'SIGTERM') {
    if (!this.launcher) return null;
    this.launcher.kill(signal);
    const late = setTimeout(() => this.launcher?.kill('SIGKILL'), STOP_MS);
    const how = await this.ended;
    clearTimeout(late);
    this.launcher = null;
    return how;
  }

  /** `recourse --data DIR ...`: what it printed; throws when it fails. */
  cli(...args) {
    const done = this.tryCli(...args);
    if (done.code !== 0) throw new Error(`recourse ${args.slice(0, 2).join(' ')}: ${done.stderr}`);
    return done.stdout;
  }

  tryCli(...args) {
    const fresh = args[0] === 'init' && !this.budgets ? ['--no-budgets'] : [];
    const done = spawnSync(join(this.build, 'recourse'), ['--data', this.dir, ...args, ...fresh], { env: this.env, encoding: 'utf8', input: '' });
    return { code: done.status, stdout: done.stdout, stderr: done.stderr };
  }

  /** A token for the staff API, for someone who is admitted. */
  token(name, ...more) {
    return this.cli('staff', 'token', name, ...more).trimEnd().split('\n').pop();
  }

  /** A PostgreSQL program as the cluster's superuser, on a connection of its own. */
  superuserCommand(program, args, { input } = {}) {
    const done = spawnSync(program, args, {
      env: { ...process.env, PGHOST: join(this.dir, 'run/pg'), PGUSER: 'recourse-db', PGDATABASE: this.databaseName },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      timeout: 120_000, // a database that stands still would stop the test's own clock
      input,
    });
    if (done.status !== 0) throw new Error(`${program}: ${done.error ?? done.stderr}`);
    return done.stdout;
  }

  /** SQL as the superuser; rows as text, columns divided by |. */
  superuserQuery(sql) {
    return this.superuserCommand('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql]);
  }

  /** Every process of the cluster stands still: nothing answers, nothing closes. Returns what lets them go on. */
  freezeDatabase() {
    const main = Number(readFileSync(join(this.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
    return freeze(main);
  }

  /** The cluster ends at once, as by a crash, and cannot start again. Returns what lets it; the launcher then brings it back. */
  holdDatabaseDown() {
    const data = join(this.dir, 'pg');
    const main = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    chmodSync(data, 0o000);
    process.kill(main, 'SIGQUIT');
    return () => chmodSync(data, 0o700);
  }

  /** One of the numbers of /metrics; `room` is intake, console or sms. NaN when there is none of that name. */
  async metric(room, name) {
    const answer = await ask(`http://127.0.0.1:${this.ports[`${room}Health`]}/metrics`);
    return Number(answer.text.match(new RegExp(`^${name} (\\d+)$`, 'm'))?.[1]);
  }

  logs(process) {
    const folder = join(this.dir, 'log');
    if (!existsSync(folder)) return '';
    return readdirSync(folder)
      .filter((name) => !process || name === `${process}.log`)
      .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^/gm, `${name}: `))
      .join('\n');
  }

  /** Sanitizers and failed assertions end a process; the launcher starts it again, so look for them. */
  faults() {
    return this.logs()
      .split('\n')
      .filter((line) => /AddressSanitizer|runtime error:|LeakSanitizer|need_failed|Assertion/.test(line));
  }

  /** Where any of the planted texts lies: logs, what was printed, every byte of the folder, a dump, core files. */
  findCanaries(canaries) {
    const found = [];
    const look = (where, bytes) => found.push(...findIn(bytes, canaries).map((text) => `${where} holds "${text}"`));
    look('what recourse up printed', Buffer.from(this.output));
    if (this.launcher && existsSync(join(this.dir, 'pg'))) {
      look('pg_dump', Buffer.from(this.superuserCommand('pg_dumpall', ['--no-role-passwords'])));
      this.superuserQuery('CHECKPOINT');
    }
    for (const path of filesBelow(this.dir)) {
      try {
        look(path.slice(this.dir.length + 1), readFileSync(path));
      } catch (cause) {
        if (cause.code !== 'ENOENT') throw cause;
      }
    }
    for (const folder of coreFolders())
      for (const name of existsSync(folder) ? readdirSync(folder) : [])
        if (/^core(\.|$)/.test(name) && statSync(join(folder, name)).isFile() && statSync(join(folder, name)).mtime > this.startedAt)
          found.push(`${join(folder, name)} is a core file`);
    return [...new Set(found)];
  }

  /** Throws when a planted text is anywhere. */
  canaryCheck(canaries) {
    const found = this.findCanaries(canaries);
    if (found.length) throw new Error(`Planted texts were found:\n${found.join('\n')}`);
  }

  /** The end of a test: look for canaries while it runs and after, stop, see that nothing is left, remove the folder. */
  async stop({ canaries = [], keep = false } = {}) {
    const problems = [];
    try {
      if (this.launcher && canaries.length) problems.push(...this.findCanaries(canaries));
    } catch (cause) {
      problems.push(cause.message);
    }
    const how = await this.halt();
    if (how && how.code !== 0) problems.push(`recourse up ended with ${JSON.stringify(how)}\n${this.output}`);
    if (canaries.length) problems.push(...this.findCanaries(canaries));
    problems.push(...processesOf(this.dir).map(({ command }) => `still running: ${command}`));
    problems.push(...this.faults());
    process.off('exit', this.atExit);
    if (!keep && !process.env.RECOURSE_KEEP) rmSync(this.dir, { recursive: true, force: true });
    if (problems.length) throw new Error([...new Set(problems)].join('\n'));
  }
}

/** A fresh installation, not yet started. `args` go to `recourse up` at every start. All that a test sends comes from one
 * network: without `budgets` nothing is counted, or it would be set aside as a flood (docs/abuse.md). */
export async function makeInstallation({ build, args = [], env = {}, budgets = false } = {}) {
  const folder = build ?? process.env.RECOURSE_BUILD ?? 'build-asan';
  const dir = mkdtempSync(join(tmpdir(), 'rc-'));
  chmodSync(dir, 0o755);
  const house = new Installation({ dir, base: await freePortBase(), build: isAbsolute(folder) ? folder : join(root, folder), env, args, budgets });
  house.atExit = () => house.launcher?.kill('SIGTERM');
  process.on('exit', house.atExit);
  return house;
}

export async function startInstallation(options = {}) {
  const house = await makeInstallation(options);
  try {
    return await house.start();
  } catch (cause) {
    await house.stop().catch(() => {});
    throw cause;
  }
}

