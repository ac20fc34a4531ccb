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
  assert.equal(await page.locator('script:not([src="/passkey.js"])').count(), 0, `${where} has a script`);
}

describe('every page', () => {
  let house, chromium, oneCase;
  const others = []; // who sees no cases
  before(async () => {
    house = await startInstallation();
    for (const role of ['administrator', 'auditor']) others.push({ role, password: admit(house, role, role) });
    chromium = await openBrowser();
    await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They hold our passports', answers: { danger_now: 'yes' } } });
    const officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${house.token(house.officer.name)}` } });
    await until(async () => (await officer('/queue')).json().total === 1, { what: 'the case' });
    oneCase = (await officer('/queue')).json().items[0].case;
    await officer('/impacts', { title: 'Passports withheld', what: 'Workers cannot leave', state: 'actual', rights: ['slavery'], stage: 'use', technology: 'none', scale: 4, scope: 2, irremediability: 3 });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop();
  });

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
      await page.context().close();
    });

    it(`of the console, ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      const page = await chromium.visit({ ...view, scripts: true });
      await page.goto(`${house.urls.console}/signin`);
      await check(page, `signing in, ${view.locale}`);
      await page.fill('input[name=name]', house.officer.name);
      await page.fill('input[name=password]', house.officer.password);
      await page.click('form[action="/signin"] button');
      for (const path of ['/queue', `/cases/${oneCase}`, '/impacts', '/impacts/new', '/search', '/consultations', '/walkin', '/help', '/account', '/figures', '/people/waiting', '/people/recovery']) {
        await page.goto(house.urls.console + path);
        await check(page, `${path.replace(oneCase, 'ID')} in ${view.locale}`);
      }
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
