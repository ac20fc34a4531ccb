// The doctor finds nothing wrong with an installation that is set up as it should be; then one thing after another is made
// wrong, and each time the doctor says which, and how it is cured.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { asRoot, processesOf, root, startInstallation, until } from '../support/installation.mjs';

const PASSPHRASE = 'twelve swans on the lake';
// What hangs on the machine that the test runs on, and is not ours to change.
const OF_THE_MACHINE = /^BAD {3}(clock|disk of|memory)/;

describe('the doctor', () => {
  let house, safe;
  const at = (below) => join(house.dir, below);
  const doctor = () => {
    const { code, stdout, stderr } = house.tryCli('doctor');
    const bad = stdout.split('\n').filter((line) => line.startsWith('BAD'));
    assert.equal(code, bad.length ? 1 : 0, stdout + stderr);
    assert.ok(stdout.split('\n').filter(Boolean).every((line) => /^(good {2}|BAD {3}|\d+ things are BAD\.$)/.test(line)), stdout);
    return { code, stdout, bad: bad.filter((line) => !OF_THE_MACHINE.test(line)) };
  };
  /** Wrong in one thing, and in nothing else; right again afterwards. */
  const finds = (pattern, spoil, mend) => {
    spoil();
    try {
      const { bad } = doctor();
      assert.ok(bad.some((line) => pattern.test(line)), `${pattern} in\n${bad.join('\n')}`);
      assert.ok(bad.every((line) => /; \S/.test(line)), `each has its cure:\n${bad.join('\n')}`);
    } finally {
      mend();
    }
    assert.deepEqual(doctor().bad, []);
  };
  const mode = (below, wrong) => {
    const right = statSync(at(below)).mode & 0o777;
    return [() => chmodSync(at(below), wrong), () => chmodSync(at(below), right)];
  };
  const changed = (below, change) => {
    const right = readFileSync(at(below));
    const { uid, gid, mode: bits } = statSync(at(below));
    return [
      () => writeFileSync(at(below), change(right)),
      () => {
        writeFileSync(at(below), right, { mode: bits & 0o777 });
        chownSync(at(below), uid, gid);
      },
    ];
  };
  const away = (below) => [() => renameSync(at(below), at(`${below}-away`)), () => renameSync(at(`${below}-away`), at(below))];

  before(async () => {
    safe = mkdtempSync(join(tmpdir(), 'rc-safe-'));
    const passphraseFile = join(safe, 'passphrase');
    writeFileSync(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 });
    house = await startInstallation({ args: ['--locked'], env: { RECOURSE_PASSPHRASE_FILE: passphraseFile } });
  });
  after(async () => {
    await house?.stop();
    rmSync(safe, { recursive: true, force: true });
  });

  it('tells a new installation what is still to be done', () => {
    const { bad, stdout } = doctor();
    for (const line of [
      /root seed.*is on this machine; .*shred -u \S+offline\/root\.seed/,
      /auditors' key.*is on this machine/,
      /share the host name localhost.*; recourse\.ini: give \[http\] staff_name/,
      /self-signed.*; get one from an authority/,
      /there is no backup key.*; recourse --data \S+ backup key FILE$/,
      /backup of keys: none was ever made.*; recourse --data \S+ keys backup FILE$/,
    ])
      assert.ok(bad.some((one) => line.test(one)), `${line} in\n${stdout}`);
  });

  it('and nothing when it is done', { skip: !asRoot && 'needs users of their own' }, async () => {
    house.cli('backup', 'key', join(safe, 'kept.key'));
    house.cli('keys', 'backup', join(safe, 'keys'));
    assert.match(doctor().bad.join('\n'), /backup: none was ever made; recourse --data \S+ backup FILE$/m);
    house.cli('backup', join(safe, 'rows'));
    for (const key of ['root.seed', 'auditor.key']) renameSync(at(`offline/${key}`), join(safe, key));
    writeFileSync(at('recourse.ini'), readFileSync(at('recourse.ini'), 'utf8').replace('staff_name = localhost', 'staff_name = staff.example'));
    // From an authority, though of our own.
    const openssl = (...args) => assert.equal(spawnSync('openssl', args, { cwd: safe }).status, 0, args.join(' '));
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=An authority', '-days', '60');
    const sign = (days, name) => {
      openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', 'site.csr', '-subj', '/CN=recourse.example');
      openssl('x509', '-req', '-in', 'site.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days), '-out', name);
    };
    sign(40, 'cert.pem');
    sign(5, 'short.pem');
    copyFileSync(join(safe, 'cert.pem'), at('tls/cert.pem'));
    assert.match(doctor().bad.join('\n'), /certificate: \S+secrets\/sms\/tls\.key is not its key; put/);
    for (const process of ['intake', 'sms', 'console']) writeFileSync(at(`secrets/${process}/tls.key`), readFileSync(join(safe, 'cert.pem.key')));
    // On the disk is not yet before people's eyes; and to bring it there nobody has to unlock the desks again.
    const stale = doctor().bad;
    assert.equal(stale.length, 3, stale.join('\n'));
    for (const process of ['intake', 'console', 'sms']) assert.match(stale.join('\n'), new RegExp(`certificate: ${process} still shows another one than \\S+tls/cert\\.pem; recourse --data \\S+ reload$`, 'm'));
    house.cli('reload');
    await until(() => doctor().bad.length === 0, { every: 500, what: 'the new certificate' });
    const { bad, stdout } = doctor();
    assert.deepEqual(bad, [], stdout);
    for (const line of ['every process has a system user of its own', 'staff sign in with a second factor', 'desk keys lie under a passphrase', 'secrets belong to the one process', 'an answer means stored', 'the newest of version', 'all 12 processes run', 'what cleans and draws them is installed', 'holds all that are here'])
      assert.match(stdout, new RegExp(line));
  });

  it('finds what others may read, or does not belong to whom it should', { skip: !asRoot && 'needs users of their own' }, () => {
    finds(/secret: \S+intake\/pepper may be read by others; chmod 600 \S+intake\/pepper$/, ...mode('secrets/intake/pepper', 0o644));
    finds(/secret: \S+keys-usual may be read by others; chmod 700/, ...mode('secrets/keys-usual', 0o755));
    const { uid, gid } = statSync(at('secrets/sms/once'));
    finds(/sms\/once does not belong to recourse-sms; chown recourse-sms: /, () => chownSync(at('secrets/sms/once'), 0, 0), () => chownSync(at('secrets/sms/once'), uid, gid));
    finds(/logs may be read by others; chmod 750/, ...mode('log', 0o755));
    finds(/settings may be changed by others; chmod 644/, ...mode('recourse.ini', 0o666));
    const settings = (lines) => changed('recourse.ini', (right) => `${right}\n[signin]\n${lines}\n`);
    finds(/staff may sign in without a second factor.*; recourse\.ini: \[signin\] second_factor = required/, ...settings('second_factor = offered'));
    finds(/let in anew by others has less than a day.*; recourse\.ini: \[signin\] recovery_hours = 24$/, ...settings('recovery_hours = 1'));
    const alarm = changed('recourse.ini', (right) => `${right}\n[alarm]\nchannel = nights\n`);
    finds(/\[alarm\] names the channel nights, and there is none; recourse\.ini: name one/, ...alarm);
    finds(/desk usual: nobody would be told of danger now; set who is on call in the console/, ...alarm);
    // A desk that is mistyped in a channel: each text would be answered 503.
    finds(/recourse\.ini:\d+: \[channel nights\] desk names a desk that is not there; name one of the \[desk NAME\] sections$/, ...changed('recourse.ini', (right) => `${right}\n[channel nights]\nkind = kannel\ndesk = usul\n`));
    finds(/list of keys may be changed by others; chmod 711/, ...mode('keys', 0o777));
    finds(/office's keys may be reached by others; chmod 700/, ...mode('offline', 0o755));
    finds(/database's files may be read by others; chmod 700/, ...mode('pg', 0o750));
  });

  it('finds keys that are missing or are not those of the list', { skip: !asRoot && 'needs users of their own' }, () => {
    finds(/private keys of desk oversight: \S+ is missing; recourse --data \S+ keys restore FILE$/, ...away('secrets/keys-oversight/desk.key'));
    finds(/receipts hang on \S+intake\/pepper: it is missing; .*keys restore FILE$/, ...away('secrets/intake/pepper'));
    finds(/keys of desk usual lie without a passphrase: \S+keys-usual\/desk\.key; put the file back/, ...changed('secrets/keys-usual/desk.key', (right) => Buffer.concat([right.subarray(0, 17), Buffer.from([0]), right.subarray(18)])));
    finds(/intake\/door\.seed is not the one that the manifest names/, ...changed('secrets/intake/door.seed', () => `${'ab'.repeat(32)}\n`));
    finds(/secret: \S+console\/db\.password is missing/, ...away('secrets/console/db.password'));
  });

  it('finds what ends soon, and copies that are too old', { skip: !asRoot && 'needs users of their own' }, () => {
    finds(/certificate: until \S+, [45] days; get one/, ...changed('tls/cert.pem', () => readFileSync(join(safe, 'short.pem'))));
    finds(/certificate: \S+ not there/, ...away('tls/cert.pem'));
    const days = (n) => `${Math.floor(Date.now() / 1000) - n * 86400}\n`;
    finds(/backup: the last one was made on \S+, 3 days ago; recourse --data \S+ backup FILE$/, ...changed('secrets/operator/backup.made', () => days(3)));
    finds(/backup of keys: the last one was made on \S+, and secrets\/intake\/once is newer; recourse --data \S+ keys backup FILE$/, ...changed('secrets/intake/once', () => `${'cd'.repeat(32)}\n`));
    // Another limit, in recourse.ini.
    const [spoil, mend] = changed('secrets/operator/backup.made', () => days(3));
    const [more, less] = changed('recourse.ini', (right) => `${right}\n[backup]\ndays = 7\n`);
    spoil();
    more();
    assert.deepEqual(doctor().bad, []);
    less();
    mend();
  });

  it('finds a database that would lose or tell', { skip: !asRoot && 'needs users of their own' }, async () => {
    const set = async (name, value) => {
      house.superuserQuery(value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`);
      house.superuserQuery('SELECT pg_reload_conf()');
    };
    const isNow = (name, value) => until(() => house.superuserQuery(`SHOW ${name}`).trim() === value, { what: `${name} = ${value}` });
    for (const [name, wrong, right] of [
      ['fsync', 'off', 'on'],
      ['full_page_writes', 'off', 'on'],
      ['synchronous_commit', 'off', 'on'],
      ['log_statement', 'all', 'none'],
    ]) {
      await set(name, wrong);
      await isNow(name, wrong);
      assert.ok(doctor().bad.some((line) => new RegExp(`database: ${name} is ${wrong}: .*; start the installation again`).test(line)), name);
      await set(name, null);
      await isNow(name, right);
      assert.deepEqual(doctor().bad, []);
    }
  });

  it('tells what an upgrade would do, and what runs that is not what is installed', { skip: !asRoot && 'needs users of their own' }, async () => {
    // The next version, in a folder of its own: one migration more, and programs that were built again.
    const next = mkdtempSync(join(tmpdir(), 'rc-next-'));
    chmodSync(next, 0o755);
    try {
      spawnSync('cp', ['-R', 'migrations', 'intake', 'sms-gateway', 'triage', next]);
      writeFileSync(join(next, 'migrations/900_next.sql'), 'SELECT 1;\n');
      const files = spawnSync('sh', ['-c', `ls ${next}/migrations/*.sql | wc -l`], { encoding: 'utf8' }).stdout.trim();
      const number = String(files).padStart(3, '0');
      renameSync(join(next, 'migrations/900_next.sql'), join(next, `migrations/${number}_next.sql`));
      house.env.RECOURSE_SHARE = next;
      assert.ok(doctor().bad.some((line) => line.startsWith(`BAD   upgrade: ${number}_next.sql is not applied yet`) && /; recourse --data \S+ migrate$/.test(line)));
      rmSync(join(next, `migrations/${number}_next.sql`));
      writeFileSync(join(next, 'migrations/001_roles.sql'), `${readFileSync(join(next, 'migrations/001_roles.sql'))}\n-- changed\n`);
      assert.match(doctor().bad.join('\n'), /upgrade: 001_roles\.sql was edited after it was applied/);
      delete house.env.RECOURSE_SHARE;
      assert.deepEqual(doctor().bad, []);
      // Programs of the same name elsewhere: what runs is not they.
      mkdirSync(join(next, 'bin'));
      for (const name of ['recourse', 'recourse-intake', 'recourse-sms', 'recourse-triage', 'recourse-vault', 'recourse-keys', 'recourse-cleaner']) copyFileSync(join(house.build, name), join(next, 'bin', name));
      const build = house.build;
      house.build = join(next, 'bin');
      assert.match(doctor().bad.join('\n'), /upgrade: intake runs another build than the one installed now; stop it and start it again/);
      house.build = build;
    } finally {
      delete house.env.RECOURSE_SHARE;
      rmSync(next, { recursive: true, force: true });
    }
  });

  it('finds a disk that is nearly full', { skip: !asRoot && 'needs users of their own' }, (t) => {
    mkdirSync(at('spool/intake'), { recursive: true, mode: 0o700 });
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'tmpfs', at('spool/intake')]).status !== 0) return t.skip('no file system can be mounted here');
    try {
      assert.match(house.tryCli('doctor').stdout, /^BAD {3}disk of rows that wait: .* are free.*; make room/m);
    } finally {
      spawnSync('umount', [at('spool/intake')]);
    }
  });

  it('a vault has a file cleaned in memory, by a user who may do nothing else, and nobody else may ask', { skip: !asRoot && 'needs users of their own' }, () => {
    const photo = join(safe, 'photo.jpg');
    assert.equal(spawnSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48', '-frames:v', '1', photo]).status, 0);
    assert.equal(spawnSync('exiftool', ['-q', '-overwrite_original', '-Artist=Zuhura', '-GPSLatitude=1.29', '-GPSLatitudeRef=S', photo]).status, 0);
    assert.ok(readFileSync(photo).includes('Zuhura'));
    chmodSync(safe, 0o755);
    chmodSync(photo, 0o644);
    const clean = (user) => spawnSync('setpriv', ['--reuid', user, '--regid', user, '--clear-groups', '/usr/bin/python3', '-', at('run/clean-usual/clean.sock'), photo, 'jpg'], { encoding: 'utf8', input: readFileSync(join(root, 'tests/support/clean.py'), 'utf8') });
    const { stdout, stderr } = clean('recourse-vault-usual');
    const [says, hex] = stdout.split('\n');
    assert.deepEqual({ ...JSON.parse(says || '{}'), size: 0 }, { type: 'image/jpeg', status: 'cleaned', by: 'mat2', says: 'ok', size: 0, result_type: 'image/jpeg' }, stdout + stderr);
    const copy = Buffer.from(hex, 'hex');
    assert.ok(copy.length === JSON.parse(says).size && copy.subarray(0, 2).toString('hex') === 'ffd8' && !copy.includes('Zuhura'));
    for (const other of ['recourse-vault-oversight', 'recourse-triage', 'recourse-keys-usual']) assert.notEqual(clean(other).status, 0, other);
    const log = readFileSync(at('log/clean-usual.log'), 'utf8');
    assert.match(log, /what=clean_done status=0/);
    assert.doesNotMatch(log, /clean_on_disk|sandbox_without.*landlock|image|jpe?g|Zuhura/);
    assert.deepEqual(readdirSync(at('run/clean-usual/work')), []);
    chmodSync(safe, 0o700);
  });

  it('finds a process that is gone, and an installation that stands still', { skip: !asRoot && 'needs users of their own' }, async () => {
    // The launcher cannot start it again for now.
    house.launcher.kill('SIGSTOP');
    for (const { pid } of processesOf(at('etc/sms.ini'))) process.kill(pid, 'SIGKILL');
    await until(() => processesOf(at('etc/sms.ini')).length === 0, { what: 'the end of the gateway' });
    assert.match(doctor().stdout, /^BAD {3}11 of 12 processes run; recourse --data \S+ up$/m);
    house.launcher.kill('SIGCONT');
    // Each look starts a command: on a busy machine that takes its time.
    await until(() => /^good {2}all 12 processes run/m.test(doctor().stdout), { ms: 90_000, every: 500, what: 'the gateway again' });
    await house.halt();
    const { stdout } = doctor();
    assert.match(stdout, /^good {2}nothing of it runs now$/m);
    assert.match(stdout, /^BAD {3}database: it does not run, so nobody looked into it; recourse --data \S+ up$/m);
    assert.deepEqual(processesOf(house.dir), [], 'it was not started for this');
    // It stands still, and is saved all the same.
    const saved = house.tryCli('backup', join(safe, 'standing'), '--without-keys-check');
    assert.equal(saved.code, 0, saved.stderr);
    assert.deepEqual(processesOf(house.dir), []);
    assert.ok(existsSync(join(safe, 'standing')));
  });
});
