// A woman speaks for her neighbour, in Swahili, on a phone of 320 px with scripts off, and sends two photos; a man does the same in
// Arabic with scripts, over a line that breaks twice while his recording is on its way. Each prints the slip, comes back with the number,
// reads the answer, adds a file and says that it is not solved; and staff see all of that, the photos without the place they were taken at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { openLine } from '../support/broken_line.mjs';
import { ask, makeInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';
import { admit, signInOn } from '../support/staff.mjs';
import { photographAtPlace, placeIn } from '../support/uploads.mjs';

const CANARIES = ['canary-picha', 'canary-kisima', 'canary-jirani', 'canary-jibu', 'canary-bado', 'canary-sauti', 'canary-akhi', 'canary-jawab', 'canary-waraqa'];
const file = (name, buffer, mimeType = 'image/jpeg') => ({ name, mimeType, buffer });
const noise = (name, size) => file(name, Buffer.concat([Buffer.from('canary-picha '), randomBytes(size)]));

describe('photos from a phone', () => {
  let house, chromium, amina, staff;
  const photo = photographAtPlace('canary-picha Zuhura');
  before(async () => {
    assert.match(placeIn(photo), /1 deg 17'[\s\S]*Zuhura/);
    house = await makeInstallation();
    house.cli('init');
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[evidence]\nmegabytes = 4\n');
    await house.start();
    const password = admit(house, 'Amina', 'officer');
    chromium = await openBrowser();
    amina = await chromium.visit({ width: 1280, height: 900, scripts: true });
    await signInOn(amina, house, { name: 'Amina', password });
    const headers = { authorization: `Bearer ${house.token('Amina')}` };
    staff = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const rows = (sql) => house.superuserQuery(sql).trim();
  const digits = async (page) => (await page.textContent('#receipt')).replace(/\D/g, '');
  /** Nothing sticks out, and where scripts run axe finds nothing (it waits by timers). */
  const clean = async (page, where, scripts = false) => {
    assert.ok(await fits(page), `${where} sticks out`);
    if (scripts) assert.deepEqual(await violations(page), [], where);
  };

  /** The words, and for whom: then the page of the files. */
  async function toFiles(page, at, language, { text, who }) {
    await page.goto(`${at}/report?lang=${language}`);
    await page.click('#next');
    await page.fill('#text', text);
    await page.click('#check');
    await page.click('button[value=speaker]');
    await page.check('[name=speaking_as][value=representative]');
    await page.click('#next');
    await page.fill('#behalf_who', who);
    await page.check('[name=behalf_consent][value=given]');
    await page.click('#next');
    await page.click('button[value=files]');
    assert.equal(await page.locator('#file').count(), 1);
  }

  /** The number, as it is printed: 28 digits and not a word that tells whose they are. */
  async function slip(page, language) {
    const number = await digits(page);
    assert.equal(number.length, 28);
    await page.emulateMedia({ media: 'print' });
    const printed = (await page.innerText('body')).trim();
    assert.match(printed, /^(\d{4}\s+){6}\d{4}$/);
    assert.equal(printed.replace(/\D/g, ''), number);
    assert.equal(await page.locator('img, svg, canvas, video').count(), 0);
    await picture(page, `slip-${language}`);
    await page.emulateMedia({ media: 'screen' });
    await page.click('#written');
    return number;
  }

  async function comeBack(page, at, language, number) {
    await page.goto(`${at}/receipt?lang=${language}`);
    await page.fill('#receipt', number);
    await page.click('#look');
  }

  /** Amina looks at one file of the case before her: what she is shown was drawn anew. */
  async function look(number) {
    await amina.locator('.files form[action$="/files/look"] button').nth(number - 1).click();
    const shown = await amina.waitForSelector('img.look');
    assert.ok(await shown.evaluate((img) => img.decode().then(() => img.naturalWidth > 100)));
    const pixels = Buffer.from((await shown.getAttribute('src')).match(/^data:image\/(?:png|jpeg);base64,(.+)$/)[1], 'base64');
    assert.equal(placeIn(pixels), '', 'neither where nor who');
    assert.deepEqual(await violations(amina), []);
  }

  /** She takes the only one that waits, sees what came, and answers. */
  async function answer({ words, names, pictures, says, language }) {
    await until(async () => (await staff('/queue')).json().total === 1, { what: 'the case' });
    await amina.goto(`${house.urls.console}/queue`);
    await amina.click('form[action="/queue/take"] button');
    const at = amina.url().split('?')[0];
    const shown = await amina.textContent('main');
    for (const word of [...words, ...names]) assert.ok(shown.includes(word), word);
    assert.match(shown, /For someone else/);
    assert.deepEqual(await violations(amina), []);
    for (const number of pictures) {
      await look(number);
      await amina.goto(at);
    }
    await amina.fill('#answer textarea', says);
    await amina.selectOption('#answer [name=language]', language);
    await amina.selectOption('#answer [name=state]', 'acknowledged');
    await amina.click('#answer button.quiet');
    return at;
  }

  async function seesNotSolved(at, { words, name }) {
    await until(async () => { await amina.goto(at); return (await amina.locator('#solved').count()) && (await amina.textContent('#conversation')).includes(name); }, { every: 200, what: 'what came since' });
    assert.match(await amina.textContent('#solved'), /That it is not solved/);
    const since = await amina.locator('#conversation .talk > li').filter({ hasText: name }).textContent();
    assert.match(since, new RegExp(`The person[\\s\\S]*${words}`), 'the file stands under the words that came with it');
    assert.deepEqual(await violations(amina), []);
  }

  it('in Swahili with scripts off: two photos, one taken back, sent again; what is too much is said and loses nothing', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await toFiles(page, house.urls.intake, 'sw', { text: 'Wamefunga kisima canary-kisima', who: 'canary-jirani' });
    await clean(page, 'files, empty');
    await page.setInputFiles('#file', [file('canary-picha-1.jpg', photo), noise('canary-picha-2.jpg', 70_000)]);
    await page.click('#add-files');
    assert.match(await page.textContent('#files'), /canary-picha-1\.jpg \(\d+ kB\)[\s\S]*canary-picha-2\.jpg \(70 kB\)/);
    await clean(page, 'files, two');
    await page.click('#files li:nth-child(2) button');
    assert.equal(await page.locator('#files li').count(), 1);
    await page.setInputFiles('#file', Array.from({ length: 20 }, (_, i) => noise(`n${i}.jpg`, 100)));
    await page.click('#add-files');
    assert.ok(await page.isVisible('#errors'), 'twenty-one are too many');
    assert.equal(await page.locator('#files li').count(), 20, 'those before are kept');
    for (let left = 20; left > 1; left--) await page.click('#files li:last-child button');
    await page.setInputFiles('#file', [noise('n-2.jpg', 3_000_000), noise('n-3.jpg', 1_500_000)]);
    await page.click('#add-files');
    assert.ok(await page.isVisible('#errors'), 'together they are too large for this office');
    const kept = await page.locator('#files bdi, #files li > span').allTextContents();
    assert.deepEqual(kept.map((one) => one.split(' ')[0]), ['canary-picha-1.jpg', 'n-2.jpg'], 'what came before is kept');
    await page.click('#files li:last-child button');
    await page.setInputFiles('#file', [file('canary-picha-3.jpg', photo)]);
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /canary-jirani[\s\S]*canary-picha-1\.jpg[\s\S]*canary-picha-3\.jpg/);
    await page.click('#send');
    assert.equal(rows('SELECT count(*) FROM recourse.upload WHERE kept'), '2');
    const number = await slip(page, 'sw');
    await page.context().close();

    const at = await answer({ words: ['canary-kisima', 'canary-jirani'], names: ['canary-picha-1.jpg', 'canary-picha-3.jpg'], pictures: [1, 2], says: 'Tumeandikia kijiji canary-jibu', language: 'sw' });

    const again = await chromium.visit({ locale: 'sw' });
    await comeBack(again, house.urls.intake, 'sw', number);
    assert.match(await again.textContent('main'), /canary-jibu/);
    assert.doesNotMatch(await again.textContent('main'), /canary-kisima/, 'her own words stay hidden: she did not choose to read them');
    await clean(again, 'the conversation');
    await again.fill('#text', 'Bado kimefungwa canary-bado');
    await again.setInputFiles('#file', [file('canary-picha-4.jpg', photo)]);
    await again.click('#add');
    await clean(again, 'what was added');
    await again.click('#back');
    await again.click('#not_solved');
    await clean(again, 'not solved');
    await again.context().close();
    await seesNotSolved(at, { words: 'canary-bado', name: 'canary-picha-4.jpg' });
    await look(3);
  });

  it('in Arabic with scripts: the line breaks twice, and it goes on by itself', { timeout: 120_000 }, async () => {
    const recording = execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=34:sample_rate=44100', '-f', 'wav', '-'], { maxBuffer: 1 << 24 });
    const line = await openLine(house.ports.intake, []);
    const at = `https://localhost:${line.port}`;
    const page = await chromium.visit({ locale: 'ar', scripts: true });
    await toFiles(page, at, 'ar', { text: 'أغلقوا البئر canary-sauti', who: 'canary-akhi' });
    await clean(page, 'files, empty', true);
    line.breakAfter(800_000, 900_000);
    await page.setInputFiles('#file', [file('canary-sauti.wav', recording, 'audio/wav'), file('canary-picha-5.jpg', photo)]);
    await until(async () => (await page.locator('input[name=uploaded]').count()) === 2, { ms: 60_000, what: 'both files sent' });
    assert.equal(line.breaks, 2);
    await clean(page, 'files, sent by script', true);
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /canary-akhi[\s\S]*canary-sauti\.wav[\s\S]*canary-picha-5\.jpg/);
    await clean(page, 'the check', true);
    await page.click('#send');
    await clean(page, 'the number', true);
    const number = await slip(page, 'ar');
    await page.context().close();

    const desk = await answer({ words: ['canary-sauti', 'canary-akhi'], names: ['canary-sauti.wav', 'canary-picha-5.jpg'], pictures: [2], says: 'كتبنا إلى القرية canary-jawab', language: 'ar' });
    const path = new URL(desk).pathname;
    const { files } = (await staff(path)).json().conversation[0];
    const taken = await staff(`${path}/files/download`, { file: files[0].file, which: 'original', reason: 'x' });
    assert.ok(taken.bytes.equals(recording), 'what broke twice is whole, to the byte');

    const again = await chromium.visit({ locale: 'ar', scripts: true });
    await comeBack(again, at, 'ar', number);
    assert.match(await again.textContent('main'), /canary-jawab/);
    await clean(again, 'the conversation', true);
    await again.fill('#text', 'ما زال مغلقًا canary-waraqa');
    line.breakAfter(60_000);
    await again.setInputFiles('#file', [file('canary-waraqa.jpg', photo)]);
    await again.click('#add'); // while it is on its way: it waits, and is sent when all is there
    await again.waitForSelector('#back');
    assert.equal(line.breaks, 3);
    await clean(again, 'what was added', true);
    await again.click('#back');
    await again.click('#not_solved');
    await clean(again, 'not solved', true);
    await again.context().close();
    await line.close();
    await seesNotSolved(desk, { words: 'canary-waraqa', name: 'canary-waraqa.jpg' });
    await look(3);
  });

  it('she writes more: too long, too much, one file taken back, another language: what was sent is not chosen again', async () => {
    const { receipt } = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'sw', text: 'canary-jirani', read_back: true } })).json();
    const page = await chromium.visit({ locale: 'sw' });
    const files = () => page.locator('#files li > span').allTextContents();
    await page.goto(`${house.urls.intake}/receipt`);
    await page.fill('#receipt', receipt);
    await page.click('#look');
    await page.fill('#text', 'a'.repeat(20_001));
    await page.setInputFiles('#file', [noise('canary-picha-4.jpg', 80_000), noise('canary-picha-5.jpg', 500_000)]);
    await page.click('#add');
    assert.ok(await page.isVisible('#errors'), 'too long');
    assert.deepEqual(await files(), ['canary-picha-4.jpg (80 kB)', 'canary-picha-5.jpg (500 kB)']);
    await clean(page, 'writing more, with files');
    await page.setInputFiles('#file', [noise('canary-picha-6.jpg', 3_900_000)]);
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
