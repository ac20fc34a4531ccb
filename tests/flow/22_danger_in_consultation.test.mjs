// Danger told where nobody looks for a complaint: in a partner's consultation input, in thanks. It opens a case of its own, at the
// safeguarding desk while somebody works there, else at the desk it came to; what was sent stays what it is, and names that case.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { admit, signIn } from '../support/staff.mjs';

const AT_FIRST = 'One member told us: they will kill me if I speak at the hearing canary-heron';
const THANKS = 'Thank you for the well. My uncle says he will kill me now canary-plover';
const LATER = 'Another member wrote: he said he will kill us tonight canary-bittern';
const AT_LAST = 'A third wrote: they will kill her at the gate canary-egret';

describe('danger in consultation input', () => {
  let house, usual, safeguarding, bearer;
  const officer = (token, desk) => (path, body) => ask(`${house.urls.console}/api/v1${path}${path.includes('?') ? '&' : '?'}desk=${desk}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${token}` } });
  const lane = async (desk, name) => (await desk(`/queue?lane=${name}`)).json();
  const shown = async (desk, id) => {
    const answer = await desk(`/cases/${id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  };
  const submit = async (id, text) => {
    const answer = await ask(`${house.urls.intake}/api/v1/consultations/appeals-2026/submissions`, { body: { id, language: 'en', text }, headers: { authorization: `Bearer ${bearer}` } });
    assert.equal(answer.status, 201, answer.text);
  };
  /** The consultation of these words, once it is there: in its lane, not ranked, naming the case it opened. */
  const consultation = async (words, total) => {
    await until(async () => (await lane(usual, 'consultation')).total === total, { what: `${total} in the consultation lane` });
    const all = await Promise.all((await lane(usual, 'consultation')).items.map((item) => shown(usual, item.case)));
    const found = all.find((one) => one.conversation.some((message) => message.text.includes(words)));
    assert.ok(found, `${words} is in the consultation lane`);
    assert.equal(found.kind, 'consultation');
    assert.equal(found.linked.length, 1);
    return found;
  };
  const report = async (body) => assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', ...body } })).status, 201);
  /** The usual vault has learnt where danger goes: a bell is enough, it does not wait for the minute. */
  const danger_goes_to = async (desk) => {
    await report({ kind: 'suggestion', text: 'A lamp at the gate' });
    await until(() => [...house.logs('vault-usual').matchAll(/danger_desk.*desk=(\S+)/g)].pop()?.[1] === desk, { ms: 15_000, what: `danger goes to ${desk}` });
  };

  before(async () => {
    house = await startInstallation();
    usual = officer(house.token(house.officer.name), 'usual');
    bearer = house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation').trim().split('\n').pop();
    house.cli('round', 'add', '--code', 'appeals-2026', '--title', 'Appeals', '--question', 'How should appeals work?', '--opens', '2026-01-01T00:00:00Z', '--closes', '2099-01-01T00:00:00Z');
  });
  after(() => house?.stop({ canaries: ['canary-heron', 'canary-plover', 'canary-bittern', 'canary-egret'] }));

  it('nobody works at safeguarding: the linked case is in the first look of the usual desk', async () => {
    await submit('a1', AT_FIRST);
    const told = await consultation('canary-heron', 1);
    await until(async () => (await lane(usual, 'first_look')).total === 1, { what: 'the linked case' });
    const [item] = (await lane(usual, 'first_look')).items;
    assert.equal(item.kind, 'flag');
    assert.ok(item.danger_now || item.grave, 'before everything that is no danger');
    assert.deepEqual(told.linked, [item.case]);
    const linked = await shown(usual, item.case);
    assert.deepEqual(linked.linked, [told.case], 'and the linked case names it too');
    assert.ok(linked.conversation[0].text.includes('canary-heron'));
    assert.equal(linked.organisation, 'Delta Network');
  });

  it('thanks with danger in it opens one as well', async () => {
    await report({ kind: 'thanks', text: THANKS });
    await until(async () => (await lane(usual, 'first_look')).total === 3, { what: 'thanks and the linked case' });
    const items = (await lane(usual, 'first_look')).items;
    const thanks = await shown(usual, items.find((item) => item.kind === 'thanks').case);
    assert.equal(thanks.linked.length, 1);
    const halima = await signIn(house, { name: 'Halima', password: admit(house, 'Halima', 'officer') });
    assert.match((await halima.get(`/cases/${thanks.linked[0]}`)).text, /This case is a copy/);
    const own = (await halima.get(`/cases/${thanks.case}`)).text;
    assert.ok(own.includes('canary-plover') && !own.includes('This case is a copy'), 'this one is answered where it is');
    assert.ok((await shown(usual, thanks.linked[0])).conversation[0].text.includes('canary-plover'));
  });

  it('an officer at safeguarding: the linked case is there and nowhere else', async () => {
    house.cli('staff', 'add', '--name', 'Amara', '--role', 'officer', '--desk', 'safeguarding');
    safeguarding = officer(house.token('Amara', '--desk', 'safeguarding'), 'safeguarding');
    await danger_goes_to('safeguarding');
    await until(async () => (await lane(usual, 'first_look')).total === 4, { what: 'the suggestion' });
    await submit('a2', LATER);
    const told = await consultation('canary-bittern', 2);
    await until(async () => (await lane(safeguarding, 'first_look')).total === 1, { what: 'the linked case at safeguarding' });
    const [item] = (await lane(safeguarding, 'first_look')).items;
    assert.equal(item.kind, 'flag');
    assert.deepEqual(told.linked, [item.case]);
    assert.ok((await shown(safeguarding, item.case)).conversation[0].text.includes('canary-bittern'));
    assert.equal((await usual(`/cases/${item.case}`)).status, 404);
    assert.equal((await lane(usual, 'first_look')).total, 4);
    assert.equal((await lane(safeguarding, 'consultation')).total, 0);
  });

  it('she leaves: danger is told to the usual desk again, not to an empty room', async () => {
    house.cli('staff', 'end', 'Amara', '--desk', 'safeguarding');
    await danger_goes_to('usual');
    await until(async () => (await lane(usual, 'first_look')).total === 5, { what: 'the suggestion' });
    await submit('a3', AT_LAST);
    const told = await consultation('canary-egret', 3);
    await until(async () => (await lane(usual, 'first_look')).total === 6, { what: 'the linked case' });
    assert.ok((await shown(usual, told.linked[0])).conversation[0].text.includes('canary-egret'));
  });
});
