// A PostgreSQL server of a test's own on 127.0.0.1, for what a private cluster of an installation cannot show: faults injected
// into the server itself, and streaming replication. Data checksums on; it dies with the test.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { pages, pgBin, rowsAndIndexes } from './pg_check.mjs';
import { freePortBase, root, until } from './installation.mjs';
import { freeze } from './freeze.mjs';

const asRoot = process.getuid() === 0;
const USER = asRoot ? 'postgres' : userInfo().username;
const PASSWORD = 'operators-own-secret';
const become = asRoot ? ['setpriv', '--reuid', USER, '--regid', USER, '--clear-groups'] : ['setpriv'];

function run(args, what) {
  const done = spawnSync(args[0], args.slice(1), { encoding: 'utf8', cwd: '/' });
  if (done.status !== 0) throw new Error(`${what}: ${done.error ?? ''}${done.stderr}`);
  return done.stdout;
}
const own = (path) => {
  if (asRoot) chownSync(path, Number(run(['id', '-u', USER], 'id')), Number(run(['id', '-g', USER], 'id')));
};

export class Cluster {
  /** Running, with the role and the database that an installation wants. `settings` are more lines of postgresql.conf. */
  static async make({ settings = '' } = {}) {
    const cluster = await Cluster.#place();
    run([...become, pgBin('initdb'), '-D', cluster.data, '-U', 'postgres', '-A', 'trust', '--data-checksums', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'], 'initdb');
    cluster.write('pg_hba.conf', 'local all postgres trust\nhost replication all 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    cluster.configure(readFileSync(join(root, 'migrations/postgresql.conf.sample'), 'utf8') + settings);
    await cluster.start();
    cluster.query(`CREATE ROLE recourse_operator LOGIN CREATEROLE NOINHERIT PASSWORD '${PASSWORD}'`, 'postgres');
    cluster.query('CREATE DATABASE recourse OWNER recourse_operator TEMPLATE template0', 'postgres');
    return cluster;
  }

  /** A standby of `primary`, streaming. */
  static async standbyOf(primary) {
    const cluster = await Cluster.#place();
    await cluster.follow(primary);
    return cluster;
  }

  /** Begin anew as a standby of `primary`: nothing of what was here stays. */
  async follow(primary) {
    rmSync(this.data, { recursive: true });
    mkdirSync(this.data, { mode: 0o700 });
    own(this.data);
    run([...become, pgBin('pg_basebackup'), '-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres', '-D', this.data, '-X', 'stream', '-c', 'fast', '--no-sync'], 'pg_basebackup');
    this.write('standby.signal', '');
    this.write('postgresql.auto.conf', '');
    this.configure(`primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres application_name=standby'`);
    await this.start();
  }

  /** A COMMIT waits until the standby has it from now on. */
  async waitForStandby() {
    this.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'", 'postgres');
    this.query('SELECT pg_reload_conf()', 'postgres');
    await until(() => this.query('SELECT sync_state FROM pg_stat_replication', 'postgres').trim() === 'sync', { what: 'the synchronous standby' });
  }

  static async #place() {
    const cluster = new Cluster();
    cluster.port = (await freePortBase()) + 3;
    cluster.dir = mkdtempSync('/tmp/rc-pg-');
    chmodSync(cluster.dir, 0o755);
    cluster.data = join(cluster.dir, 'data');
    mkdirSync(cluster.data, { mode: 0o700 });
    for (const path of [cluster.dir, cluster.data]) own(path);
    return cluster;
  }

  write(name, text) {
    writeFileSync(join(this.data, name), text);
    own(join(this.data, name));
  }

  /** More settings, for the next start; the last of a name counts. */
  configure(settings) {
    appendFileSync(
      join(this.data, 'postgresql.conf'),
      `${settings}\nlisten_addresses = '127.0.0.1'\nport = ${this.port}\nunix_socket_directories = '${this.dir}'\nmax_connections = 120\nrestart_after_crash = off\nlogging_collector = off\n`,
    );
  }

  /** Resolves when it takes connections. `env` and `wrap` (a command in front) are for this start alone. */
  async start({ env = {}, wrap = [], ms = 60_000 } = {}) {
    const log = openSync(join(this.dir, 'log'), 'a');
    const args = [...become.slice(1), '--pdeathsig', 'SIGQUIT', ...wrap, pgBin('postgres'), '-D', this.data];
    this.server = spawn('setpriv', args, { cwd: '/', env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env }, stdio: ['ignore', log, log] });
    const { server } = this;
    this.ended = new Promise((done) => server.once('exit', (code, signal) => done({ code, signal })));
    let over = false;
    this.ended.then(() => (over = true));
    await until(() => over || this.isReady(), { ms, what: 'PostgreSQL' });
    if (over) throw new Error(`PostgreSQL does not start:\n${this.log().slice(-2000)}`);
  }

  isReady() {
    return spawnSync(pgBin('pg_isready'), ['-q', '-h', this.dir, '-p', String(this.port)]).status === 0;
  }

  log() {
    return readFileSync(join(this.dir, 'log'), 'utf8');
  }

  /** The postmaster itself: what was spawned may be a command in front of it. */
  get pid() {
    return Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Frozen children notice the end of their postmaster only when they go on. */
  signal(name) {
    process.kill(this.pid, name);
    this.thaw?.();
    return this.ended;
  }

  stop(mode = 'fast') {
    return this.signal(mode === 'immediate' ? 'SIGQUIT' : 'SIGINT');
  }

  freeze() {
    const thaw = freeze(this.pid);
    this.thaw = () => {
      this.thaw = null;
      thaw();
    };
    return this.thaw;
  }

  promote() {
    this.query('SELECT pg_promote(true, 30)', 'postgres');
  }

  query(sql, database = 'recourse') {
    return run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.dir, '-p', String(this.port), '-U', 'postgres', '-d', database, '-c', sql], 'psql');
  }

  /** For `recourse up --database`; with others of the same replication behind it. */
  url(...others) {
    const hosts = [this, ...others].map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `postgresql://recourse_operator:${PASSWORD}@${hosts}/recourse${others.length ? '?target_session_attrs=read-write' : ''}`;
  }

  /** What amcheck finds, while it runs. */
  rowsAndIndexes() {
    return rowsAndIndexes({ PGHOST: this.dir, PGPORT: String(this.port), PGUSER: 'postgres', PGDATABASE: 'recourse' });
  }

  /** Stop, look at every page, remove. What pg_checksums found. */
  async end() {
    let found = [];
    try {
      await this.stop();
      found = pages(this.data, asRoot ? USER : null);
    } catch (cause) {
      if (cause.code !== 'ESRCH' && cause.code !== 'ENOENT') throw cause;
    } finally {
      rmSync(this.dir, { recursive: true, force: true });
    }
    return found;
  }
}
