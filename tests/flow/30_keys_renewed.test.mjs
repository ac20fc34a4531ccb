// A desk's key lasts a quarter. Before it ends, the operator holds a ceremony while people report: no report is refused, what
// comes in afterwards is sealed to the new key, and officer and receipt open what was sealed before and after.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, processesOf, startInstallation, until } from '../support/installation.mjs';
import { post, reportUntil } from '../support/journal.mjs';

const BEFORE = 'the well was dug up before canary-vorher';
const AFTER = 'the pipe was cut after canary-nachher';
const WALKIN = 'told at the counter canary-schalter';
const TEXTED = 'sent while nobody looked canary-funk';
const DESKS = ['usual', 'safeguarding', 'oversight'];

const report = async (house, text) => {
  const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, read_back: true } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json().receipt;
};
const readBack = async (house, receipt) => {
  const answer = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } });
  assert.equal(answer.status, 200, answer.text);
  return JSON.stringify(answer.json());
};
const epochs = (house) => house.superuserQuery('SELECT DISTINCT epoch FROM recourse.case_key WHERE recipient_kind = 1 ORDER BY 1').trim();
// The epochs of what came in since the one look.
const casesOf = (house) => new Set(house.superuserQuery('SELECT DISTINCT case_id FROM recourse.case_key').trim().split('\n'));
const epochOf = (house, known) => {
  const rows = house.superuserQuery('SELECT case_id, epoch FROM recourse.case_key WHERE recipient_kind = 1').trim().split('\n').map((row) => row.split('|'));
  return [...new Set(rows.filter(([id]) => !known.has(id)).map(([, epoch]) => epoch))].join();
};
const pids = (house, name) =>
  processesOf(house.dir)
    .filter(({ command }) => command.includes(`/etc/${name}`))
    .map(({ pid }) => pid)
    .sort();
const parentOf = (pid) => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[1]);
// Each room says in its log which manifest it reads: all three kinds have one of that version.
const roomsRead = (house, version) =>
  until(() => [house.logs('intake').includes(`what=manifest_read version=${version}`), ...DESKS.map((desk) => house.logs(`vault-${desk}`).match(new RegExp(`what=manifest_reload .*version=${version}`)))].every(Boolean), { what: `manifest ${version} everywhere` });

/** The command beside what goes on, not in its way. */
function cliBeside(house, ...args) {
  const child = spawn(join(house.build, 'recourse'), ['--data', house.dir, ...args], { env: house.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}

describe('keys are renewed while people report', () => {
  let house, officer, old, receipts;
  const token = () => (officer = house.token(house.officer.name));
  const staff = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${officer}` } });
  const manifest = () => join(house.dir, 'keys/manifest');
  const text = (id, words) => {
    const key = readFileSync(join(house.dir, 'secrets/sms/channel-town.secret'), 'utf8').trim();
    return ask(`${house.urls.smsPlain}/sms/town?key=${key}&id=${id}&time=1795335793`, { body: words, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': `+2547330001${id}`, 'x-kannel-to': '12345' } });
  };
  const find = async (words) => (await staff('/search', { words })).json();

  before(async () => {
    house = await startInstallation();
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'town', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', 'http://127.0.0.1:9/', '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    await house.halt();
    await house.start();
    token();
    old = readFileSync(manifest());
    receipts = {};
  });
  after(() => house?.stop({ canaries: ['canary-vorher', 'canary-nachher', 'canary-schalter', 'canary-funk'] }));

  it('a report before is sealed to the first epoch', async () => {
    receipts.before = await report(house, BEFORE);
    assert.equal(epochs(house), '1');
  });

  it('the ceremony refuses no report, and what is acknowledged is there once', { timeout: 180_000 }, async () => {
    let stop = false;
    const people = reportUntil({ port: house.ports.intake, journalPath: join(house.dir, 'client-journal'), clients: 4, until: () => stop, text: (person, key) => `Report ${key} of person ${person}` });
    const others = Object.fromEntries(['intake', 'sms', 'console', 'vault-usual'].map((name) => [name, pids(house, name)]));
    const keysBefore = pids(house, 'keys-');
    const done = await cliBeside(house, 'keys', 'renew');
    assert.equal(done.code, 0, done.output);
    for (const desk of DESKS) assert.match(done.output, new RegExp(`keys process of desk ${desk} holds epoch 2`));
    assert.match(done.output, /manifest has version 2/);
    await roomsRead(house, 2);
    stop = true;
    const { acknowledged, unexpected } = await people;
    assert.deepEqual(unexpected, []);
    assert.ok(acknowledged.length > 5, `only ${acknowledged.length} reports got through`);
    assert.equal(Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim()), 1 + acknowledged.length);
    receipts.during = acknowledged;
    // Keys alone are started again. The gateway's sender keeps its key of the day, vaults their memory.
    assert.ok(keysBefore.every((pid) => !pids(house, 'keys-').includes(pid)));
    for (const [name, was] of Object.entries(others)) assert.deepEqual(pids(house, name), was, name);
    assert.doesNotMatch(house.output, /started again/);
  });

  it('key files keep owner and mode, and no secret was said', () => {
    const root = readFileSync(join(house.dir, 'offline/root.seed'), 'utf8').trim();
    assert.ok(!house.output.includes(root) && !house.logs().includes(root));
    for (const desk of DESKS) {
      const file = statSync(join(house.dir, `secrets/keys-${desk}/desk.key`));
      assert.equal(file.mode & 0o777, 0o600);
      assert.equal(file.uid, statSync(join(house.dir, `secrets/keys-${desk}`)).uid);
    }
  });

  it('reports, walk-ins and texts after it are sealed to the new epoch', async () => {
    for (const [name, send] of Object.entries({
      report: async () => (receipts.after = await report(house, AFTER)),
      walkin: async () => assert.equal((await staff('/walkins', { channel: 'in_person', kind: 'grievance', language: 'en', text: WALKIN, read_back: true })).status, 201),
      text: async () => assert.equal((await text('11', TEXTED)).status, 200),
    })) {
      const known = casesOf(house);
      await send();
      assert.equal(epochOf(house, known), '2', name);
    }
  });

  it('the officer reads all of it', async () => {
    await until(async () => (await staff('/queue')).json().total === receipts.during.length + 4, { what: 'all cases in the queue' });
    for (const words of ['well dug', 'pipe cut', 'told counter', 'sent nobody']) {
      const found = await find(words);
      assert.equal(found.total, 1, words);
    }
    assert.doesNotMatch(house.logs('vault-usual'), /wraps_refused|rows_unopened/);
  });

  it('each person reads their own with the receipt', async () => {
    assert.match(await readBack(house, receipts.before), /canary-vorher/);
    assert.match(await readBack(house, receipts.after), /canary-nachher/);
    for (const { key, receipt } of receipts.during.slice(-3)) assert.ok((await readBack(house, receipt)).includes(key));
  });

  it('a worker that dies later still seals to the new epoch', async () => {
    for (const name of ['intake', 'vault-usual']) for (const pid of pids(house, name)) process.kill(pid, 'SIGKILL');
    // The gateway's master stays: it was started under the first manifest, and its next worker is forked from it.
    for (const pid of pids(house, 'sms').filter((pid) => pids(house, 'sms').includes(parentOf(pid)))) process.kill(pid, 'SIGKILL');
    await until(async () => (await post(house.ports.intake, '/api/v1/reports', { kind: 'grievance', language: 'en', text: 'once more' })).status === 201, { ms: 60_000, what: 'a report' });
    await until(async () => (await staff('/queue')).status === 200, { ms: 60_000, what: 'the queue' });
    const known = casesOf(house);
    await report(house, 'and again');
    await until(() => text('12', 'and by text').then(({ status }) => status === 200, () => false), { what: 'a text' });
    assert.equal(casesOf(house).size, known.size + 2);
    assert.equal(epochOf(house, known), '2');
  });

  it('an older manifest put back is refused by all that run', async () => {
    const newest = readFileSync(manifest());
    writeFileSync(manifest(), old);
    try {
      process.kill(house.launcher.pid, 'SIGHUP');
      const refusals = { intake: /what=manifest_kept err=CONFLICT/i, sms: /what=manifest_kept err=CONFLICT/i, 'vault-usual': /what=manifest_reload err=CONFLICT version=2/i };
      await until(() => Object.entries(refusals).every(([name, line]) => line.test(house.logs(name))), { what: 'the refusals' });
      const known = casesOf(house);
      await report(house, 'after the older manifest');
      assert.equal(epochOf(house, known), '2');
    } finally {
      // What holds: a room refuses an older version than it has seen within its run. It remembers none over a start, so that
      // one started under an older manifest takes it, and seals to a key that is signed by the root and held by its desk.
      writeFileSync(manifest(), newest);
    }
  });

  it('opens everything after a start', async () => {
    await house.halt();
    await house.start();
    token();
    // The index is made anew, case by case, beside the work.
    for (const words of ['well dug', 'pipe cut', 'told counter']) await until(async () => (await find(words)).total === 1, { what: words });
    assert.doesNotMatch(house.logs('vault-usual'), /wraps_refused|states_refused/);
    assert.match(await readBack(house, receipts.before), /canary-vorher/);
  });

  it('one desk alone, with the root seed brought from where it was moved to, while nothing runs', async () => {
    await house.halt();
    const away = `${house.dir}.root`;
    renameSync(join(house.dir, 'offline/root.seed'), away);
    try {
      assert.match(house.tryCli('keys', 'renew', '--desk', 'oversight').stderr, /root seed is needed/);
      assert.equal(house.tryCli('keys', 'renew', '--desk', 'oversight', '--root', away).code, 0);
    } finally {
      rmSync(away, { force: true });
    }
    const shown = house.cli('keys', 'show');
    assert.match(shown, /manifest 3 of office 1/);
    assert.match(shown, /desk oversight epoch 3/);
    assert.doesNotMatch(shown, /desk usual epoch 3/);
    await house.start();
    assert.equal((await ask(`${house.urls.intake}/`)).status, 200);
  });
});

describe('keys under a passphrase are renewed', () => {
  let house, passphrase;

  before(async () => {
    house = await makeInstallation({ args: ['--locked'] });
    passphrase = `${house.dir}.passphrase`;
    writeFileSync(passphrase, 'nine herons on the weir\n');
    chmodSync(passphrase, 0o600);
    house.env.RECOURSE_PASSPHRASE_FILE = passphrase;
    const init = house.tryCli('init', '--locked', '--port', String(house.base));
    assert.equal(init.code, 0, init.stderr);
    await house.start();
  });
  after(async () => {
    for (const path of [passphrase, `${passphrase}.wrong`]) rmSync(path, { force: true });
    await house?.stop({ canaries: ['nine herons on', 'canary-nachher'] });
  });

  it('not with another one', () => {
    writeFileSync(`${passphrase}.wrong`, 'eight herons on the weir\n');
    house.env.RECOURSE_PASSPHRASE_FILE = `${passphrase}.wrong`;
    const { code, stderr } = house.tryCli('keys', 'renew');
    house.env.RECOURSE_PASSPHRASE_FILE = passphrase;
    assert.equal(code, 1);
    assert.match(stderr, /not the passphrase/);
    assert.match(house.cli('keys', 'show'), /manifest 1 of/);
  });

  it('a change of settings leaves them open', async () => {
    const was = pids(house, 'keys-');
    process.kill(house.launcher.pid, 'SIGHUP');
    await until(() => /what=manifest_read/.test(house.logs('intake')), { what: 'the reading' });
    assert.deepEqual(pids(house, 'keys-'), was);
  });

  it('the ceremony opens them again, and the officer reads what comes then', async () => {
    const done = await cliBeside(house, 'keys', 'renew');
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /keys of desk usual are unlocked/);
    await roomsRead(house, 2);
    await report(house, AFTER);
    assert.equal(epochs(house), '2');
    await until(() => /first staff login/.test(house.output), { what: 'the first login' });
    const token = house.token('officer');
    await until(async () => (await ask(`${house.urls.console}/api/v1/queue`, { headers: { authorization: `Bearer ${token}` } })).json().total === 1, { what: 'the case' });
  });

  it('a desk that was added and not started yet holds nobody up', async () => {
    house.cli('desk', 'add', 'review', '--title', 'Review desk');
    const done = await cliBeside(house, 'keys', 'renew', '--desk', 'review');
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /Desk review is not running/);
    assert.match(house.cli('keys', 'show'), /desk review epoch 2/);
  });
});
