// A woman speaks for her neighbour, in Swahili, on a phone of 320 px with scripts off, and sends two photos; a man does the same in
// Arabic with scripts, over a line that breaks twice while his recording is on its way. What arrives is what they sent, to the byte.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CANARIES = ['canary-picha', 'canary-jirani', 'canary-sauti'];
const photo = (name, size) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.concat([Buffer.from('canary-picha '), randomBytes(size)]) });

describe('photos from a phone', () => {
  let house, chromium;
  before(async () => {
    house = await startInstallation();
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[evidence]\nmegabytes = 4\n');
    await house.halt();
    await house.start();
    chromium = await openBrowser();
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const rows = (sql) => house.superuserQuery(sql).trim();
  const clean = async (page, where, scripts = false) => {
    assert.ok(await fits(page), `${where} sticks out`);
    if (!scripts) return; // axe waits by timers, which do not run then
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), [], where);
  };
  const toFiles = async (page, language, text) => {
    await page.goto(`${house.urls.intake}/report?lang=${language}`);
    await page.click('#next');
    await page.fill('#text', text);
    await page.click('#check');
    await page.click('button[value=files]');
    assert.equal(await page.locator('#file').count(), 1);
  };

  it('in Swahili with scripts off: two photos, one taken back, sent again; what is too much is said and loses nothing', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await toFiles(page, 'sw', 'Wamefunga kisima canary-jirani');
    await clean(page, 'files, empty');
    await page.setInputFiles('#file', [photo('canary-picha-1.jpg', 200_000), photo('canary-picha-2.jpg', 70_000)]);
    await page.click('#add-files');
    assert.match(await page.textContent('#files'), /canary-picha-1\.jpg \(200 kB\)[\s\S]*canary-picha-2\.jpg \(70 kB\)/);
    await clean(page, 'files, two');
    await picture(page, 'files-sw');
    await page.click('#files li:nth-child(2) button');
    assert.equal(await page.locator('#files li').count(), 1);
    await page.setInputFiles('#file', Array.from({ length: 20 }, (_, i) => photo(`n${i}.jpg`, 100)));
    await page.click('#add-files');
    assert.ok(await page.isVisible('#errors'), 'twenty-one are too many');
    assert.equal(await page.locator('#files li').count(), 20, 'those before are kept');
    for (let left = 20; left > 1; left--) await page.click('#files li:last-child button');
    await page.setInputFiles('#file', [photo('n-2.jpg', 3_000_000), photo('n-3.jpg', 1_500_000)]);
    await page.click('#add-files');
    assert.ok(await page.isVisible('#errors'), 'together they are too large for this office');
    assert.deepEqual(await page.locator('#files bdi, #files li > span').allTextContents(), ['canary-picha-1.jpg (200 kB)', 'n-2.jpg (3.0 MB)'], 'what came before is kept');
    await page.click('#files li:last-child button');
    await page.setInputFiles('#file', [photo('canary-picha-3.jpg', 90_000)]);
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /canary-picha-1\.jpg[\s\S]*canary-picha-3\.jpg/);
    await page.click('#send');
    assert.equal((await page.textContent('#receipt')).replace(/\D/g, '').length, 28);
    assert.equal(rows('SELECT count(*) FROM recourse.upload WHERE kept'), '2');
    await page.context().close();
  });

  it('in Arabic with scripts: the line breaks twice, and it goes on by itself', { timeout: 120_000 }, async () => {
    const page = await chromium.visit({ locale: 'ar', scripts: true });
    const before = Number(rows('SELECT count(*) FROM recourse.upload WHERE kept'));
    await toFiles(page, 'ar', 'canary-sauti');
    let breaks = 0;
    await page.route('**/api/v1/uploads/*', async (route) => {
      if (route.request().method() !== 'PATCH' || breaks === 2) return route.continue();
      breaks += 1;
      return route.abort('connectionreset');
    });
    await page.setInputFiles('#file', [{ name: 'canary-sauti.ogg', mimeType: 'audio/ogg', buffer: randomBytes(3_000_000) }]);
    await until(async () => (await page.locator('input[name=uploaded]').count()) === 1, { ms: 60_000, what: 'the file sent' });
    assert.equal(breaks, 2);
    await clean(page, 'files, sent by script', true);
    await picture(page, 'files-ar');
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /canary-sauti\.ogg/);
    await page.click('#send');
    assert.equal((await page.textContent('#receipt')).replace(/\D/g, '').length, 28);
    assert.equal(Number(rows('SELECT count(*) FROM recourse.upload WHERE kept AND is_whole')), before + 1);
    await page.context().close();
  });

  it('she writes more: too long, too much, one file taken back, another language: what was sent is not chosen again', async () => {
    const { receipt } = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'sw', text: 'canary-jirani', read_back: true } })).json();
    const page = await chromium.visit({ locale: 'sw' });
    const files = () => page.locator('#files li > span').allTextContents();
    await page.goto(`${house.urls.intake}/receipt`);
    await page.fill('#receipt', receipt);
    await page.click('#look');
    await page.fill('#text', 'a'.repeat(20_001));
    await page.setInputFiles('#file', [photo('canary-picha-4.jpg', 80_000), photo('canary-picha-5.jpg', 500_000)]);
    await page.click('#add');
    assert.ok(await page.isVisible('#errors'), 'too long');
    assert.deepEqual(await files(), ['canary-picha-4.jpg (80 kB)', 'canary-picha-5.jpg (500 kB)']);
    await clean(page, 'writing more, with files');
    await page.setInputFiles('#file', [photo('canary-picha-6.jpg', 3_900_000)]);
    await page.click('#add');
    assert.ok(await page.isVisible('#errors'), 'with those before it is too large for this office');
    await page.click('#files li:last-child button');
    assert.equal(await page.locator('#errors').count(), 0);
    await page.fill('#text', 'canary-jirani tena');
    await page.click('button[name=say][value=en]');
    assert.deepEqual([await page.getAttribute('html', 'lang'), await page.inputValue('#text'), await files()], ['en', 'canary-jirani tena', ['canary-picha-4.jpg (80 kB)']]);
    await page.click('#add');
    const { messages } = (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json();
    assert.deepEqual(messages.at(-1).files, [{ name: 'canary-picha-4.jpg', size: 80_013 }]);
    await page.context().close();
  });

  it('a body that is not well formed is told so in a page', async () => {
    for (const [type, body] of [
      ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'],
      ['multipart/form-data', 'x'],
      ['text/plain', 'x'],
    ]) {
      const answer = await ask(`${house.urls.intake}/report/files`, { method: 'POST', headers: { 'content-type': type }, body });
      assert.equal(answer.status, 400, type);
      assert.match(answer.text, /id="errors"/);
    }
  });
});
