// The database is on a server of somebody else, named by a URL; desks' keys lie under a passphrase, and stay under it; and
// the machine has spooled rows that wait for the database. All come back: rows into an empty database on such a server, the
// spooled ones into the spool.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, asRoot, makeInstallation, startInstallation, until } from '../support/installation.mjs';

const WORDS = 'they moved the fence at night canary-zaun';
const SPOOLED = Buffer.from('sealed bytes that wait for the database');

describe('backup and restore with a database elsewhere', { skip: !asRoot && 'a server of its own needs a user of its own' }, () => {
  let server, postgres, house, copy, safe, receipt;
  const at = (name) => join(safe, name);
  const url = (name) => `postgresql://recourse_operator@/${name}?host=${server.dir}/run/pg`;
  const row = (from) => join(from.dir, 'spool/intake/1-1.row');

  before(async () => {
    // The cluster of an installation that stands still serves as the server.
    server = await startInstallation();
    await server.halt();
    postgres = spawn('runuser', ['-u', 'recourse-db', '--', `/usr/lib/postgresql/${readFileSync(join(server.dir, 'pg/PG_VERSION'), 'utf8').trim()}/bin/postgres`, '-D', join(server.dir, 'pg')], { cwd: '/', stdio: 'ignore' });
    await until(() => existsSync(join(server.dir, 'pg/postmaster.pid')) && readFileSync(join(server.dir, 'pg/postmaster.pid'), 'utf8').includes('ready'), { what: 'the server' });
    for (const name of ['first', 'second']) server.superuserQuery(`CREATE DATABASE ${name} OWNER recourse_operator TEMPLATE template0 ENCODING 'UTF8'`);
    safe = mkdtempSync(join(tmpdir(), 'rc-safe-'));
    writeFileSync(at('passphrase'), 'nine green bottles on a wall\n', { mode: 0o600 });
    const env = { RECOURSE_PASSPHRASE_FILE: at('passphrase') };
    house = await startInstallation({ args: ['--locked', '--database', url('first')], env });
    copy = await makeInstallation({ env });
    const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: WORDS, read_back: true } });
    assert.equal(answer.status, 201, answer.text);
    receipt = answer.json().receipt;
  });
  after(async () => {
    await copy?.stop({ canaries: ['canary-zaun'] });
    await house?.stop();
    if (postgres) {
      process.kill(Number(readFileSync(join(server.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGINT');
      await new Promise((done) => postgres.once('exit', done));
    }
    await server?.stop();
    if (safe) rmSync(safe, { recursive: true, force: true });
  });

  it('is saved over the URL, with what waits in the spool', () => {
    mkdirSync(join(house.dir, 'spool/intake'), { recursive: true, mode: 0o700 });
    writeFileSync(row(house), SPOOLED, { mode: 0o600 });
    house.cli('backup', 'key', at('kept.key'));
    house.cli('keys', 'backup', at('keys'));
    assert.match(house.cli('backup', at('rows')), /rows of one moment/);
    rmSync(row(house));
  });

  it('goes back into an empty database only, which must be named', () => {
    const restore = (...more) => copy.tryCli('restore', at('rows'), '--key', at('kept.key'), '--keys', at('keys'), ...more);
    assert.match(restore().stderr, /Name an empty one with --database URL/);
    assert.match(restore('--database', url('first')).stderr, /there are rows in that database already/);
    assert.deepEqual(readdirSync(copy.dir), []);
    const restored = restore('--database', url('second'));
    assert.equal(restored.code, 0, restored.stdout + restored.stderr);
    assert.match(restored.stdout, /Keys: all that the rows name are here, as far as can be seen without the desks' passphrase/);
    assert.equal(readFileSync(join(copy.dir, 'office.yaml'), 'utf8'), readFileSync(join(house.dir, 'office.yaml'), 'utf8'), 'what the office says is not lost either');
    assert.match(restored.stdout, /Nothing is missing or wrong/);
  });

  it('and goes on from there', async () => {
    await house.stop();
    house = null;
    assert.deepEqual(readFileSync(row(copy)), SPOOLED);
    const { uid, mode } = statSync(row(copy));
    assert.equal(uid, statSync(join(copy.dir, 'secrets/intake')).uid);
    assert.equal(mode & 0o777, 0o600);
    // These bytes are no row of ours; what drains the spool is tested elsewhere.
    rmSync(row(copy));
    await copy.start();
    const answer = await ask(`${copy.urls.intake}/api/v1/thread`, { body: { receipt } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json().messages[0].text, WORDS);
  });
});
