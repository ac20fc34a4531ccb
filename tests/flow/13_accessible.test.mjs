// Every page that staff meet, narrow and wide, light and dark, left-to-right and right-to-left, in the reader's own colours
// and with text of twice the size: axe finds nothing, nothing sticks out, the keyboard leads everywhere, and no page needs a script.
// What others meet at the public door: flow 33.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readyForAxe, violations } from '../support/axe.mjs';
import { furnish, officerPages } from '../support/furnished.mjs';
import { startInstallation } from '../support/installation.mjs';
import { admit, signInOn } from '../support/staff.mjs';
import { checkKeyboard, checkSkipLink } from '../support/keyboard.mjs';
import { openBrowser, picture, fits } from '../support/browser.mjs';

const VIEWS = [
  { locale: 'en', width: 320, scheme: 'light' },
  { locale: 'ar', width: 320, scheme: 'dark' },
  { locale: 'sw', width: 1280, scheme: 'light', forced: true },
  { locale: 'fr', width: 768, scheme: 'dark', text: '200%' },
];

async function check(page, where) {
  assert.deepEqual(await violations(page), [], where);
  assert.ok(await fits(page), `${where} sticks out`);
  assert.equal(await page.locator('script:not([src="/passkey.js"], [src="/fresh.js"])').count(), 0, `${where} has a script`);
}

describe('every page', () => {
  let house, chromium, oneCase, impact, action, receiver;
  const others = []; // who sees no cases
  before(async () => {
    house = await startInstallation();
    for (const role of ['administrator', 'auditor']) others.push({ role, password: admit(house, role, role) });
    chromium = await openBrowser();
    ({ oneCase, impact, action, receiver } = await furnish(house));
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
    it(`of the console, ${view.locale}, ${view.width} px, ${view.scheme}`, async () => {
      const page = await readyForAxe(await chromium.visit({ ...view, scripts: true }));
      await page.goto(`${house.urls.console}/signin`);
      await check(page, `signing in, ${view.locale}`);
      await signInOn(page, house, house.officer);
      for (const path of officerPages({ oneCase, impact, action, receiver })) {
        await page.goto(house.urls.console + path);
        await check(page, `${path.replace(/[0-9a-f-]{36}/, 'ID')} in ${view.locale}`);
        if (view.locale === 'en') await wide(page, path);
      }
      if (view.locale === 'ar')
        for (const path of ['/queue', `/cases/${oneCase}`, '/impacts/new']) {
          await page.goto(house.urls.console + path);
          await checkKeyboard(page, path);
          await page.goto(house.urls.console + path);
          await checkSkipLink(page);
        }
      await page.goto(`${house.urls.console}/cases/${oneCase}`);
      for (const form of ['#deliver', '#offer']) await page.click(`${form} summary`);
      await check(page, `the forms of a remedy in ${view.locale}`);
      await page.click('#hard > summary');
      await page.click('.files summary');
      await check(page, `taking a file out in ${view.locale}`);
      await page.click('.files form[action$="/files/look"] button');
      await page.waitForSelector('img.look');
      assert.ok(await page.evaluate(() => document.querySelector('img.look').naturalWidth > 0), 'the picture is shown');
      await check(page, `a file in ${view.locale}`);
      if (view.locale === 'en') await wide(page, '/file');
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
        const page = await readyForAxe(await chromium.visit({ ...view, scripts: true }));
        await signInOn(page, house, { name: role, password });
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
