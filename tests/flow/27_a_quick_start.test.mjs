// A vault that comes back remembers: what it kept sealed beside it is read, the database is asked what changed since, and
// nobody sees a difference but the time. A file that somebody changed costs nothing but that time.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, until } from '../support/installation.mjs';
import { admit } from '../support/staff.mjs';
import { pidsOf } from '../bench/tools.mjs';

const TEXTS = ['The ferryman Odhiambo keeps our fares', 'Guards at the Kerio quarry beat my brother', 'No water in the Tamboura barracks', 'Our Tamboura foreman was paid to be silent'];

describe('a vault that comes back', () => {
  let house, token, cases;
  const api = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  const report = async (text) => assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text } })).status, 201);
  const inQueue = (count) => until(async () => (await api('/queue')).json().total === count, { what: `${count} cases in the queue` });
  const found = async (words) => (await api('/search', { words })).json().items.map((item) => item.case).sort();
  const lines = () => house.logs('vault-usual').split('\n');
  const told = (what) => lines().filter((line) => line.includes(`what=${what} `)).map((line) => Object.fromEntries([...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value])));
  const file = () => ['a', 'b'].map((slot) => join(house.dir, 'snapshot/vault-usual', `usual.${slot}`)).find((path) => existsSync(path) && statSync(path).size > 0);
  /** One more snapshot is there, of so many cases. */
  const kept = async (count) => {
    const before = told('snapshot').length;
    await until(() => told('snapshot').slice(before).some((line) => Number(line.cases) === count), { ms: 30_000, what: 'a snapshot' });
  };
  /** The vault dies and comes back; what it said since. */
  const again = async (meanwhile = () => {}) => {
    const before = lines().length, vault = pidsOf(`recourse-vault --config ${house.dir}/etc/vault-usual.ini`);
    await meanwhile(() => vault.forEach((pid) => process.kill(pid, 'SIGKILL')));
    await until(() => lines().slice(before).some((line) => line.includes('what=vault_open ')), { ms: 30_000, what: 'the vault' });
    return lines().slice(before).filter((line) => /what=(snapshot_read|snapshot_refused|caught_up) /.test(line)).map((line) => line.replace(/.*what=/, '').replace(/ desk=\S+| (pid|room|level|at)=\S+/g, ''));
  };

  before(async () => {
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[office]\nsnapshot_s = 1\n');
    await house.start();
    house.officer = { name: 'Amina', password: admit(house, 'Amina', 'officer') };
    token = house.token('Amina');
    for (const text of TEXTS.slice(0, 3)) await report(text);
    await inQueue(3);
  });
  after(async () => {
    await house?.stop({ canaries: TEXTS.flatMap((text) => text.split(' ').filter((word) => /^(Odhiambo|Kerio|Tamboura)$/.test(word))) });
  });

  it('what it kept is sealed', async () => {
    await kept(3);
    const bytes = readFileSync(file());
    for (const word of ['Odhiambo', 'grievance', 'tamboura', 'first_look']) assert.ok(!bytes.includes(word), word);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('it comes back with every case where it was, and finds their words', async () => {
    const before = (await api('/queue')).json();
    const said = await again((kill) => kill());
    assert.ok(said.some((line) => /^snapshot_read .*cases=3/.test(line)), said.join('; '));
    assert.ok(said.some((line) => /^caught_up .*wanted=0.*gone=0/.test(line)), said.join('; '));
    const now = (await api('/queue')).json();
    assert.deepEqual(now.items.map((item) => item.case), before.items.map((item) => item.case));
    cases = await found('tamboura');
    assert.equal(cases.length, 1);
    assert.deepEqual(await found('"kerio quarry"'), (await found('kerio')));
  });

  it('what happened since is taken from the database', async () => {
    const taken = (await api('/queue/take', {})).json().case;
    assert.equal((await api(`/cases/${taken}/answers`, { text: 'We look at it', language: 'en' })).status, 201);
    const said = await again(async (kill) => {
      kill();
      await report(TEXTS[3]);
    });
    assert.ok(said.some((line) => /^snapshot_read /.test(line)), said.join('; '));
    await until(async () => (await found('tamboura')).length === 2, { what: 'the new one, too' });
    const thread = (await api(`/cases/${taken}`)).json();
    assert.ok(JSON.stringify(thread).includes('We look at it'), 'the answer is there');
    assert.equal((await api('/figures')).json().cases, 4);
  });

  it('a file that was changed is refused, and nothing is missing', async () => {
    await kept(4);
    const said = await again((kill) => {
      kill();
      const path = file(), bytes = readFileSync(path);
      bytes[bytes.length - 40] ^= 1;
      writeFileSync(path, bytes);
    });
    assert.ok(said.some((line) => /^snapshot_refused /.test(line)), said.join('; '));
    assert.equal((await api('/figures')).json().cases, 4);
    await until(async () => (await found('tamboura')).length === 2, { what: 'the index' });
  });
});
