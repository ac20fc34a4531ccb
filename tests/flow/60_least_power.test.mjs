// What the processes of a running installation can still do. The kernel is asked (/proc), and told on: the launcher runs under
// strace, so that what each process gave up, and every call that was refused to it, is seen. docs/least-power.md is the list
// that this is held against. Against what is really run: sanitizers do without seccomp.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, asRoot, makeInstallation, pause, processesOf, root, until } from '../support/installation.mjs';
import { isSanitized } from '../support/memory.mjs';
import { readTrace } from '../support/trace.mjs';

const build = resolve(root, process.env.RECOURSE_BUILD ?? 'build-asan');
const skip = !asRoot
  ? 'without root all processes share one user'
  : isSanitized(join(build, 'recourse-intake'))
    ? 'a sanitizer does without seccomp: ./test release runs this one'
    : spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status !== 0 && 'processes cannot be traced here';

const USERS = { 'recourse-intake': 'recourse-intake', 'recourse-sms': 'recourse-sms', 'recourse-triage': 'recourse-triage', 'recourse-vault': 'recourse-vault-', 'recourse-keys': 'recourse-keys-' };
const IPC_LOCK = 1n << 14n;

// Refused, and known: what is refused costs nobody anything.
const KNOWN = {
  // The socket's file is left to the next start: a process that can open nothing can remove nothing.
  'recourse-keys': ['newfstatat'],
  'recourse-vault': ['unlink'],
};

/** The table of docs/least-power.md: {'recourse-sms sender': ['r /etc/ssl', 'w ...'], ...}, paths made absolute. */
function promised(dir) {
  const at = (path) => (path.startsWith('/') ? path : join(dir, path));
  const plans = {};
  for (const line of readFileSync(join(root, 'docs/least-power.md'), 'utf8').split('\n')) {
    const row = line.match(/^\| `(recourse-\w+)` ?([\w-]*) \|(.*?)\|(.*?)\|$/);
    if (!row) continue;
    const paths = (cell, letter) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => `${letter} ${at(path)}`);
    const writes = paths(row[4], 'w');
    plans[`${row[1]} ${row[2]}`.trim()] = [...paths(row[3], 'r'), ...writes].filter((rule) => existsSync(rule.slice(2))).sort();
  }
  return plans;
}

/** What a word of SystemCallFilter= stands for: a function from "@file-system" or "read" to names. */
function syscallSets() {
  const listed = new Map();
  let set;
  for (const line of spawnSync('systemd-analyze', ['syscall-filter'], { encoding: 'utf8' }).stdout.split('\n')) {
    if (/^@\S+$/.test(line)) listed.set(line, (set = []));
    else if (/^ +[@\w]/.test(line)) set?.push(line.trim());
    else if (/^#/.test(line)) set = null;
  }
  assert.ok(listed.has('@system-service'), 'systemd-analyze lists its sets');
  const expand = (word) => (word.startsWith('@') ? new Set((listed.get(word) ?? []).flatMap((member) => [...expand(member)])) : new Set([word]));
  return expand;
}

describe('least power', { skip }, () => {
  let people = 0;
  let house, folder, trace, officer, bearer;
  const running = () =>
    processesOf(house.dir)
      .map(({ pid, command }) => ({ pid, program: command.split(' ')[0].split('/').pop(), config: command.split('/').pop() }))
      .filter(({ program }) => program in USERS);
  const status = (pid) => Object.fromEntries(readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').map((line) => line.split(/:\s*/)));

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recourse-traced-'));
    chmodSync(folder, 0o755);
    trace = join(folder, 'trace');
    // `recourse up` under strace once there is a file "now"; every other command as it is.
    writeFileSync(join(folder, 'recourse'), `#!/bin/sh\n[ "$3" = up ] && [ -e ${folder}/now ] && exec strace -D -f -qq -s 200 -o ${trace} ${build}/recourse "$@"\nexec ${build}/recourse "$@"\n`, { mode: 0o755 });
    house = await makeInstallation({ build: folder });
    await house.start();
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, 'sendsms-password-1', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'sw', '--send-url', 'http://nowhere.invalid:9/', '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    bearer = house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation').trim().split('\n').pop();
    house.cli('round', 'add', '--code', 'power', '--title', 'Power', '--question', 'What?', '--opens', '2026-01-01T00:00:00Z', '--closes', '2099-01-01T00:00:00Z');
    await house.halt();
    writeFileSync(join(folder, 'now'), '');
    await house.start();
    const token = house.token(house.officer.name);
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    await house?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A step is kept, and leaving ends it; of one that is sent the receipt stands in its place, and is shown once more. */
  async function everyStepIsKept({ sends }) {
    const post = async (path, key, fields) => (await ask(`${house.urls.intake}${path}`, { body: new URLSearchParams({ key, lang: 'en', ...fields }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } })).text;
    const [sent, left] = [randomUUID(), randomUUID()];
    assert.match(await post('/report', left, { step: 'story', go: 'next', text: 'The well is dry.' }), /name="kept"/);
    await post('/exit', left, {});
    assert.doesNotMatch(await post('/report', left, { step: 'story', go: 'next', text: 'The well is dry.' }), /well/);
    if (!sends) return;
    assert.match(await post('/report', sent, { step: 'story', go: 'check', text: 'The well is dry.' }), /name="kept"/);
    assert.match(await post('/report', sent, { step: 'check', go: 'send', kept: '1' }), /id="receipt"/);
    assert.match(await post('/report', sent, { step: 'written' }), /id="once_more"/);
    assert.match(await post('/report', sent, { step: 'once_more' }), /id="receipt"/);
  }

  async function everybodyWorks() {
    const stored = await until(async () => {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { text: 'The well is dry.', read_back: true } }).catch(() => null);
      return answer?.status === 201 && answer;
    }, { what: 'a report' });
    const { receipt } = stored.json();
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).status, 200);
    assert.equal((await ask(`${house.urls.intake}/report`)).status, 200);
    await everyStepIsKept({ sends: people === 0 });
    const rows = await ask(`${house.urls.intake}/api/v1/consultations/power/submissions`, { body: '{"id":"a","text":"x"}', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-ndjson' } });
    assert.equal(rows.status, 207, rows.text);
    const secret = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    const texted = await until(() => ask(`${house.urls.smsPlain}/sms/kannel?key=${secret}&id=${Math.random()}&time=1795335793`, { body: 'maji', headers: { 'content-type': 'text/plain', 'x-kannel-from': `+254733${100000 + people++}`, 'x-kannel-to': '12345' } }).catch(() => null), { what: 'a text' });
    assert.equal(texted.status, 200);
    // The one who texted too: the sender looks up where its provider is.
    for (const channels = new Set(); !(channels.has('sms') && channels.size > 1);) {
      const taken = await until(async () => {
        const answer = await officer('/queue/take', {}).catch(() => null);
        return answer?.status === 200 && answer;
      }, { ms: 60_000, what: 'a case' });
      const { case: id, channel } = taken.json();
      channels.add(channel);
      const answered = await officer(`/cases/${id}/answers`, { text: 'We are coming.', language: 'en' });
      assert.equal(answered.status, 201, answered.text);
    }
  }

  it('everybody works, also those who are started again, also after everything is read again', async () => {
    await everybodyWorks();
    // The youngest of a program are its workers; a master starts them again under its own filter.
    const killed = running().filter(({ pid, program }) => running().some((other) => other.program === program && String(other.pid) === status(pid).PPid));
    for (const { pid, program } of killed) if (program !== 'recourse-vault') process.kill(pid, 'SIGKILL');
    await pause(1500);
    await everybodyWorks();
    house.launcher.kill('SIGHUP');
    await pause(1500);
    await everybodyWorks();
  });

  it('each runs as its own user, filtered, without privileges, core files or a memory that others may read', () => {
    const members = running();
    assert.ok(members.length >= 3 * 2 + 1 + 3 + 1 + 3, `${members.length} processes`);
    for (const { pid, program, config } of members) {
      const is = status(pid);
      const who = `${program} ${config} ${pid}`;
      const user = USERS[program].endsWith('-') ? USERS[program] + config.replace(/^\w+-|\.ini$/g, '') : USERS[program];
      const uid = spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout.trim();
      assert.equal(is.Uid, Array(4).fill(uid).join('\t'), who);
      assert.ok(Number(uid) > 0, who);
      assert.equal(is.Groups.trim(), '', `${who} has no other groups`);
      assert.equal(is.Seccomp, '2', who);
      assert.equal(is.NoNewPrivs, '1', who);
      const may = /vault|keys/.test(program) ? IPC_LOCK : 0n;
      for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb']) assert.equal(BigInt(`0x${is[set]}`) & ~may, 0n, `${who} ${set}`);
      if (may) assert.ok(parseInt(is.VmLck, 10) > 1000, `${who} has locked its memory`);
      assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0 /, who);
      assert.equal(statSync(`/proc/${pid}/environ`).uid, 0, `${who} is not dumpable`);
    }
  });

  it('none may write more below the installation than its table says, whatever it opens', () => {
    // The users of the processes and the modes of files alone, without Landlock.
    const plans = promised(house.dir);
    for (const { program, config } of running()) {
      const user = USERS[program].endsWith('-') ? USERS[program] + config.replace(/^\w+-|\.ini$/g, '') : USERS[program];
      const found = spawnSync('setpriv', ['--reuid', user, '--regid', user, '--clear-groups', 'find', house.dir, '-writable', '-not', '-type', 'l', '-not', '-type', 's'], { encoding: 'utf8' });
      const own = `${house.dir}/secrets/${config.replace('.ini', '')}`;
      const may = Object.entries(plans).filter(([name]) => name.startsWith(program)).flatMap(([, rules]) => rules.filter((rule) => rule.startsWith('w ')).map((rule) => rule.slice(2)));
      const more = found.stdout.trim().split('\n').filter(Boolean).filter((path) => !path.startsWith(own) && !path.startsWith(`${house.dir}/run/${config.replace('.ini', '')}`) && !may.some((below) => path.startsWith(below)));
      assert.deepEqual(more, [], user);
    }
  });

  it('systemd would start the same programs in the same way, and its filter lets them make every call that they made', () => {
    const units = join(folder, 'units');
    mkdirSync(units);
    house.cli('units', units);
    const commands = processesOf(house.dir).map(({ command }) => command);
    const sets = syscallSets();
    const { called } = readTrace(trace, [...Object.keys(USERS), 'postgres']);
    const files = readdirSync(units).filter((name) => name.endsWith('.service'));
    assert.equal(files.length, 3 + 2 * 3 + 1);
    for (const name of files) {
      const lines = readFileSync(join(units, name), 'utf8').split('\n');
      const start = lines.find((line) => line.startsWith('ExecStart=')).slice('ExecStart='.length);
      assert.ok(commands.includes(start), `${name}: ${start} is not what runs: ${commands.join('\n')}`);
      const calls = called[start.split(' ')[0].split('/').pop()];
      assert.ok(calls.size > 30, `${name}: seen at work`);
      const may = new Set();
      for (const [, not, list] of lines.map((line) => line.match(/^SystemCallFilter=(~?)(.*)$/)).filter(Boolean))
        for (const call of list.split(' ').flatMap((word) => [...sets(word)])) not ? may.delete(call) : may.add(call);
      assert.deepEqual([...calls].filter((call) => !may.has(call)), [], name);
    }
  });

  it('what each has told the kernel is what docs/least-power.md says, and no running process is refused what it needs', async () => {
    const plans = promised(house.dir);
    await house.halt();
    const { shut, refused } = readTrace(trace, Object.keys(USERS));
    for (const program of Object.keys(USERS)) {
      const wanted = [...new Set(Object.entries(plans).filter(([name]) => name.split(' ')[0] === program).map(([, rules]) => rules.join('\n')))].sort();
      // Its TCP leads to the health ports of its neighbours; strace does not tell which they are.
      if (program === 'recourse-triage') wanted.forEach((text, i) => text.includes('secrets/console') && (wanted[i] = `${text}\ntcp`));
      const found = [...new Set(shut.filter((process) => process.program === program).map((process) => [...new Set(process.rules)].sort().join('\n')))].sort();
      assert.deepEqual(found, wanted, program);
    }
    assert.deepEqual(refused.filter(({ program, call }) => !KNOWN[program]?.includes(call)).map(({ program, line }) => `${program}: ${line}`), []);
  });
});
