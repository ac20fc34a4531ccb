// Whoever comes to the public door gets in: in each language, by keyboard alone, with large text or colours of their own, in a text
// browser, over a line that carries little. And no word of any page is outside the catalogues.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readyForAxe, violations } from '../support/axe.mjs';
import { furnish, officerPages } from '../support/furnished.mjs';
import { root, startInstallation, until } from '../support/installation.mjs';
import { openBrowser, picture, sticksOut } from '../support/browser.mjs';
import { findHardCoded } from '../support/hard_coded.mjs';
import { checkKeyboard, checkOneColumn, checkSkipLink } from '../support/keyboard.mjs';
import { PUBLIC_PAGES } from '../support/public_pages.mjs';
import { signInOn } from '../support/staff.mjs';

const LANGUAGES = ['en', 'ar', 'bn', 'es', 'fr', 'hi', 'pt', 'ru', 'sw', 'zh'];
const IN_EVERY_MODE = ['en', 'ar'];
const PICTURED = { en: 'light', ar: 'dark', sw: 'light' };
const FIRST_ROUND_TRIP = 14 * 1024; // bytes: what a server may send before it has heard anything back

/** The same page in the other ways in which it may be looked at. */
const MODES = {
  async dark(page, where) {
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await violations(page, { only: ['color-contrast'] }), [], where);
  },
  async 'forced colours'(page, where) {
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    assert.deepEqual(await violations(page, { only: ['color-contrast'] }), [], where);
    // A background is not shown then: what is a button by its colour alone would be no button any more.
    const bare = await page.evaluate(() =>
      [...document.querySelectorAll('main button, main a.go, main input:not([type=hidden]), main textarea, main select')]
        .filter((one) => !/radio|checkbox/.test(one.type) && getComputedStyle(one).textDecorationLine !== 'underline' && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
        .map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(bare, [], `${where} has something without an edge`);
    await page.emulateMedia({ forcedColors: 'none' });
  },
  async 'text of 200 %'(page, where) {
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    assert.deepEqual(await sticksOut(page), [], where);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('body *:not(.v)')].filter((one) => getComputedStyle(one).overflow === 'hidden' && one.scrollHeight > one.clientHeight + 1).map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(cut, [], `${where} cuts text off`);
    await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  },
  async wide(page, where) {
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.deepEqual(await violations(page, { only: ['target-size'] }), [], where); // no colour knows how wide a page is
    assert.deepEqual(await sticksOut(page), [], where);
    await page.setViewportSize({ width: 320, height: 640 });
  },
  async 'by keyboard alone'(page, where) {
    await checkOneColumn(page, where);
  },
};

/** The bytes of one answer, with its headers; and its text. */
const weigh = (url, { method = 'GET', body } = {}) =>
  new Promise((done, fail) => {
    const headers = body ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } : {};
    const req = request(url, { method, headers, rejectUnauthorized: false, agent: false }, (res) => {
      let bytes = `HTTP/1.1 ${res.statusCode} ${res.statusMessage}\r\n\r\n`.length;
      for (let i = 0; i < res.rawHeaders.length; i += 2) bytes += res.rawHeaders[i].length + res.rawHeaders[i + 1].length + 4;
      const pieces = [];
      res.on('data', (piece) => pieces.push(piece)).on('end', () => {
        const text = Buffer.concat(pieces);
        done({ status: res.statusCode, headers: res.headers, bytes: bytes + text.length, text: text.toString('utf8') });
      });
    });
    req.on('error', fail);
    req.end(body);
  });

/** The share folder of this tree with the words of nobody's language in place of English and of Arabic (mirrored). */
function strangeWords() {
  const folder = mkdtempSync(join(tmpdir(), 'rc-words-'));
  const said = (into, ...more) => writeFileSync(into, execFileSync(join(root, 'tests/tools/extract_strings.py'), ['--pseudo', ...more], { cwd: root, maxBuffer: 1 << 26 }));
  for (const below of ['intake/pages', 'intake/languages', 'sms-gateway/languages', 'triage/console/pages', 'triage/console/languages', 'triage/rules', 'triage/codes', 'triage/vault/languages', 'triage/deadlines', 'migrations'])
    cpSync(join(root, below), join(folder, below), { recursive: true });
  for (const room of ['intake', 'sms-gateway', 'triage/vault', 'triage/console']) {
    const sources = room === 'triage/console' ? [room, 'triage/codes'] : [room];
    said(join(folder, room, 'languages/en.po'), ...sources);
    said(join(folder, room, 'languages/ar.po'), '--mirrored', ...sources);
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return folder;
}

describe('for everyone', () => {
  let house, chromium, world;
  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Ona', '--role', 'officer', '--desk', 'oversight');
    world = await furnish(house);
    chromium = await openBrowser();
    // Each of intake's workers learns by itself that a desk has members.
    let offered = 0;
    await until(async () => (offered = /value="oversight"/.test((await readers('en')).text) ? offered + 1 : 0) >= 12, { ms: 60_000, every: 100, what: 'the offer of the third desk' });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop();
  });

  const readers = (language) => weigh(`${house.urls.intake}/report`, { method: 'POST', body: new URLSearchParams({ step: 'story', go: 'readers', text: 'x', lang: language }).toString() });

  it('a report about the people who run this is offered a desk of its own, in the words of each language', async () => {
    const says = {};
    for (const language of LANGUAGES) says[language] = (await readers(language)).text.match(/value="oversight"> ([^<]+)<\/label>/)?.[1];
    assert.equal(says.en, 'The oversight team: about the people who run this');
    assert.equal(new Set(Object.values(says).filter(Boolean)).size, LANGUAGES.length, JSON.stringify(says));
  });

  it('the first pages come within the first round trip, in every language', async (t) => {
    const heaviest = { home: [0], form: [0] };
    for (const language of LANGUAGES) {
      const form = new URLSearchParams({ step: 'danger', lang: language }).toString();
      for (const [path, more] of [[`/?lang=${language}`], [`/report?lang=${language}`], ['/report', { method: 'POST', body: form }], [`/receipt?lang=${language}`], [`/about?lang=${language}`]]) {
        const answer = await weigh(house.urls.intake + path, more);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-language'], language);
        const which = more ? 'form' : 'home';
        if (answer.bytes > heaviest[which][0]) heaviest[which] = [answer.bytes, language];
        assert.ok(answer.bytes <= FIRST_ROUND_TRIP, `${more ? 'the form' : path} in ${language}: ${answer.bytes} bytes`);
      }
    }
    t.diagnostic(`the heaviest form in bytes: ${heaviest.form}; of the other pages: ${heaviest.home}`);
  });

  it('a text browser reads them in order', () => {
    const read = (path) => spawnSync('w3m', ['-dump', '-cols', '72', '-I', 'UTF-8', '-O', 'UTF-8', '-o', 'ssl_verify_server=0', house.urls.intake + path], { encoding: 'utf8', env: { ...process.env, HOME: house.dir, LANG: 'C.UTF-8' } }).stdout;
    const inOrder = (text, parts) => parts.reduce((from, part) => {
      const at = text.replace(/\s+/g, ' ').indexOf(part, from);
      assert.ok(at >= 0, `"${part}" is missing, or comes too early, in:\n${text}`);
      return at + part.length;
    }, 0);
    inOrder(read('/?lang=en'), ['Skip to content', 'In immediate danger, call 112', 'Leave this page', 'Has something gone wrong? Tell us.', 'Tell us what happened', 'I have written before', 'When we read']);
    inOrder(read('/?lang=ar'), ['112', 'هل', 'أخبرنا بما حدث', 'متى نقرأ']);
    inOrder(read('/report?lang=en'), ['call 112', 'Is anyone in danger right now?', 'Yes', 'No', 'I am not sure', 'Continue']);
    inOrder(read('/about?lang=en'), ['How this works', 'It costs nothing', '1. It is locked', '2. Somebody of the team reads it', 'within 7 days', 'Who can read it', 'Who else can help']);
    inOrder(read('/receipt?lang=en'), ['call 112', 'Come back with your number', 'Your number', '28 digits', 'Continue']);
  });

  /** Its picture, where it is to be had. */
  async function take(page, name, language) {
    if (!PICTURED[language]) return;
    await page.emulateMedia({ colorScheme: PICTURED[language] });
    await picture(page, `public-${name.replaceAll(' ', '-')}-${language}`, { tall: 1600 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  it('without scripts and without cookies; nothing is asked of anybody else', async () => {
    const page = await chromium.visit();
    const asked = [];
    page.on('request', (request) => asked.push(`${request.resourceType()} ${new URL(request.url()).origin}`));
    for (const { name, open } of PUBLIC_PAGES) {
      await open(page, house, world);
      assert.deepEqual(await page.context().cookies(), [], name);
      assert.equal(await page.locator('script:not([src="/script.js"], [src="/upload.js"])').count(), 0, `${name} has a script that is not ours`);
      if (name === 'offer') assert.match(await page.textContent('article'), /We bring it to you\s+You answer for yourself alone/, 'to who speaks for a group');
    }
    assert.ok(asked.length > PUBLIC_PAGES.length);
    // A page and nothing beside it: its style stands in it; browsers ask for an icon by themselves.
    const known = ['document', 'other'].map((type) => `${type} ${house.urls.intake}`);
    assert.deepEqual(asked.filter((one) => !known.includes(one)), []);
    await page.context().close();
  });

  describe('each page, narrow and light; in a language that runs each way in every other mode too', { concurrency: 2 }, () => {
    for (const language of [...new Set([...IN_EVERY_MODE, ...LANGUAGES])])
      it(`axe finds nothing, nothing sticks out: ${language}`, async () => {
        const page = await readyForAxe(await chromium.visit({ locale: language, scripts: true }));
        const modes = IN_EVERY_MODE.includes(language) ? Object.entries(MODES) : [];
        for (const { name, open } of PUBLIC_PAGES) {
          const where = `${name} in ${language}`;
          await open(page, house, world);
          assert.equal(await page.getAttribute('html', 'lang'), language, where);
          // Colours are the same in every language.
          assert.deepEqual(await violations(page, { colours: modes.length > 0 }), [], where);
          assert.deepEqual(await sticksOut(page), [], where);
          await take(page, name, language);
          for (const [mode, look] of modes) await look(page, `${where}, ${mode}`);
        }
        await page.context().close();
      });
  });

  it('the first stop leads past the head', async () => {
    for (const locale of IN_EVERY_MODE) {
      const page = await chromium.visit({ locale, scripts: true });
      await page.goto(house.urls.intake);
      await checkSkipLink(page);
      await page.context().close();
    }
  });

  it('a whole report and a look at it by keyboard', async () => {
    const page = await chromium.visit();
    await page.goto(`${house.urls.intake}/report`);
    const tabTo = async (selector) => {
      for (let i = 0; i < 80; i++) {
        if (await page.locator(selector).evaluate((one) => one === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${selector} is not reached`);
    };
    await tabTo('input[name=danger_now][value=yes]');
    await page.keyboard.press('ArrowDown');
    assert.ok(await page.isChecked('input[name=danger_now][value=no]'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('#text');
    await tabTo('#text');
    await page.keyboard.type('The pump is broken');
    await tabTo('#check');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#send');
    await tabTo('#send');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#written');
    const receipt = (await page.textContent('#receipt')).replace(/\D/g, '');
    await page.goto(`${house.urls.intake}/receipt`);
    await tabTo('#receipt');
    await page.keyboard.type(receipt);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#state');
    await page.context().close();
  });

  it('no word on any page is outside the catalogues', async () => {
    const words = strangeWords();
    try {
      await house.halt();
      house.env.RECOURSE_SHARE = words;
      await house.start();
      const found = [];
      let looked = 0;
      const look = async (page, where) => {
        for (const one of [...(await findHardCoded(page)), ...(await sticksOut(page))]) found.push(`${where}: ${one}`);
        looked++;
      };
      await Promise.all(IN_EVERY_MODE.map(async (locale) => {
        const page = await chromium.visit({ locale, scripts: true });
        for (const { name, open } of PUBLIC_PAGES) {
          await open(page, house, world);
          await look(page, `${name}, ${locale}`);
        }
        await page.goto(`${house.urls.console}/signin`);
        await look(page, `/signin, ${locale}`);
        await signInOn(page, house, house.officer);
        for (const path of officerPages(world)) {
          await page.goto(house.urls.console + path);
          assert.ok(await page.locator('form.me').count(), path);
          await look(page, `${path.replace(/[0-9a-f-]{36}/, 'ID')}, ${locale}`);
        }
        await page.context().close();
      }));
      assert.ok(looked > 2 * PUBLIC_PAGES.length);
      assert.equal([...new Set(found)].join('\n'), '');
      // Nobody is offered that language.
      assert.deepEqual(readdirSync(join(root, 'intake/languages')).filter((name) => /^(qps|en)/.test(name)), []);
    } finally {
      rmSync(words, { recursive: true, force: true });
    }
  });

  it('what the keyboard cannot reach, and what sticks out, would be found', async () => {
    const page = await chromium.visit({ scripts: true });
    const refused = async (html, says) => {
      await page.setContent(`<style>:focus-visible{outline:3px solid}</style><main>${html}</main>`);
      await assert.rejects(checkKeyboard(page, 'this'), { message: says });
    };
    await refused('<a id="one" href="#">One</a><style>a:focus-visible{outline:none}</style>', /focus on one cannot be seen/);
    await refused('<button id="one">One</button><button id="two" tabindex="1">Two</button>', /one comes too early/);
    await refused('<button id="one">One</button><button tabindex="-1">Two</button>', /this: one/);
    await refused('<button id="one">One</button><div style="position:fixed;inset:0"></div>', /something lies over one/);
    await page.setContent('<p id="wide" style="width:600px">Wide</p>');
    assert.match((await sticksOut(page)).join(), /^sticks out: <p id="wide"/);
    await page.setContent('<p lang="en">Narrow</p>');
    assert.deepEqual(await sticksOut(page), []);
    assert.ok((await violations(page)).some((one) => one.startsWith('html-has-lang')));
    await page.context().close();
  });

  it('what is hard-coded would be found', async () => {
    const page = await chromium.visit({ scripts: true });
    await page.setContent(`<title>⟦Ĥéíķ ··⟧ Home</title><main><p>⟦Śíńćé <bdi>Monday</bdi> ··⟧ 12:30</p><p>Since ⟦ý⟧</p><p dir="auto">Her words</p>
      <button title="Close it">⟦×⟧</button><input placeholder="Name"><input value="Her name"><input type="submit" value="Send"><img alt="A well"><a aria-label="Next" href="#">⟦ñ⟧</a></main>`);
    assert.deepEqual(await findHardCoded(page), ['text: Since', 'title of button: Close it', 'placeholder of input: Name', 'value of input: Send', 'alt of img: A well', 'aria-label of a: Next', 'the title: Home']);
    await page.context().close();
  });
});
