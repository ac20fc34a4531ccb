// A second recourse-intake of an installation, started by the test itself so that a library can be preloaded into it: the
// launcher gives its processes a clean environment. Same keys, same database, ports of its own, one worker.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ask, asRoot, freePortBase, processesOf, until } from '../support/installation.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/* ---- nth.c ---- */

const FUNCTIONS = ['', 'malloc', 'send', 'sendmsg', 'recv', 'read', 'readv', 'write', 'writev', 'fsync', 'SSL_read', 'SSL_write', 'SSL_do_handshake', 'getrandom', 'accept4', 'socket', 'connect', 'epoll_ctl', 'PQsendPrepare', 'PQsendQueryPrepared', 'PQsendQueryParams', 'PQpipelineSync', 'PQflush', 'PQconsumeInput', 'PQconnectPoll', 'PQsetnonblocking', 'PQenterPipelineMode'];
export const functions = FUNCTIONS.slice(1);
const AT = { which: 0, pid: 4, nth: 8, counted: 16, failed: 24, clock_ms: 32, slow_sync_ms: 40, ready: 44 };
const WIDE = new Set(['nth', 'counted', 'failed', 'clock_ms']);

/** Whose calls fail: built here, told by a file. */
export class Nth {
  constructor({ withoutMalloc = false } = {}) {
    this.dir = mkdtempSync(join(tmpdir(), 'rc-nth-'));
    chmodSync(this.dir, 0o755);
    this.library = join(this.dir, 'nth.so');
    const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-fno-builtin', ...(withoutMalloc ? ['-DNTH_WITHOUT_MALLOC'] : []), '-o', this.library, join(here, 'nth.c'), '-ldl'], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
    const path = join(this.dir, 'control');
    writeFileSync(path, Buffer.alloc(64));
    chmodSync(path, 0o666);
    this.file = openSync(path, 'r+');
    this.env = { LD_PRELOAD: this.library, NTH_CONTROL: path };
  }

  set(name, value) {
    const bytes = Buffer.alloc(WIDE.has(name) ? 8 : 4);
    if (WIDE.has(name)) bytes.writeBigInt64LE(BigInt(value));
    else bytes.writeInt32LE(value);
    writeSync(this.file, bytes, 0, bytes.length, AT[name]);
  }

  get(name) {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, AT[name]);
    return WIDE.has(name) ? Number(bytes.readBigInt64LE()) : bytes.readInt32LE();
  }

  /** From now on the `nth` call of `name` fails; 0: none, it is only counted; negative: all from there on. */
  arm(name, nth, pid = 0) {
    this.set('which', 0);
    for (const [what, value] of Object.entries({ pid, nth, counted: 0, failed: 0 })) this.set(what, value);
    this.set('which', FUNCTIONS.indexOf(name));
  }

  disarm() {
    this.set('which', 0);
    return { counted: this.get('counted'), failed: this.get('failed') };
  }

  end() {
    closeSync(this.file);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/* ---- the twin ---- */

export class Twin {
  constructor(house, nth, { env = {} } = {}) {
    Object.assign(this, { house, nth, env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...nth.env, ...env } });
  }

  async start() {
    if (!this.port) {
      const base = await freePortBase();
      [this.port, this.health] = [base, base + 10];
    }
    const main = processesOf(this.house.dir).find(({ command }) => /^\S*\/recourse-intake /.test(command));
    const ini = readFileSync(join(this.house.dir, 'etc/intake.ini'), 'utf8');
    const config = join(this.nth.dir, 'twin.ini');
    // One connection, so that what is counted comes in one order.
    let text = ini.replace(/^port *=.*/m, `port = ${this.port}`).replace(/^health_port *=.*/m, `health_port = ${this.health}`).replace(/^connections *=.*\n/m, '').replace(/^workers *=.*\n/m, '');
    text = text.replace('[http]', '[http]\nworkers = 1').replace('[database]', '[database]\nconnections = 1');
    if (/^\[spool\]/m.test(ini)) text = text.replace(/(\[spool\][^[]*?folder *= *)\S+/, `$1${this.#folder('spool')}`);
    writeFileSync(config, text);
    const log = openSync(join(this.nth.dir, 'log'), 'a');
    const user = 'recourse-intake';
    const become = asRoot ? ['--reuid', user, '--regid', user, '--clear-groups'] : [];
    this.master = spawn('setpriv', [...become, '--pdeathsig', 'SIGTERM', main.command.split(' ')[0], '--config', config], { cwd: '/', env: this.env, stdio: ['ignore', log, log] });
    const { master } = this;
    this.ended = new Promise((done) => master.once('exit', (code, signal) => done({ code, signal })));
    closeSync(log);
    await this.ready();
    if (!this.nth.get('ready')) throw new Error('nth.c is not in the server');
    return this;
  }

  #folder(name) {
    const path = join(this.nth.dir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (asRoot) spawnSync('chown', ['recourse-intake:', path]);
    return path;
  }

  async ready(ms = 60_000) {
    const check = async () => (await ask(`http://127.0.0.1:${this.health}/readyz`).catch(() => ({}))).status === 200;
    await until(check, { ms, every: 10, what: 'the second door' }).catch((cause) => {
      throw new Error(`${cause.message}\n${this.log().slice(-2000)}`);
    });
  }

  worker() {
    return Number(readFileSync(`/proc/${this.master.pid}/task/${this.master.pid}/children`, 'utf8').trim().split(' ')[0]);
  }

  log() {
    return readFileSync(join(this.nth.dir, 'log'), 'utf8');
  }

  /** How often a worker stopped itself, as it does when it met what cannot be. */
  stops() {
    return (this.log().match(/what=need_failed/g) ?? []).length;
  }

  async stop(signal = 'SIGTERM') {
    this.master.kill(signal);
    return this.ended;
  }

  /** As new, without the pauses that the master makes between workers that end soon. */
  async restart() {
    const worker = this.worker();
    await this.stop('SIGKILL');
    if (worker) await until(() => !existsSync(`/proc/${worker}`), { what: 'the end of the worker' }).catch(() => process.kill(worker, 'SIGKILL'));
    return this.start();
  }
}
