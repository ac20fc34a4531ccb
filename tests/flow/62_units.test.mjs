// What `recourse units` writes for systemd, without systemd: each unit's command line is run as its user, with its privileges, in
// the order that docs/units.md gives; a person reports and the desk sees it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, asRoot, makeInstallation, processesOf, until } from '../support/installation.mjs';

describe('units', { skip: !asRoot && 'without root all processes share one user' }, () => {
  let house, folder;
  const started = [];

  before(async () => {
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    folder = join(house.dir, 'units');
    mkdirSync(folder);
  });
  after(async () => {
    const ends = started.map((child) => new Promise((done) => (child.exitCode === null ? child.once('exit', done) : done())));
    for (const child of started.slice(1)) child.kill('SIGTERM');
    await Promise.all(ends.slice(1));
    started[0]?.kill('SIGINT');
    await ends[0];
    await house.stop();
  });

  const valueOf = (lines, key) => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  function start(name) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    const [user] = valueOf(lines, 'User');
    const keeps = valueOf(lines, 'AmbientCapabilities').map((name) => name.replace('CAP_', '').toLowerCase());
    const kept = (set) => `--${set}-caps=${['-all', ...keeps.map((name) => `+${name}`)].join(',')}`;
    const privileges = ['--reuid', user, '--regid', user, '--clear-groups', '--no-new-privs', kept('inh'), kept('ambient'), `--bounding-set=${['-all', ...keeps.map((name) => `+${name}`)].join(',')}`];
    const child = spawn('setpriv', [...privileges, ...valueOf(lines, 'ExecStart')[0].split(' ')], { env: { ...Object.fromEntries(valueOf(lines, 'Environment').map((pair) => pair.split('='))), ASAN_OPTIONS: house.env.ASAN_OPTIONS }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (house.output += `${name}: ${piece}`));
    started.push(child);
  }

  it('bring up everything: a person reports, and the desk sees it', async () => {
    house.cli('units', folder);
    const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
    assert.equal(units.length, 3 + 3 * 3 + 1);
    start('recourse-postgresql.service');
    await until(() => house.tryCli('migrate').code === 0, { every: 500, what: 'the database' });
    for (const name of units) if (name !== 'recourse-postgresql.service') start(name);
    const stored = await until(async () => {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { text: 'The well is dry.' } }).catch(() => null);
      return answer?.status === 201;
    }, { every: 300, what: `a report` }).catch((cause) => {
      throw new Error(`${cause.message}\n${house.output}`);
    });
    assert.ok(stored);
    await until(() => house.tryCli('staff', 'add', '--name', 'amina', '--role', 'officer').code === 0, { every: 300, what: 'the vault' });
    const token = house.token('amina');
    await until(async () => (await ask(`${house.urls.console}/api/v1/queue`, { headers: { authorization: `Bearer ${token}` } })).json().total === 1, { what: 'the case in the queue' });
  });

  it('and nothing else: what runs is what the units name', () => {
    const named = readdirSync(folder).filter((name) => name.endsWith('.service')).map((name) => readFileSync(join(folder, name), 'utf8').match(/^ExecStart=(.*)$/m)[1]);
    const running = new Set(processesOf(house.dir).map(({ command }) => command));
    assert.deepEqual([...running].filter((command) => command.includes(' --config ') || command.includes(' -D ')).sort(), named.sort());
  });
});
