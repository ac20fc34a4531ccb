// Every page a person or an officer meets, narrow and wide, light and dark, left-to-right and right-to-left: axe finds nothing,
// nothing sticks out, and no page needs a script.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { admit } from '../support/staff.mjs';
import { openBrowser, picture, fits } from '../support/browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = [
  { locale: 'en', width: 320, scheme: 'light' },
  { locale: 'ar', width: 320, scheme: 'dark' },
  { locale: 'sw', width: 1280, scheme: 'light' },
  { locale: 'fr', width: 768, scheme: 'dark' },
];

async function check(page, where) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), [], where);
  assert.ok(await fits(page), `${where} sticks out`);
  assert.equal(await page.locator('script:not([src="/passkey.js"], [src="/fresh.js"])').count(), 0, `${where} has a script`);
}

describe('every page', () => {
  let house, chromium, oneCase, impact, action, decided, offered, receiver;
  const others = []; // who sees no cases
  before(async () => {
    house = await startInstallation();
    for (const role of ['administrator', 'auditor']) others.push({ role, password: admit(house, role, role) });
    chromium = await openBrowser();
    await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They hold our passports', answers: { danger_now: 'yes' } } });
    const bearer = `Bearer ${house.token(house.officer.name)}`;
    const officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: bearer } });
    await until(async () => (await officer('/queue')).json().total === 1, { what: 'the case' });
    oneCase = (await officer('/queue')).json().items[0].case;
    impact = (await officer('/impacts', { title: 'Passports withheld', what: 'Workers cannot leave', state: 'actual', rights: ['slavery'], stage: 'use', technology: 'none', scale: 4, scope: 2, irremediability: 3 })).json().impact;
    const entity = (await officer(`/impacts/${impact}/entities`, { name: 'Buyer', involvement: 'linked', said_by: 'Workers', from: '2026-01-01' })).json().entity;
    await officer(`/impacts/${impact}/actions`, { entity, type: 'remedy', what: 'Give the passports back', due: '2026-01-02' });
    action = (await officer(`/impacts/${impact}/actions`, { entity, type: 'leverage', what: 'Speak with the farm', due: '2026-01-02' })).json().action;
    await officer(`/actions/${action}/attempts`, { lever: 'contract', outcome: 'They listened' });
    await officer(`/cases/${oneCase}/impacts`, { impact, confirm: true, reason: 'The same' });
    // One asks for a second person; another is decided, and a review can be asked for.
    const decision = { state: 'out_of_scope', reason: 'Another country', text: 'This is for the ombudsman', open_remedies: 'The ombudsman', language: 'en' };
    await officer('/queue/take', {});
    assert.equal((await officer(`/cases/${oneCase}/decision`, decision)).json().waits_for_second, true);
    await officer(`/cases/${oneCase}/watch`, { on: true });
    assert.equal((await officer(`/cases/${oneCase}/assessment`, { scale: 4, scope: 4, irremediability: 4, danger_now: true, grave: true, reason: 'A knife', groups: [{ group: 'child', scale: 4, reason: 'Two' }] })).status, 200);
    const remedy = { types: ['reinstatement', 'apology_private'], what: 'The passport, and an apology', by: '2026-01-02', text: 'We bring it to you', language: 'en' };
    assert.equal((await officer(`/cases/${oneCase}/offer`, remedy)).status, 200);
    assert.equal((await officer(`/cases/${oneCase}/heard`, { said: 'accept', words: 'She said so by phone' })).status, 200);
    decided = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: 'The well is dry', read_back: true } })).json().receipt;
    const taken = await until(async () => ((answer) => answer.status === 200 && answer.json().case)(await officer('/queue/take', {})), { what: 'the second case' });
    assert.equal((await officer(`/cases/${taken}/decision`, decision)).status, 200);
    offered = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: 'They took my phone', answers: { speaking_as: 'group' } } })).json().receipt;
    const third = await until(async () => ((answer) => answer.status === 200 && answer.json().case)(await officer('/queue/take', {})), { what: 'the third case' });
    assert.equal((await officer(`/cases/${third}/offer`, remedy)).status, 200);
    // Another mechanism: the person is asked, and a draft waits; of the decided case one question is open, one was answered.
    receiver = (await officer('/receivers', { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', takes: 'Working hours', contact: 'By post' })).json().receiver;
    const question = { receiver, purpose: 'An inspection', what: 'That you are not let out' };
    await officer(`/cases/${oneCase}/consent`, question);
    assert.equal((await officer(`/cases/${oneCase}/referrals`, { consent: 1, messages: ['1'], text: 'Ask for Daniel, 0712 345 678' })).status, 201);
    assert.equal((await officer(`/cases/${taken}/consent`, question)).status, 201);
    assert.equal((await officer(`/cases/${taken}/consent/answer`, { ...question, answer: 'yes', how: 'On the telephone' })).status, 200);
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop();
  });

  /** A picture of every page, as wide as a desk has it. */
  const wide = async (page, path) => {
    const size = page.viewportSize();
    await page.setViewportSize({ width: 1280, height: 900 });
    await picture(page, `page${path.replace(/\/[0-9a-f-]{36}/, '-one').replace(/\?.*/, (query) => (/lane/.test(query) ? `-${query.split('=')[1]}` : '')).replaceAll('/', '-')}`);
    await page.setViewportSize(size);
  };

  for (const view of VIEWS) {
    it(`of the public door, ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      const page = await chromium.visit({ ...view, scripts: true });
      for (const path of ['/', '/report', '/receipt']) {
        await page.goto(house.urls.intake + path);
        assert.equal(await page.getAttribute('html', 'lang'), view.locale);
        await check(page, `${path} in ${view.locale}`);
      }
      await page.goto(`${house.urls.intake}/report`);
      await page.check('input[name=danger_now][value=yes]');
      await page.click('form[action="/report"] button');
      await check(page, `the form in ${view.locale}`);
      if (view.width === 320) await picture(page, view.locale === 'en' ? 'form' : `form-${view.locale}`);
      await page.click('#send');
      await check(page, `an empty form in ${view.locale}`);
      await page.fill('#text', 'It is about the well');
      await page.click('#send');
      await check(page, `the receipt in ${view.locale}`);
      const receipt = (await page.textContent('#receipt')).replace(/\D/g, '');
      await page.goto(`${house.urls.intake}/receipt`);
      await page.fill('#receipt', receipt);
      await page.click('#look');
      await check(page, `the conversation in ${view.locale}`);
      await page.goto(`${house.urls.intake}/receipt`);
      await page.fill('#receipt', decided);
      await page.click('#look');
      assert.ok(await page.isVisible('#review'));
      await check(page, `a decision in ${view.locale}`);
      await page.goto(`${house.urls.intake}/receipt`);
      await page.fill('#receipt', offered);
      await page.click('#look');
      assert.ok(await page.isVisible('#accept'));
      assert.match(await page.textContent('article'), /We bring it to you\s+You answer for yourself alone/);
      await check(page, `an offer in ${view.locale}`);
      await page.context().close();
    });

    it(`of the console, ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      const page = await chromium.visit({ ...view, scripts: true });
      await page.goto(`${house.urls.console}/signin`);
      await check(page, `signing in, ${view.locale}`);
      await page.fill('input[name=name]', house.officer.name);
      await page.fill('input[name=password]', house.officer.password);
      await page.click('form[action="/signin"] button');
      for (const path of ['/queue', `/cases/${oneCase}`, `/cases/${oneCase}/why`, '/second', '/remedies', '/queue?lane=watched', '/queue?lane=escalated', '/impacts', '/impacts/new', `/impacts/${impact}`, `/impacts/${impact}/change`, '/actions', `/actions/${action}`, '/receivers', `/receivers/${receiver}`, '/referrals', `/cases/${oneCase}/referral?referral=1`, '/groups', '/aside', '/checkins', '/translations', '/search', '/export', '/consultations', '/walkin', '/help', '/account', '/figures', '/oncall', '/people/waiting', '/people/recovery']) {
        await page.goto(house.urls.console + path);
        await check(page, `${path.replace(/[0-9a-f-]{36}/, 'ID')} in ${view.locale}`);
        if (view.locale === 'en') await wide(page, path);
      }
      await page.goto(`${house.urls.console}/cases/${oneCase}`);
      for (const form of ['#deliver', '#offer']) await page.click(`${form} summary`);
      await check(page, `the forms of a remedy in ${view.locale}`);
      await page.goto(`${house.urls.console}/oncall`);
      await page.click('#roster summary');
      await check(page, `the form of the roster in ${view.locale}`);
      if (view.locale === 'en') {
        const row = { name: 'Halima of the night shift', to: '+254733000222', from: '00:00', until: '23:59' };
        for (const [key, value] of Object.entries(row)) await page.fill(`[name="roster.0.${key}"]`, value);
        await page.fill('#roster [name=password]', house.officer.password);
        await page.click('#roster button.main');
        assert.match(await page.textContent('#now ol'), /Halima of the night shift: cannot be told: no channel is named/);
        assert.match(await page.textContent('#roster table'), /Halima of the night shift[\s\S]*every day 00:00 until 23:59/);
        await check(page, 'the roster');
      }
      if (view.locale === 'ar') await picture(page, 'oncall-ar');
      await page.goto(`${house.urls.console}/search`);
      await page.click('#find summary');
      await check(page, `the filters in ${view.locale}`);
      await page.fill('[name=words]', 'passports');
      await page.click('#find button.main');
      await page.waitForSelector('li.card').catch(() => {}); // the answer, not the page that asked
      assert.equal(await page.locator('li.card').count(), 1, await page.textContent('main'));
      await check(page, `what was found in ${view.locale}`);
      if (view.locale === 'ar') await picture(page, 'search-ar-dark');
      await page.goto(`${house.urls.console}/account`);
      await page.fill('form[action="/account/app"] input[name=password]', house.officer.password);
      await page.click('form[action="/account/app"] button');
      await check(page, `the key of an authenticator app in ${view.locale}`);
      if (view.locale === 'en') await picture(page, 'app');
      await page.context().close();
    });

    it(`of who sees no cases, ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      for (const { role, password } of others) {
        const page = await chromium.visit({ ...view, scripts: true });
        await page.goto(`${house.urls.console}/signin`);
        await page.fill('input[name=name]', role);
        await page.fill('input[name=password]', password);
        await page.click('form[action="/signin"] button');
        for (const path of { administrator: ['/people'], auditor: ['/log', `/log/${oneCase}`] }[role]) {
          await page.goto(house.urls.console + path);
          await check(page, `${path.replace(oneCase, 'ID')} in ${view.locale}`);
          if (view.locale === 'en') await picture(page, role === 'auditor' ? 'log' : 'people');
        }
        await page.context().close();
      }
    });
  }
});
