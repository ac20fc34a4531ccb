// An operator starts an installation, looks at it, starts it again, breaks it, and stops it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { asRoot, ask, makeInstallation, processesOf, until } from '../support/installation.mjs';

const EXECUTABLES = /recourse-(intake|sms|triage|vault|keys) --config/;
const nothingRuns = (house) => until(() => processesOf(house.dir).length === 0, { ms: 20_000, what: 'the end of all processes' });
const report = (house, text) => ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text } });

function* secretFiles(house) {
  for (const folder of readdirSync(join(house.dir, 'secrets')))
    for (const entry of readdirSync(join(house.dir, 'secrets', folder), { recursive: true, withFileTypes: true }))
      if (!entry.isDirectory()) yield { folder, path: join(entry.parentPath ?? entry.path, entry.name) };
  for (const name of ['root.seed', 'auditor.key']) yield { folder: null, path: join(house.dir, 'offline', name) };
}

describe('a fresh installation', () => {
  let house;
  before(async () => {
    house = await makeInstallation();
    await house.start();
  });
  after(() => house?.stop());

  it('prints three addresses that answer, and the first login', async () => {
    for (const url of [house.urls.intake, house.urls.console, house.urls.sms]) assert.ok(house.output.includes(url), url);
    assert.ok(house.officer, house.output);
    assert.equal((await ask(`${house.urls.intake}/`)).status, 200);
    assert.ok((await ask(`${house.urls.console}/`)).status < 400);
    assert.equal((await ask(`${house.urls.sms}/sms/nobody`)).status, 404);
  });

  it('says that its keys lie open, and shows no secret', () => {
    assert.match(house.output, /Demonstration mode/);
    for (const { path } of secretFiles(house)) {
      const secret = readFileSync(path, 'latin1').trim();
      assert.ok(!house.output.includes(secret), path);
      assert.ok(!house.logs().includes(secret), path);
    }
  });

  it('keeps each secret where one process alone can read it', { skip: !asRoot && 'needs root' }, () => {
    const owners = new Map();
    for (const { folder, path } of secretFiles(house)) {
      const { mode, uid } = statSync(path);
      assert.equal(mode & 0o777, 0o600, path);
      if (!folder) assert.equal(uid, 0, path);
      else assert.equal(owners.set(folder, owners.get(folder) ?? uid).get(folder), uid, path);
    }
    assert.equal(new Set(owners.values()).size, owners.size);
    for (const folder of [...owners.keys(), 'sms/seen']) assert.equal(statSync(join(house.dir, 'secrets', folder)).mode & 0o777, 0o700, folder);
  });

  it('runs each process under a user of its own', { skip: !asRoot && 'needs root' }, () => {
    const users = new Map();
    for (const { pid, command } of processesOf(house.dir).filter(({ command }) => EXECUTABLES.test(command))) {
      const uid = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^Uid:\s+\d+\s+(\d+)/m)[1]);
      const name = command.match(/etc\/(.*)\.ini/)[1];
      assert.notEqual(uid, 0, command);
      assert.equal(users.get(name) ?? uid, uid, command);
      users.set(name, uid);
    }
    assert.equal(users.size, 3 + 2 * 3);
    assert.equal(new Set(users.values()).size, users.size);
  });

  it('is not started twice', () => {
    const second = house.tryCli('up');
    assert.equal(second.code, 1);
    assert.match(second.stderr, /runs already/);
  });

  it('takes a report and forgets its words', async () => {
    assert.equal((await report(house, 'the tailings dam behind the school')).status, 201);
    house.canaryCheck(['tailings dam behind']);
  });

  it('and they would be found: in each form in which they could lie, beside others that begin alike', () => {
    const said = 'canary-tailings', wide = Buffer.from(said, 'utf16le');
    const forms = [said, wide, Buffer.from(said).toString('hex'), Buffer.from(wide).swap16().toString('hex'), ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${said}`).toString('base64'))];
    const at = (i) => join(house.dir, 'log', `planted-${i}`);
    forms.forEach((form, i) => writeFileSync(at(i), form));
    assert.deepEqual(house.findCanaries([said, 'canary-dam']).sort(), forms.map((_, i) => `log/planted-${i} holds "${said}"`));
    forms.forEach((_, i) => rmSync(at(i)));
  });

  it('starts a process again that was killed', async () => {
    const find = () => processesOf(house.dir).filter(({ command }) => command.includes('recourse-intake --config'));
    const killed = find().map(({ pid }) => pid);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await until(() => find().some(({ pid }) => !killed.includes(pid)), { what: 'a new intake' });
    await until(() => report(house, 'after the kill').then(({ status }) => status === 201, () => false), { what: 'a report' });
  });

  it('starts its database again that was killed', async () => {
    process.kill(Number(readFileSync(join(house.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    await until(() => report(house, 'after the crash').then(({ status }) => status === 201, () => false), { ms: 40_000, what: 'a report' });
  });

  it('ends on SIGINT with nothing left, and starts again with the same keys in under three seconds', async () => {
    const manifest = readFileSync(join(house.dir, 'keys/manifest'), 'utf8');
    assert.deepEqual(await house.halt('SIGINT'), { code: 0, signal: null });
    await nothingRuns(house);
    const began = Date.now();
    house.output = '';
    await house.start();
    // Sanitizers make everything slower; the promise is for the release build.
    const allowed = /asan/.test(house.build) ? 9000 : 3000;
    assert.ok(Date.now() - began < allowed, `${Date.now() - began} ms`);
    assert.equal(readFileSync(join(house.dir, 'keys/manifest'), 'utf8'), manifest);
    assert.doesNotMatch(house.output, /first staff login/);
  });

  it('leaves nothing running when the launcher itself is killed', async () => {
    await house.halt('SIGKILL');
    await nothingRuns(house);
    await house.start();
  });

  it('gives the staff API a token, alone on the last line', () => {
    house.cli('staff', 'add', '--name', 'Wanjiru', '--role', 'officer');
    assert.match(house.token('Wanjiru'), /^[\w-]{20,}$/);
    assert.match(house.cli('staff', 'list'), /officer +Wanjiru/);
    house.cli('staff', 'end', 'Wanjiru');
    assert.match(house.tryCli('staff', 'token', 'Wanjiru').stderr, /says/);
  });

  it('refuses words it does not know, with a sentence', () => {
    for (const words of [['stuff'], ['staff', 'add', '--nam', 'X'], ['staff', 'add', '--name', 'X', '--role', 'king'], ['keys', 'show', 'x']]) {
      const { code, stderr } = house.tryCli(...words);
      assert.equal(code, 1);
      assert.match(stderr, /\.|Usage/);
    }
  });
});

describe('an installation with locked keys', () => {
  let house, passphrase;
  before(async () => {
    house = await makeInstallation({ args: ['--locked'] });
    passphrase = `${house.dir}.passphrase`;
    writeFileSync(passphrase, 'seven geese over the delta\n');
    chmodSync(passphrase, 0o600);
    house.env.RECOURSE_PASSPHRASE_FILE = passphrase;
    const init = house.tryCli('init', '--locked', '--port', String(house.base));
    assert.equal(init.code, 0, init.stderr);
    delete house.env.RECOURSE_PASSPHRASE_FILE;
    await house.start({ ready: /Reports are taken meanwhile:[\s\S]*CHANNEL\n/ });
  });
  after(async () => {
    for (const path of [passphrase, `${passphrase}.wrong`]) rmSync(path, { force: true });
    await house?.stop({ canaries: ['seven geese over'] });
  });

  it('takes reports while its vaults are locked', async () => {
    assert.equal((await report(house, 'written while nobody can read')).status, 201);
    assert.match(house.tryCli('staff', 'list').stderr, /locked/);
    assert.doesNotMatch(house.output, /is running/);
    assert.match(house.tryCli('doctor').stdout, /^BAD {3}desk usual is locked: nobody is told of danger there; recourse --data \S+ unlock$/m);
    await until(async () => (await house.metric('console', 'recourse_console_desks_locked')) >= 1, { what: 'the metric of desks that can tell nobody' });
  });

  it('opens with its passphrase and no other', async () => {
    writeFileSync(`${passphrase}.wrong`, 'six geese over the delta\n');
    house.env.RECOURSE_PASSPHRASE_FILE = `${passphrase}.wrong`;
    assert.equal(house.tryCli('unlock').code, 1);
    house.env.RECOURSE_PASSPHRASE_FILE = passphrase;
    assert.equal(house.tryCli('unlock').code, 0);
    await until(() => /is running/.test(house.output), { ms: 30_000, what: 'the unlocking' });
    await until(() => /first staff login/.test(house.output), { what: 'the first login' });
    assert.doesNotMatch(house.output, /Demonstration mode/);
  });
});
