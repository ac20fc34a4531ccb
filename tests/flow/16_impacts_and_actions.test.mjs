// The register: an impact whose cases make it graver, entities whose involvement shifts, actions until they are known to work,
// and two officers who write at once. By the pages without scripts, and by the API.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { openBrowser, picture, fits } from '../support/browser.mjs';

const CANARIES = ['Kibwezi', 'padlocked', 'Mwangaza', 'sourcing elsewhere', 'in the canteen'];
const WHAT = { prevent: 'A number to call that is answered within a day', cease: 'Give every passport back', mitigate: 'Call those who wait since August', remedy: 'x' };
const day = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);
const FARM = { title: 'Papers withheld at Kibwezi', what: 'Workers cannot leave the farm: papers withheld, gate locked', state: 'actual', rights: ['slavery', 'liberty'], stage: 'acquisition', scale: 2, scope: 2, irremediability: 2, reason: 'As far as we know' };

describe('the register of impacts', () => {
  let house, chromium, page, tokens, impact;
  const api = (path, body, token = tokens[0]) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  const show = async (id = impact) => (await api(`/impacts/${id}`)).json();

  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Second', '--role', 'officer');
    tokens = [house.token(house.officer.name), house.token('Second')];
    for (const [text, answers] of [
      ['The farm by the river keeps our overtime pay', { people_low: 40, people_high: 50, groups: ['migrant_worker'] }],
      ['Our overtime at the farm is not on the sheet', { ongoing: 'yes' }],
    ])
      assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, answers } })).status, 201);
    await until(async () => (await api('/queue')).json().total === 2, { what: 'the cases' });
    chromium = await openBrowser();
    page = await chromium.visit({ width: 1280, height: 900 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('a code that is in no list is refused, with its field', async () => {
    const wrong = await api('/impacts', { ...FARM, rights: ['slavery', 'freedom'] });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.json().field, 'rights');
    assert.equal((await api('/impacts', { ...FARM, stage: 'birth' })).json().field, 'stage');
    assert.equal((await api('/impacts', { ...FARM, likelihood: 'high' })).json().field, 'likelihood', 'what has happened has no likelihood');
  });

  it('an impact takes the severity of its cases, part by part, and never loses it', async () => {
    const made = await api('/impacts', FARM);
    assert.equal(made.status, 201, made.text);
    impact = made.json().impact;
    // Both arrived within a second, so either may stand first; the one that speaks of many people is proposed as severe.
    const speaksOfMany = (item) => item.first_rank.scope > 1;
    const waiting = (await api('/queue')).json().items.sort((a, b) => speaksOfMany(b) - speaksOfMany(a));
    const cases = waiting.map((item) => item.case);
    for (const id of cases) assert.equal((await api(`/cases/${id}/impacts`, { impact, confirm: true, reason: 'Same farm' })).status, 200);
    const assess = async (id, scale, scope, reason) => {
      const answer = await api(`/cases/${id}/assessment`, { scale, scope, irremediability: 1, grave: false, danger_now: false, reason });
      assert.deepEqual([answer.status, answer.json().waits_for_second], [200, false], answer.text);
    };
    await assess(cases[0], 4, 1, 'Held against her will');
    await assess(cases[1], 1, 3, 'All of them');
    const shown = await until(async () => ((await show()).rolled?.scale === 4 ? show() : null), { what: 'the level of its cases' });
    assert.deepEqual([shown.own.scale, shown.own.scope, shown.own.irremediability], [2, 2, 2]);
    assert.deepEqual([shown.rolled.scale, shown.rolled.scope], [4, 3], 'the highest of each');
    assert.deepEqual([shown.severity.scale, shown.severity.scope, shown.severity.irremediability], [4, 3, 2]);
    assert.equal(shown.count, 2);
    assert.deepEqual(shown.joined, [{ month: new Date().toISOString().slice(0, 7), cases: 2 }]);
    // What the vault has published stays when the case goes.
    await until(async () => (await show()).version > 1, { what: 'the level to be published' });
    for (const id of cases) await api(`/cases/${id}/impacts`, { impact, confirm: false, reason: 'Not the same after all' });
    const without = await show();
    assert.equal(without.count, 0);
    assert.equal(without.rolled.scale, 4);
    for (const id of cases) await api(`/cases/${id}/impacts`, { impact, confirm: true, reason: 'It was' });
  });

  it('of two who change it at once the second is told what changed', async () => {
    const { version } = await show();
    const first = await api(`/impacts/${impact}`, { ...FARM, version, groups: ['migrant_worker'], people_low: 40, people_high: 60 }, tokens[1]);
    assert.equal(first.status, 200, first.text);
    const second = await api(`/impacts/${impact}`, { ...FARM, version, title: 'Another title' });
    assert.equal(second.status, 409);
    assert.deepEqual(second.json().changed.map((line) => line.by), ['Second']);
    const { title, people_high: people, history } = await show();
    assert.equal(title, FARM.title);
    assert.equal(people, 60);
    assert.deepEqual([history.at(-1).by, history.at(-1).fields.sort()], ['Second', ['groups', 'people_high', 'people_low']]);
    // On the page: the form was open while somebody else was faster.
    await page.goto(`${house.urls.console}/impacts/${impact}/change`);
    assert.ok(await page.isChecked('input[name=rights][value=slavery]'));
    await api(`/impacts/${impact}`, { ...FARM, version: first.json().version, groups: ['migrant_worker'], people_low: 45, people_high: 60 }, tokens[1]);
    await page.fill('[name=what]', `${FARM.what}. The broker holds the keys, and nobody is let out after dark.`);
    await page.click('main form.panel button.main');
    const told = await page.textContent('main');
    assert.match(told, /Second/);
    assert.match(told, /People affected, at least/, 'what somebody else has changed');
    assert.match(told, /nobody is let out after dark/, 'what was typed is not lost');
    await page.goto(`${house.urls.console}/impacts/${impact}/change`);
    await page.selectOption('select[name=scale]', '3');
    await page.click('main form.panel button.main');
    assert.match(await page.textContent('main'), /Say why the severity is another one/);
    await page.goto(`${house.urls.console}/impacts/${impact}/change`);
    await page.selectOption('select[name=scale]', '3');
    await page.fill('[name=reason]', 'Two of them are children');
    await page.click('main form.panel button.main');
    assert.match(page.url(), new RegExp(`/impacts/${impact}\\?said=changed`));
    assert.match(await page.textContent('#severity'), /3 – serious[\s\S]*4 – life[\s\S]*Two of them are children/);
  });

  it('two that only add lose nothing to each other', async () => {
    const added = await Promise.all(['Farm company', 'Buyer'].map((name, i) => api(`/impacts/${impact}/entities`, { name, involvement: i ? 'linked' : 'cause', said_by: 'Workers', from: day(-40) }, tokens[i])));
    assert.deepEqual(added.map((a) => a.status), [201, 201], added.map((a) => a.text).join());
    assert.deepEqual((await show()).entities.map((e) => e.name).sort(), ['Buyer', 'Farm company']);
    // An entry has an end, and who reaches it is told.
    const long = (await api('/impacts', { ...FARM, title: 'A long story' })).json().impact;
    const { entity } = (await api(`/impacts/${long}/entities`, { name: 'Somebody' })).json();
    let last;
    for (let i = 0; i < 90 && last?.status !== 400; i++) last = await api(`/impacts/${long}/involvement`, { entity, involvement: 'linked', said_by: 'x', evidence: 'e'.repeat(4000) });
    assert.deepEqual([last.status, last.json().detail], [400, 'That is too long.']);
    assert.equal((await api(`/impacts/${long}`)).status, 200, 'what is there can be shown');
  });

  it('who is linked and does nothing drifts, until something is done', async () => {
    await page.goto(`${house.urls.console}/impacts/${impact}`);
    assert.match(await page.textContent('#entities'), /Linked and without action for (39|40) days: this drifts towards contribution/);
    await picture(page, 'impact-drift');
    await page.goto(`${house.urls.console}/actions`);
    assert.match(await page.textContent('#drifts'), /Buyer: Linked and without action/);
    assert.deepEqual((await api('/impacts?drift=yes')).json().items.map((i) => i.impact), [impact]);
    await page.goto(`${house.urls.console}/impacts/${impact}`);
    await page.click('#actions details summary');
    await page.selectOption('#actions [name=type]', 'leverage');
    await page.selectOption('#actions [name=entity]', { label: 'Buyer' });
    await page.fill('#actions [name=what]', 'Ask the farm for the papers, and say that we think of sourcing elsewhere');
    await page.fill('#actions [name=due]', day(20));
    await page.fill('#actions [name=indicator]', 'Every worker holds a passport');
    await page.click('#actions form button');
    assert.match(page.url(), /\/actions\/[0-9a-f-]{36}\?said=planned/);
    assert.equal((await api('/impacts?drift=yes')).json().total, 0);
  });

  it('leverage is tried, and leaving is weighed before it is done', async () => {
    const url = page.url().replace(/\?.*/, '');
    await page.click('#attempts summary');
    await page.selectOption('#attempts [name=lever]', 'exit');
    await page.fill('#attempts [name=outcome]', 'They said they would sell to others');
    await page.click('#attempts form button');
    assert.match(await page.textContent('main'), /Say what ending the relationship would do/);
    await page.goto(url);
    await page.click('#attempts summary');
    await page.selectOption('#attempts [name=lever]', 'contract');
    await page.fill('#attempts [name=outcome]', 'The clause on papers was signed');
    await page.click('#attempts form button');
    assert.match(await page.textContent('#attempts'), /Contract terms[\s\S]*The clause on papers was signed/);
  });

  it('nothing is done before people were asked, and it is over when it works', async () => {
    const url = page.url().replace(/\?.*/, '');
    const move = async (state, fields = {}) => {
      await page.goto(url);
      await page.selectOption('#change [name=state]', state);
      for (const [name, value] of Object.entries(fields)) await (name === 'consulted' ? page.selectOption('#change [name=consulted]', value) : page.fill(`#change [name=${name}]`, value));
      await page.click('#change button.main');
      return page.textContent('main');
    };
    assert.match(await move('under_way'), /Ask the people who are affected before something is done/);
    assert.match(await move('under_way', { consulted: 'yes', consultation: 'Twelve workers in the canteen, all for it' }), /Under way/);
    assert.match(await move('done'), /Say what came of it/);
    assert.match(await move('done', { outcome: 'Thirty of forty have their papers' }), /Done, to be checked/);
    assert.match(await move('not_effective'), /Checked: it does not work/);
    assert.match(await move('under_way'), /Under way/);
    assert.match(await move('done', { outcome: 'All forty have their papers' }), /Done, to be checked/);
    assert.match(await move('effective'), /Checked: it works/);
    await picture(page, 'action');
    const id = url.split('/').pop();
    const now = (await api(`/actions/${id}`)).json();
    assert.equal(now.checked.by, house.officer.name);
    assert.deepEqual(now.moves, ['not_effective']);
    const skipped = await api(`/actions/${id}`, { version: now.version, state: 'planned' });
    assert.equal(skipped.json().field, 'state', 'a move that is not in the table');
  });

  it('the board has what is overdue first, then what is gravest', async () => {
    const light = (await api('/impacts', { ...FARM, title: 'Slow answers', scale: 1, scope: 1, irremediability: 1 })).json().impact;
    const entityOf = async (id) => (await api(`/impacts/${id}/entities`, { name: 'Mwangaza Labour Brokers' })).json().entity;
    const plan = async (id, type, due, owner) => (await api(`/impacts/${id}/actions`, { entity: await entityOf(id), type, what: WHAT[type], due: day(due), owner })).json();
    await plan(light, 'prevent', 5);
    await plan(impact, 'cease', 30, 'Second');
    const late = await plan(light, 'mitigate', 2);
    assert.equal((await api(`/actions/${late.action}`, { version: late.version, due: day(-3) })).status, 200);
    const board = (await api('/actions')).json();
    assert.deepEqual(board.items.map((a) => a.type), ['mitigate', 'cease', 'prevent']);
    assert.deepEqual([board.total, board.overdue, board.items[0].overdue], [3, 1, true]);
    assert.deepEqual((await api('/actions?mine=yes', undefined, tokens[1])).json().items.map((a) => a.type), ['cease']);
    assert.equal((await api('/actions?all=yes')).json().total, 4);
    assert.equal((await api(`/impacts/${light}/actions`, { entity: await entityOf(light), type: 'cease', what: 'x', due: day(1), owner: 'Nobody' })).json().field, 'owner');
    await page.goto(`${house.urls.console}/actions`);
    assert.match(await page.locator('li.card').first().textContent(), /Mitigate[\s\S]*(2|3) days overdue/);
    await picture(page, 'actions');
    await page.goto(`${house.urls.console}/impacts`);
    assert.match(await page.locator('table.list tbody tr').first().textContent(), /Papers withheld/, 'the gravest first');
    await picture(page, 'impacts');
    await page.goto(`${house.urls.console}/impacts?right=slavery&limit=1`);
    await page.click('a[rel=next]');
    assert.match(page.url(), /\?after=1&right=slavery$/, 'further in the list of what was asked for');
    assert.doesNotMatch(await page.textContent('table.list'), /Papers withheld/);
    await page.click('a[rel=prev]');
    assert.match(await page.textContent('table.list'), /Papers withheld/);
    await page.goto(`${house.urls.console}/actions?limit=1&type=cease`);
    assert.equal(await page.locator('a[rel=next]').count(), 0);
    await page.goto(`${house.urls.console}/impacts?right=slavery&state=potential`);
    assert.equal(await page.locator('table.list').count(), 0);
    await page.goto(`${house.urls.console}/impacts/${impact}`);
    await picture(page, 'impact');
    const arabic = await chromium.visit({ locale: 'ar', width: 320, scheme: 'dark' });
    await arabic.context().addCookies(await page.context().cookies());
    for (const path of [`/impacts/${impact}`, '/actions', `/actions/${late.action}`]) {
      await arabic.goto(house.urls.console + path);
      assert.equal(await arabic.getAttribute('html', 'dir'), 'rtl');
      assert.ok(await fits(arabic), path.slice(0, 9));
      if (path === '/actions') await picture(arabic, 'actions-ar-dark');
    }
    await arabic.context().close();
  });

  it('a like report is proposed, with the words and codes that it shares; a person decides', async () => {
    await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'Another farm, padlocked too, and they withheld the papers of my sister there', answers: { groups: ['migrant_worker'] } } });
    const found = await until(async () => (await api('/search', { words: 'sister' })).json().items[0], { what: 'the report' });
    const links = (await api(`/cases/${found.case}`)).json().links;
    assert.equal(links[0].impact, impact);
    assert.ok(links[0].words.includes('withheld') && links[0].words.includes('papers'), links[0].words.join());
    assert.deepEqual(links[0].codes, [{ list: 'group', code: 'migrant_worker' }, { list: 'right', code: 'slavery' }]);
    assert.equal((await show()).count, 2, 'nothing is linked by itself');
    await page.goto(`${house.urls.console}/cases/${found.case}`);
    assert.match(await page.textContent('#links'), /Words in common:[\s\S]*papers[\s\S]*Codes in common:\s*Migrant worker/);
    await page.locator('#links button[value=yes]').first().click();
    assert.equal((await show()).count, 3);
    await page.goto(`${house.urls.console}/impacts/${impact}`);
    assert.match(await page.textContent('#joined'), new RegExp(`${new Date().toISOString().slice(0, 7)}\\s*3`));
  });
});
