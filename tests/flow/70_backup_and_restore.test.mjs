// A machine burns. What its operator has: a backup of rows that was made while people reported, a backup of keys, the key
// that opens the first and the passphrase of the second. On another machine everybody goes on where they were; and a copy
// that was changed, cut off, incomplete or old says so.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, processesOf, startInstallation, until } from '../support/installation.mjs';
import { reportUntil } from '../support/journal.mjs';

const FIRST = 'the guards took the boats canary-boote';
const ANSWER = 'we have asked the harbour master canary-hafen';
const LOAD = 'one of many voices canary-stimmen';
const LATER = 'written after the backup canary-danach';
const CANARIES = ['canary-boote', 'canary-hafen', 'canary-stimmen', 'canary-danach'];

describe('backup and restore', () => {
  let house, copy, safe, token, receipt, loaded, passphraseFile;
  const at = (name) => join(safe, name);
  const report = async (from, text) => {
    const answer = await ask(`${from.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, read_back: true } });
    assert.equal(answer.status, 201, answer.text);
    return answer.json().receipt;
  };
  const thread = (from, what) => ask(`${from.urls.intake}/api/v1/thread`, { body: { receipt: what } });
  const staff = (from, path, body) => ask(`${from.urls.console}/api/v1${path}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${token}` } });
  const withPassphrase = (from, words, ...args) => {
    writeFileSync(passphraseFile, `${words}\n`, { mode: 0o600 });
    from.env.RECOURSE_PASSPHRASE_FILE = passphraseFile;
    try {
      return from.tryCli(...args);
    } finally {
      delete from.env.RECOURSE_PASSPHRASE_FILE;
    }
  };
  const PASSPHRASE = 'nine green bottles on a wall';
  const restore = (into, file, ...more) => withPassphrase(into, PASSPHRASE, 'restore', at(file), '--key', at('kept.key'), ...more);
  const leavesNothing = (into) => assert.deepEqual(readdirSync(into.dir), []);

  before(async () => {
    house = await startInstallation();
    safe = mkdtempSync(join(tmpdir(), 'rc-safe-'));
    passphraseFile = at('passphrase');
    writeFileSync(passphraseFile, 'a password of sendsms\n', { mode: 0o600 });
    house.cli('channel', 'add', 'texts', '--kind', 'kannel', '--number', '12345', '--send-url', 'http://127.0.0.1:9/', '--username', 'recourse', '--password-file', passphraseFile);
    token = house.token(house.officer.name);
    receipt = await report(house, FIRST);
    await until(async () => (await staff(house, '/queue')).json().total === 1, { what: 'the case' });
    const taken = (await staff(house, '/queue/take', {})).json();
    assert.equal((await staff(house, `/cases/${taken.case}/answers`, { text: ANSWER, language: 'en' })).status, 201);
  });
  after(async () => {
    await copy?.stop({ canaries: CANARIES });
    await house?.stop();
    rmSync(safe, { recursive: true, force: true });
  });

  it('nothing is saved before there is a key that opens it, and before the keys are saved', () => {
    const without = house.tryCli('backup', at('rows'));
    assert.equal(without.code, 1);
    assert.match(without.stderr, /There is no backup key yet/);
    house.cli('backup', 'key', at('kept.key'));
    assert.equal(statSync(at('kept.key')).mode & 0o777, 0o600);
    const unsaved = house.tryCli('backup', at('rows'));
    assert.equal(unsaved.code, 1);
    assert.match(unsaved.stderr, /keys of this installation were never saved.*keys backup FILE/);
    assert.match(withPassphrase(house, 'short', 'keys', 'backup', at('keys')).stderr, /at least 12 bytes/);
    assert.deepEqual(readdirSync(safe).sort(), ['kept.key', 'passphrase']);
    const saved = withPassphrase(house, PASSPHRASE, 'keys', 'backup', at('keys'));
    assert.equal(saved.code, 0, saved.stderr);
  });

  it('it refuses when a key is missing or newer than the last backup of keys, and names the file', () => {
    for (const [file, says] of [
      ['secrets/keys-oversight/desk.key', /desk oversight: \S+secrets\/keys-oversight\/desk\.key is missing/],
      ['secrets/intake/pepper', /receipts hang on \S+secrets\/intake\/pepper: it is missing/],
      ['secrets/vault-usual/pepper', /receipts hang on \S+secrets\/vault-usual\/pepper: it is missing/],
      ['secrets/intake/door.seed', /secrets\/intake\/door\.seed is missing/],
      ['secrets/sms/once', /secrets\/sms\/once is missing/],
    ]) {
      const path = join(house.dir, file);
      renameSync(path, `${path}-away`);
      const refused = house.tryCli('backup', at('rows'));
      renameSync(`${path}-away`, path);
      assert.equal(refused.code, 1, file);
      assert.match(refused.stderr, says);
    }
    // Another pepper has come to stand in front of the old one.
    const path = join(house.dir, 'secrets/intake/pepper');
    const old = readFileSync(path);
    writeFileSync(path, `2 ${'ab'.repeat(32)}\n${old}`);
    const newer = house.tryCli('backup', at('rows'));
    assert.match(newer.stderr, /secrets\/intake\/pepper is newer than the last backup of keys/);
    // One under which there are receipts is gone.
    writeFileSync(path, `2 ${'ab'.repeat(32)}\n`);
    assert.match(house.tryCli('backup', at('rows')).stderr, /pepper lacks epoch 1, under which there are receipts/);
    const forced = house.tryCli('backup', at('forced'), '--without-keys-check');
    assert.equal(forced.code, 0, forced.stderr);
    assert.match(forced.stderr, /Without those keys nothing in it can be read/);
    writeFileSync(path, old);
    rmSync(at('forced'));
    assert.ok(!existsSync(at('rows')) && !existsSync(at('rows.part')));
  });

  it('while people report one backup is made, and no report is refused for it', async () => {
    let done = false;
    const load = reportUntil({ port: house.ports.intake, journalPath: at('journal'), clients: 6, until: () => done, text: (number) => `${LOAD} ${number}${' and nobody came'.repeat(100)}` });
    const stored = () => (existsSync(at('journal')) ? [...readFileSync(at('journal'), 'utf8').matchAll(/^stored \S+ (.+)$/gm)].map(([, words]) => words) : []);
    // So many that the backup has several pieces of 64 KiB, however slow the machine.
    await until(() => stored().length >= 60, { ms: 60_000, what: '60 reports' });
    const before = stored();
    const taking = spawn(join(house.build, 'recourse'), ['--data', house.dir, 'backup', at('rows')], { env: house.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [taking.stdout, taking.stderr]) stream.on('data', (piece) => (output += piece));
    const code = await new Promise((end) => taking.once('close', end));
    assert.equal(code, 0, output);
    const meanwhile = stored().length;
    await until(() => stored().length > meanwhile, { ms: 60_000, what: 'a report after the backup' });
    done = true;
    const { acknowledged, unexpected } = await load;
    assert.deepEqual(unexpected, []);
    assert.ok(acknowledged.length > before.length, 'people went on reporting');
    loaded = { before, all: acknowledged };
    assert.match(output, /rows of one moment/);
    assert.equal(statSync(at('rows')).mode & 0o777, 0o600);
    assert.match(house.tryCli('backup', at('rows')).stderr, /already: backups are never written over one another/);
  });

  it('what is saved holds no word and no key in clear, and the machine itself cannot open it', () => {
    const rows = readFileSync(at('rows'));
    const keys = readFileSync(at('keys'));
    assert.deepEqual(house.findCanaries(CANARIES), []);
    for (const words of [...CANARIES, 'recourse_', 'BEGIN', 'sealed_case', 'desk usual'])
      for (const bytes of [rows, keys]) assert.ok(!bytes.includes(words), words);
    for (const process of ['intake', 'sms', 'console', 'vault-usual', 'keys-usual', 'operator'])
      for (const name of readdirSync(join(house.dir, 'secrets', process)).filter((one) => one !== 'seen')) {
        const secret = readFileSync(join(house.dir, 'secrets', process, name));
        for (const bytes of [rows, keys]) assert.ok(!bytes.includes(secret.subarray(0, 64)), `${process}/${name}`);
      }
    // All that the machine has, tried as the key.
    const own = readFileSync(join(house.dir, 'secrets/operator/backup.key'), 'utf8').trim();
    const other = Buffer.from(readFileSync(join(house.dir, 'keys/backup.public'), 'utf8'), 'base64').toString('hex');
    writeFileSync(at('forged.key'), `recourse-backup-key 1\nopen ${own}\nfrom ${other}\n`, { mode: 0o600 });
    const tried = house.tryCli('backup', 'verify', at('rows'), '--key', at('forged.key'));
    assert.equal(tried.code, 1);
    assert.match(tried.stderr, /locked to another backup key/);
  });

  it('a rehearsal reads it to its end and changes nothing', () => {
    const verified = house.cli('backup', 'verify', at('rows'), '--key', at('kept.key'));
    assert.match(verified, /is whole: rows of office 1/);
    assert.match(verified, /This version can restore it/);
    assert.match(withPassphrase(house, PASSPHRASE, 'backup', 'verify', at('keys')).stdout, /is whole: keys of office 1/);
    assert.match(withPassphrase(house, 'nine green bottles on a shelf', 'backup', 'verify', at('keys')).stderr, /that is not its passphrase, or it was changed/);
  });

  it('an installation is never restored over, and a copy that was changed or cut off leaves nothing behind', async () => {
    assert.match(house.tryCli('restore', at('rows'), '--key', at('kept.key')).stderr, /There is an installation in/);
    copy = await makeInstallation();
    const size = statSync(at('rows')).size;
    const broken = (name, change) => {
      copyFileSync(at('rows'), at(name));
      change(at(name));
      const refused = restore(copy, name, '--keys', at('keys'));
      assert.equal(refused.code, 1, `${name}: ${refused.stdout}`);
      assert.match(refused.stderr, /was changed or cut off|not a backup|does not open|another backup key/, name);
      leavesNothing(copy);
    };
    const flip = (offset) => (path) => {
      const file = openSync(path, 'r+');
      const byte = readFileSync(path)[offset] ^ 1;
      writeSync(file, Buffer.from([byte]), 0, 1, offset);
      closeSync(file);
    };
    const head = 58;
    const piece = 65536 + 16;
    broken('cut-1', (path) => truncateSync(path, size - 1));
    broken('cut-head', (path) => truncateSync(path, 30));
    broken('cut-at-a-piece', (path) => truncateSync(path, head + piece));
    for (const offset of [0, 16, 17, 20, 40, head, head + piece + 3, size - 1]) broken(`flipped-${offset}`, flip(offset));
    broken('longer', (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(1)])));
    broken('swapped', (path) => {
      const bytes = readFileSync(path);
      assert.ok(size > head + 2 * piece, `there are three pieces: ${size}`);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, head), bytes.subarray(head + piece, head + 2 * piece), bytes.subarray(head, head + piece), bytes.subarray(head + 2 * piece)]));
    });
    const wrong = withPassphrase(copy, 'nine green bottles on a shelf', 'restore', at('rows'), '--key', at('kept.key'), '--keys', at('keys'));
    assert.match(wrong.stderr, /that is not its passphrase/);
    leavesNothing(copy);
    writeFileSync(join(copy.dir, 'letter'), '');
    assert.match(restore(copy, 'rows', '--keys', at('keys')).stderr, /is not empty/);
    rmSync(join(copy.dir, 'letter'));
  });

  it('broken off in the middle, it leaves nothing behind either, or half of it that nobody can start', async () => {
    writeFileSync(passphraseFile, `${PASSPHRASE}\n`);
    const breakOff = async (signal) => {
      const child = spawn(join(copy.build, 'recourse'), ['--data', copy.dir, 'restore', at('rows'), '--key', at('kept.key'), '--keys', at('keys')], { env: { ...copy.env, RECOURSE_PASSPHRASE_FILE: passphraseFile }, stdio: 'ignore' });
      await until(() => existsSync(join(copy.dir, 'pg/postmaster.pid')), { what: 'the cluster of the restore', every: 5 });
      child.kill(signal);
      return new Promise((end) => child.once('close', end));
    };
    assert.equal(await breakOff('SIGTERM'), 1);
    leavesNothing(copy);
    assert.deepEqual(processesOf(copy.dir), []);

    await breakOff('SIGKILL');
    await until(() => processesOf(copy.dir).length === 0, { what: 'the end of all that it started' });
    assert.ok(!existsSync(join(copy.dir, 'recourse.ini')));
    assert.match(copy.tryCli('up').stderr, /lies a restore that was broken off/);
    assert.match(restore(copy, 'rows', '--keys', at('keys')).stderr, /lies a restore that was broken off/);
    for (const name of readdirSync(copy.dir)) rmSync(join(copy.dir, name), { recursive: true });
  });

  it('the machine burns; on another one everybody goes on where they were', async () => {
    // What was written after the backup is gone with it; the checkpoints were sent elsewhere.
    await report(house, LATER);
    const leaves = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.audit_seq').trim());
    await staff(house, '/search', { words: 'boats' });
    const size = () => Number(readFileSync(join(house.dir, 'audit/checkpoint'), 'utf8').split('\n')[1]);
    await until(() => size() >= 1 && size() === leaves(), { ms: 90_000, every: 500, what: 'a checkpoint' });
    copyFileSync(join(house.dir, 'audit/checkpoints.log'), at('checkpoints'));
    await house.stop({ canaries: CANARIES });
    house = null;

    const restored = restore(copy, 'rows', '--keys', at('keys'));
    assert.equal(restored.code, 0, restored.stdout + restored.stderr);
    assert.match(restored.stdout, /Log entries: \d+ of the \d+ that the last checkpoint, of \d{4}-\d\d-\d\d, was signed for/);
    assert.match(restored.stdout, /Keys: all that the rows name are here/);
    assert.match(restored.stdout, /Nothing is missing or wrong/);
    assert.deepEqual(processesOf(copy.dir), [], 'the database was started for the time alone');
    await copy.start();
    const words = await thread(copy, receipt);
    assert.equal(words.status, 200, words.text);
    assert.deepEqual(words.json().messages.map(({ text }) => text), [FIRST, ANSWER]);
    for (const one of loaded.before) {
      const answer = await thread(copy, one);
      assert.equal(answer.status, 200, `${one}: ${answer.text}`);
      assert.ok(answer.json().messages[0].text.startsWith(LOAD));
    }
    // The officer's token of before is a token still, and the queue has every case.
    const cases = Number(copy.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
    assert.ok(cases >= loaded.before.length + 1);
    // What says nearly the same stands in it as one.
    const waiting = async () => { const { total, items } = (await staff(copy, '/queue?limit=100')).json(); return total + items.reduce((sum, { alike }) => sum + alike, 0); };
    await until(async () => (await waiting()) >= loaded.before.length, { what: 'the queue' });
    const again = await report(copy, FIRST);
    assert.equal((await thread(copy, again)).status, 200);
    assert.match(copy.cli('audit', 'verify'), /Nothing is wrong/);
    assert.equal(copy.tryCli('backup', at('second')).code, 0, 'it can be saved like the first');
  });

  it('a copy that is older than a checkpoint kept elsewhere says how much is missing', async () => {
    const old = await makeInstallation();
    try {
      const restored = restore(old, 'rows', '--keys', at('keys'), '--checkpoints', at('checkpoints'), '--port', '17443');
      assert.equal(restored.code, 2, restored.stdout + restored.stderr);
      assert.match(restored.stdout, /MISSING: \d+ entries after entry \d+ are not in this copy/);
      assert.match(restored.stdout, /WRONG: The log was rolled back/);
      assert.match(readFileSync(join(old.dir, 'recourse.ini'), 'utf8'), /^port = 17443$/m);
    } finally {
      await old.stop();
    }
  });

  it('without its keys a copy is counted, and does not start before they are back', async () => {
    const bare = await makeInstallation();
    try {
      const restored = restore(bare, 'rows');
      assert.equal(restored.code, 0, restored.stdout + restored.stderr);
      assert.match(restored.stdout, /Its keys are not here/);
      const up = bare.tryCli('up');
      assert.equal(up.code, 1);
      assert.match(up.stderr, /secrets\/intake\/pepper is missing.*keys restore FILE/s);
      const put = withPassphrase(bare, PASSPHRASE, 'keys', 'restore', at('keys'));
      assert.equal(put.code, 0, put.stdout + put.stderr);
      await bare.start();
      assert.equal((await thread(bare, receipt)).status, 200);
    } finally {
      await bare.stop({ canaries: CANARIES });
    }
  });

  it('a disk that is full leaves no half file', async (t) => {
    const small = at('small');
    const { spawnSync } = await import('node:child_process');
    const mounted = spawnSync('sh', ['-c', `mkdir ${small} && mount -t tmpfs -o size=256k tmpfs ${small}`]);
    if (mounted.status !== 0) return t.skip('no file system can be mounted here');
    try {
      const full = copy.tryCli('backup', join(small, 'rows'));
      assert.equal(full.code, 1);
      assert.match(full.stderr, /There is not enough room in/);
      assert.deepEqual(readdirSync(small), []);
    } finally {
      spawnSync('umount', [small]);
      chmodSync(safe, 0o700);
    }
  });
});
