// Two do something at the same moment: the same account made twice, a desk's last two members ended, a case taken while somebody
// else sends it away, a page that is older than what it confirms. One of them counts, and the other is told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { admit, signIn } from '../support/staff.mjs';
import { openVault } from '../support/vault.mjs';

const CANARIES = ['canary-roof'];

describe('at the same moment', () => {
  let house, vaults, keeper, amara;

  /** Nobody's rows of `table` can be written, though all can be read, until what this returns is called. */
  const hold = async (table) => {
    const psql = spawn('psql', ['-X', '-q', '-A', '-t'], { env: { ...process.env, PGHOST: join(house.dir, 'run/pg'), PGUSER: 'recourse-db', PGDATABASE: house.databaseName }, stdio: ['pipe', 'pipe', 'inherit'] });
    const gone = new Promise((done) => psql.once('exit', done));
    let said = '';
    psql.stdout.on('data', (piece) => (said += piece));
    psql.stdin.write(`BEGIN; LOCK TABLE recourse.${table} IN SHARE MODE; SELECT 'held';\n`);
    await until(() => said.includes('held'), { what: `${table} to be held` });
    return () => {
      psql.stdin.end();
      return gone;
    };
  };
  const asKeeper = (op, more) => vaults.safeguarding.ask({ op, session: keeper, ...more });

  before(async () => {
    house = await startInstallation();
    vaults = { usual: openVault(house, 'usual'), safeguarding: openVault(house, 'safeguarding') };
    amara = { name: 'Amara', desk: 'safeguarding', password: admit(house, 'Amara', 'officer', 'safeguarding') };
    amara.visitor = await signIn(house, amara);
    admit(house, 'Keeper', 'administrator', 'safeguarding');
    assert.equal((await amara.visitor.post('/people/admit', { name: 'Keeper', password: amara.password })).status, 303);
    keeper = house.token('Keeper', '--desk', 'safeguarding');
  });
  after(async () => {
    for (const vault of Object.values(vaults ?? {})) vault.close();
    await house?.stop({ canaries: CANARIES });
  });

  it('the same account is made once', async () => {
    const release = await hold('record');
    const twice = ['officer', 'handler'].map((role) => asKeeper('people.add', { name: 'Bella', role }));
    setTimeout(release, 2500); // both passwords are hashed by then
    const answers = await Promise.all(twice);
    assert.deepEqual(answers.map(({ ok, error }) => error ?? ok).sort(), ['conflict', true].sort());
    const { items } = await asKeeper('people.list');
    assert.equal(items.filter(({ name }) => name === 'Bella').length, 1);
  });

  it('a case is not handed to who has not been admitted', async () => {
    const sent = await until(async () => {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'The roof of the clinic leaks canary-roof', desk: 'safeguarding' } });
      return answer.status === 201 && answer.json();
    }, { ms: 90_000, every: 500, what: 'the offer of the protected desk' });
    assert.ok(sent.receipt);
    const session = house.token('Amara', '--desk', 'safeguarding');
    const taken = await until(async () => {
      const answer = await vaults.safeguarding.ask({ op: 'queue.take', session });
      return answer.item && answer;
    }, { what: 'the case' });
    const { case: id } = taken.item;
    assert.equal((await asKeeper('people.add', { name: 'Carla', role: 'officer' })).waiting, true);
    assert.deepEqual(taken.colleagues, [], 'nobody else works here');
    const again = await vaults.safeguarding.ask({ op: 'case.show', session, case: id });
    assert.deepEqual([again.colleagues, again.translators.includes('Carla')], [[], false]);
    assert.equal((await vaults.safeguarding.ask({ op: 'case.hand_over', session, case: id, to: 'Carla', reason: 'x' })).error, 'not_found');
  });

  it('a protected desk is not emptied by ending its last two members at once', async () => {
    assert.equal((await amara.visitor.post('/people/admit', { name: 'Carla', password: amara.password })).status, 303);
    const { items } = await asKeeper('people.list');
    const members = items.filter(({ role, ended, waiting }) => ['officer', 'handler'].includes(role) && !ended && !waiting).map(({ name }) => name);
    assert.equal(members.length, 2);
    const answers = await Promise.all(members.map((name) => asKeeper('people.end', { name })));
    assert.deepEqual(answers.map(({ ok, error }) => error ?? ok), [true, 'denied']);
    assert.equal((await asKeeper('people.list')).items.find(({ name }) => name === members[1]).ended, false);
  });

  it('a desk whose last two officers leave at once is offered to nobody', async () => {
    admit(house, 'Chief', 'administrator');
    admit(house, 'Joseph', 'officer');
    const session = house.token('Chief');
    const offered = () => house.superuserQuery("SELECT offered FROM recourse.desk WHERE code = 'usual'").trim();
    assert.equal(offered(), 't');
    const answers = await Promise.all([house.officer.name, 'Joseph'].map((name) => vaults.usual.ask({ op: 'people.end', session, name })));
    assert.deepEqual(answers.map(({ ok }) => ok), [true, true]);
    assert.equal(offered(), 'f');
  });
});
