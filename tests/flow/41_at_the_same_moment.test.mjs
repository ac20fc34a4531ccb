// Two do something at the same moment: the same account made twice, a desk's last two members ended, a case taken while somebody
// else sends it away, a page that is older than what it confirms. One of them counts, and the other is told.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freeze } from '../support/freeze.mjs';
import { holdWrites } from '../support/hold.mjs';
import { ask, processesOf, startInstallation, until } from '../support/installation.mjs';
import { admit, signIn, trySignIn, Visitor } from '../support/staff.mjs';
import { openVault } from '../support/vault.mjs';

const CANARIES = ['canary-roof'];

describe('at the same moment', () => {
  let house, vaults, keeper, amara, josephs;

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
    const release = await holdWrites(house, 'record');
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

  it('a second person confirms what they have seen, and nothing that was put in its place since', async () => {
    josephs = admit(house, 'Joseph', 'officer');
    const [asks, confirms] = [house.officer.name, 'Joseph'].map((name) => house.token(name));
    const ask_ = (session, op, more) => vaults.usual.ask({ op, session, case: id, ...more });
    const sent = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They beat him every day canary-roof', answers: { danger_now: 'yes' } } });
    assert.equal(sent.status, 201, sent.text);
    const taken = await until(async () => {
      const answer = await vaults.usual.ask({ op: 'queue.take', session: asks });
      return answer.item && answer;
    }, { what: 'the case' });
    const id = taken.item.case;
    const lowered = (scale) => ask_(asks, 'case.assess', { scale, scope: 1, irremediability: 1, grave: false, danger_now: false, reason: 'It was another man' });
    assert.equal((await lowered(3)).waits_for_second, true);
    const seen = await ask_(confirms, 'case.show');
    assert.equal(seen.lowering.to.scale, 3);
    assert.equal((await lowered(1)).waits_for_second, true);
    const says = { what: 'lowering', confirm: true, reason: 'I asked him' };
    assert.equal((await ask_(confirms, 'case.second', { ...says, version: seen.version })).error, 'conflict');
    const now = await ask_(confirms, 'case.show');
    assert.deepEqual([now.lowering.to.scale, now.assessment], [1, null]);
    // The page says which it shows.
    const joseph = await signIn(house, { name: 'Joseph', password: josephs });
    const page = await joseph.get(`/cases/${id}`);
    assert.match(page.text, new RegExp(`/second"><input type="hidden" name="csrf" value="[^"]*"><input type="hidden" name="version" value="${now.version}">`));
    assert.equal((await ask_(confirms, 'case.second', { ...says, version: now.version })).ok, true);
  });

  it('files of one case are given to one officer: two who take at once, and who takes the rest of a group', async () => {
    const [one, other] = [house.officer.name, 'Joseph'].map((name) => house.token(name));
    const does = (session, op, more) => vaults.usual.ask({ op, session, ...more });
    const texts = ['My land was taken canary-roof', 'I speak for my neighbour, whose field is gone canary-roof', 'The dam floods our road canary-roof'];
    const cases = [];
    for (const text of texts) {
      assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text } })).status, 201);
      const taken = await until(async () => {
        const answer = await does(one, 'queue.take');
        return answer.item && answer;
      }, { what: 'the next case' });
      cases.push(taken.item.case);
    }
    const [land, neighbour, road] = cases;
    assert.equal((await does(one, 'participant.add', { case: land, other: neighbour, role: 'representative', reason: 'The same field' })).ok, true);
    await until(async () => (await does(one, 'case.show', { case: neighbour })).participant.others.length === 1, { what: 'the circle' });
    for (const id of cases) assert.equal((await does(one, 'case.return', { case: id, reason: 'x' })).ok, true);
    assert.equal((await does(other, 'queue.list')).total + (await does(other, 'queue.list', { lane: 'assessed' })).total, 3);

    const release = await holdWrites(house, 'case_state');
    const takes = [one, other, one, other].map((session) => does(session, 'queue.take'));
    setTimeout(release, 1000);
    for (const { item, empty } of await Promise.all(takes)) assert.ok(item || empty);
    const holder = async (id) => (await does(one, 'case.show', { case: id })).taken_by;
    const holders = await Promise.all([land, neighbour].map(holder));
    assert.equal(new Set(holders.filter(Boolean)).size, 1, `${holders}`);

    // Whoever holds the road takes the rest of its group, but for what belongs to somebody else's case.
    for (const id of cases) {
      const by = await holder(id);
      if (by) assert.equal((await does(by === 'Joseph' ? other : one, 'case.return', { case: id, reason: 'x' })).ok, true);
    }
    for (let n = 0; n < cases.length; n++) assert.ok((await does(one, 'queue.take')).item);
    for (const id of [neighbour, road]) assert.equal((await does(one, 'case.return', { case: id, reason: 'x' })).ok, true);
    assert.equal((await does(other, 'queue.take')).item.case, road);
    assert.equal((await does(other, 'queue.take')).empty, true, 'the neighbour waits for who has the other file');
    const { group } = await does(other, 'case.join', { case: road, title: 'The dam', reason: 'x' });
    assert.equal((await does(other, 'case.join', { case: neighbour, group, reason: 'x' })).ok, true);
    assert.equal((await does(other, 'group.take', { group })).cases, 0);
    assert.equal(await holder(neighbour), null);
    assert.equal((await does(one, 'case.return', { case: land, reason: 'x' })).ok, true);
    assert.equal((await does(other, 'group.take', { group })).cases, 1);
    await until(async () => (await holder(neighbour)) === 'Joseph', { what: 'the rest of the group' });
    assert.equal((await does(other, 'queue.take')).item.case, land);
  });

  it('another password ends also the session that somebody begins with the old one at that moment', async () => {
    const who = { name: 'Joseph', password: josephs };
    const his = await signIn(house, who), theirs = new Visitor(house);
    const release = await holdWrites(house, 'record');
    const changes = his.post('/account/password', { password: josephs, new: 'twelve geese cross the road' });
    await new Promise((done) => setTimeout(done, 1500)); // the old one is looked at and the new one hashed by then
    const comes = trySignIn(theirs, who);
    await new Promise((done) => setTimeout(done, 1000));
    await release();
    assert.equal((await changes).status, 303);
    assert.equal((await comes).status, 401);
    assert.equal((await his.get('/queue')).status, 200);
    assert.equal((await trySignIn(theirs, { ...who, password: 'twelve geese cross the road' })).status, 303);
  });

  it('what somebody held who leaves goes back to the others', async () => {
    const session = house.token('Joseph');
    const held = (await vaults.usual.ask({ op: 'queue.list', lane: 'mine', session: house.token(house.officer.name) })).items;
    assert.equal(held.length, 1); // the man's that was lowered
    admit(house, 'Chief', 'administrator');
    assert.equal((await vaults.usual.ask({ op: 'people.end', session: house.token('Chief'), name: house.officer.name })).ok, true);
    const taken = await until(async () => {
      const answer = await vaults.usual.ask({ op: 'queue.take', session });
      return answer.item && answer;
    }, { what: 'the case that she held' });
    assert.equal(taken.item.case, held[0].case);
    assert.ok(taken.history.some(({ what }) => what === 'Who held it has left: it waits for somebody else'));
  });

  it('two that are put beside one another from both sides stand so once', async () => {
    const session = house.token('Joseph'), does = (op, more) => vaults.usual.ask({ op, session, ...more });
    const both = [];
    for (const text of ['My pay is kept canary-roof', 'I write for my brother, whose pay is kept canary-roof']) {
      assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text } })).status, 201);
      both.push((await until(async () => { const answer = await does('queue.take'); return answer.item && answer; }, { what: 'the next case' })).item.case);
    }
    // Both are there before the vault has looked at the first.
    const { pid } = processesOf(house.dir).find(({ command }) => /recourse-vault.*vault-usual/.test(command) && !/sequencer/.test(command));
    const goOn = freeze(pid);
    const asked = [[0, 1], [1, 0]].map(([one, other]) => does('participant.add', { case: both[one], other: both[other], role: 'member', reason: 'The same pay' }));
    setTimeout(goOn, 500);
    assert.deepEqual((await Promise.all(asked)).map(({ ok, error }) => error ?? ok), [true, 'conflict']);
    for (const id of both) await until(async () => (await does('case.show', { case: id })).participant.others.length === 1, { what: 'the other' });
  });

  it('a desk whose last two officers leave at once is offered to nobody', async () => {
    admit(house, 'Bella', 'officer');
    const session = house.token('Chief');
    const offered = () => house.superuserQuery("SELECT offered FROM recourse.desk WHERE code = 'usual'").trim();
    assert.equal(offered(), 't');
    const answers = await Promise.all(['Joseph', 'Bella'].map((name) => vaults.usual.ask({ op: 'people.end', session, name })));
    assert.deepEqual(answers.map(({ ok }) => ok), [true, true]);
    assert.equal(offered(), 'f');
  });
});
