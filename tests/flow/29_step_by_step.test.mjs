// The form, one matter a page, for a frightened person on a cheap phone: in Swahili, 320 px wide, scripts off. She goes on, goes
// back, changes, skips, checks, sends, loses her number on the last page and has it shown once more. Whoever leaves finds nothing
// behind Back. What is not sent yet lies sealed on the server's disk, and where it cannot, the page carries it.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser } from '../support/browser.mjs';

const CANARIES = ['canary-kisima', 'canary-jirani', 'canary-kamera', 'canary-usiku', 'canary-binti', 'canary-mlango'];
const OFFICE = `services:
  - code: gate
    says: {en: Camera at the gate, sw: Kamera ya lango}
  - {code: card, says: {en: Food card}}
`;

describe('step by step', () => {
  let house, chromium, officer;
  const drafts = () => readdirSync(join(house.dir, 'drafts'));
  const digits = async (page) => (await page.textContent('#receipt')).replace(/\D/g, '');
  const at = async (page, field) => assert.equal(await page.locator(`[name=${field}]:not([type=hidden])`).count() > 0, true, `${field} is not asked on ${await page.textContent('main')}`);
  /** Where Back may still be on its way. */
  const content = (page) => until(() => page.content().catch(() => null), { what: 'a page that stands still' });
  const nothing = async (page, where) => {
    const shown = await content(page);
    for (const canary of CANARIES) assert.ok(!shown.includes(canary), `${where} shows ${canary}`);
  };
  const sealed = () => {
    for (const name of drafts()) {
      const bytes = readFileSync(join(house.dir, 'drafts', name));
      for (const canary of CANARIES) assert.ok(!bytes.includes(canary), `${canary} is readable in ${name}`);
    }
  };

  before(async () => {
    house = await startInstallation();
    appendFileSync(join(house.dir, 'office.yaml'), OFFICE);
    await house.halt();
    await house.start();
    chromium = await openBrowser();
    const token = house.token(house.officer.name);
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  async function begin(page, text) {
    await page.goto(`${house.urls.intake}/report`);
    assert.ok(await page.isVisible('#quick'), 'the way out is explained before anything is asked');
    await page.click('#next');
    await page.fill('#text', text);
  }

  it('a woman tells of her neighbour in Swahili: on, back, a change, steps left out; she checks, and sends', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    const next = async (field) => {
      await page.click('#next');
      await at(page, field);
      assert.ok(await fits(page), `${field} sticks out`);
    };
    await page.goto(house.urls.intake);
    await page.click('a.go');
    assert.equal(await page.getAttribute('html', 'lang'), 'sw');
    await page.check('[name=danger_now][value=no]');
    await next('text');
    await page.click('#next');
    assert.ok(await page.isVisible('#errors'), 'only what happened must be answered');
    await page.fill('#text', ' \n\u00a0');
    await page.click('#next');
    assert.ok(await page.isVisible('#errors'), 'and a space that slipped in says nothing');
    await page.fill('#text', 'Wamefunga kisima canary-kisima');
    await next('ongoing');
    await page.check('[name=ongoing][value=not_yet]');
    await page.fill('#where', 'canary-mlango');
    await page.fill('#people_low', 'wengi');
    await page.click('#next');
    assert.equal(await page.getAttribute('#errors a', 'href'), '#people_low');
    assert.equal(await page.inputValue('#where'), 'canary-mlango', 'what was typed beside it is kept');
    await page.fill('#people_low', '3');
    await next('likelihood');
    await page.check('[name=likelihood][value=high]');
    await next('speaking_as');
    await page.check('[name=speaking_as][value=representative]');
    await next('behalf_consent');
    assert.equal(await page.locator('[name=behalf_people]').count(), 0, 'what concerns a group is asked of a group');
    await page.fill('#behalf_who', 'canary-jirani');
    await page.check('[name=behalf_consent][value=given]');
    await page.click('#back');
    assert.ok(await page.isChecked('[name=speaking_as][value=representative]'), 'going back loses nothing');
    await next('behalf_consent');
    assert.equal(await page.inputValue('#behalf_who'), 'canary-jirani', 'nor does what was on the page that was left');
    await next('service');
    assert.match(await page.textContent('main'), /Kamera ya lango[\s\S]*Food card/);
    await page.check('[name=service][value=gate]');
    await page.fill('#service_words', 'canary-kamera');
    await next('groups');
    await page.check('[name=groups][value=woman]');
    await page.check('[name=groups][value=refugee]');
    // Another language in the middle of it.
    await page.click('#languages button[value=ar]');
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    assert.ok(await page.isChecked('[name=groups][value=refugee]'));
    await page.click('#languages button[value=sw]');
    await next('retaliation');
    await next('file');
    await next('how');
    await page.fill('#words', 'canary-usiku');
    await next('read_back');
    await page.click('#next');
    const answers = await page.textContent('#answers');
    for (const word of ['canary-kisima', 'canary-mlango', 'canary-jirani', 'canary-kamera', 'canary-usiku', 'Kamera ya lango', '3']) assert.ok(answers.includes(word), word);
    assert.ok(await fits(page));
    sealed();
    // A change leads back to the check; so does an answer that was left out.
    await page.click('#answers button[value=when] >> nth=0');
    await page.fill('#when', 'kesho');
    await page.click('#next');
    await at(page, 'likelihood');
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /kesho/);
    await page.click('button[value=safety]');
    await page.check('[name=retaliation][value=yes]');
    await page.click('#next');
    await page.click('#send');
    const receipt = await digits(page);
    assert.equal(receipt.length, 28);
    sealed();

    // The number is lost on the last page: once more, and only once.
    assert.deepEqual(drafts().map((name) => name.split('.').pop()), ['r'], 'the receipt lies in the place of the answers');
    await page.click('#written');
    assert.ok(!(await page.content()).replace(/\D/g, '').includes(receipt));
    await page.click('#once_more');
    assert.equal(await digits(page), receipt);
    assert.deepEqual(drafts().map((name) => name.split('.').pop()), ['x']);
    await page.click('#written');
    assert.equal(await page.locator('#once_more').count(), 0);
    await page.goBack().catch(() => {});
    await page.reload().catch(() => {});
    assert.ok(!(await content(page)).replace(/\D/g, '').includes(receipt), 'Back does not show it');
    await page.context().close();
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).status, 200);
  });

  it('the officer sees what she answered, in words', async () => {
    const { case: id, ...theirs } = await until(async () => ((answer) => answer.status === 200 && answer.json())(await officer('/queue/take', {})), { what: 'her case' });
    assert.deepEqual(theirs.answers, { danger_now: 'no', ongoing: 'not_yet', likelihood: 'high', speaking_as: 'representative', when: 'kesho', where: 'canary-mlango', people_low: 3, retaliation: 'yes', service: 'gate', service_words: 'canary-kamera', groups: ['woman', 'refugee'] });
    assert.deepEqual(theirs.on_behalf_of, { who: 'canary-jirani', consent: 'given' });
    assert.deepEqual(theirs.contact, { words: 'canary-usiku' });
    const page = await chromium.visit({ width: 1280 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    await page.goto(`${house.urls.console}/cases/${id}`);
    const text = await page.textContent('main');
    for (const words of [/Not yet, but they fear it/, /Service or technology/, /gate/, /Refugee, displaced or stateless/, /Consent[\s\S]*They agreed/]) assert.match(text, words);
    await page.context().close();
  });

  it('who is short of time tells what happened and sends; sending twice gives the same number', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await begin(page, 'Haraka canary-kisima');
    await page.click('#check');
    const key = await page.inputValue('#keeps [name=key]');
    await page.click('#send');
    const receipt = await digits(page);
    const again = (go) => ask(`${house.urls.intake}/report`, { body: new URLSearchParams({ step: 'check', go, key, kept: '1' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal((await again('send')).text.match(/<span>\d{4}<\/span>/g).join('').replace(/\D/g, ''), receipt, 'the answer that was lost on the way');
    const step = await again('story');
    assert.doesNotMatch(step.text, /canary-kisima/);
    assert.match(step.text, /id="once_more"/);
    await page.context().close();
  });

  it('Exit, Back, and the same step sent again: nothing that was typed is on the screen', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await begin(page, 'Siri canary-binti');
    await page.click('#next');
    await page.fill('#where', 'canary-mlango');
    await page.click('#next');
    const key = await page.inputValue('#keeps [name=key]');
    await page.click('#exit button');
    assert.equal((await page.textContent('body')).trim().length < 60, true, 'a page that says nothing');
    for (let steps = 0; steps < 3; steps++) {
      await page.goBack().catch(() => {});
      await nothing(page, `Back, ${steps + 1} times`);
      await page.reload().catch(() => {});
      await nothing(page, `Back, ${steps + 1} times, and sent again`);
    }
    const again = await ask(`${house.urls.intake}/report`, { body: new URLSearchParams({ step: 'story', go: 'next', key, kept: '1', text: 'canary-binti' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(again.status, 200);
    assert.doesNotMatch(again.text, /canary-binti/);
    assert.deepEqual(drafts().filter((name) => name.endsWith('.a')), []);
    await page.context().close();
    // The one page with all questions forgets as well.
    const all = await chromium.visit({ locale: 'sw' });
    await all.goto(`${house.urls.intake}/report?all=1`);
    await all.fill('#text', 'canary-binti');
    await all.fill('#people_low', 'x');
    await all.click('#send');
    assert.equal(await all.inputValue('#text'), 'canary-binti');
    await all.click('#exit button');
    await all.goBack().catch(() => {});
    await all.reload().catch(() => {});
    await nothing(all, 'all questions on one page, sent again');
    await all.context().close();
  });

  it('who goes back to the first page and takes all questions on one has there what was told before', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await begin(page, 'Kwanza canary-kisima');
    await page.click('#next');
    await page.fill('#where', 'canary-mlango');
    for (let back = 0; back < 2; back++) await page.click('#back');
    await page.click('#all');
    assert.deepEqual([await page.inputValue('#text'), await page.inputValue('#where')], ['Kwanza canary-kisima', 'canary-mlango']);
    await page.click('#exit button');
    await page.context().close();
  });

  it('a draft that is gone costs the earlier answers, and never the page in hand', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    await begin(page, 'Zamani canary-kisima');
    await page.click('#next');
    for (const name of drafts()) rmSync(join(house.dir, 'drafts', name));
    await page.fill('#where', 'canary-mlango');
    await page.click('#next');
    assert.ok(await page.isVisible('#lost'), 'she is told');
    await page.click('#back');
    assert.equal(await page.inputValue('#where'), 'canary-mlango');
    await page.click('#back');
    await page.fill('#text', 'Tena canary-kisima');
    await page.click('#check');
    assert.match(await page.textContent('#answers'), /canary-mlango/);
    await page.click('#send');
    assert.equal((await digits(page)).length, 28);
    await page.context().close();
  });

  it('where no draft can be kept the page carries the answers itself', async () => {
    const page = await chromium.visit({ locale: 'sw' });
    const folder = join(house.dir, 'drafts');
    renameSync(folder, `${folder}.away`);
    try {
      await begin(page, 'Bila diski canary-kisima');
      await page.click('#next');
      assert.equal(await page.inputValue('#keeps input[type=hidden][name=text]'), 'Bila diski canary-kisima');
      await page.check('[name=ongoing][value=yes]');
      await page.click('#next');
      await page.click('#back');
      assert.ok(await page.isChecked('[name=ongoing][value=yes]'));
      await page.click('#back');
      assert.equal(await page.inputValue('#text'), 'Bila diski canary-kisima');
      await page.click('#check');
      await page.click('#send');
      assert.equal((await digits(page)).length, 28);
      await page.click('#written');
      assert.equal(await page.locator('#once_more').count(), 0, 'nothing is promised that is not there');
    } finally {
      renameSync(`${folder}.away`, folder);
    }
    await page.context().close();
  });

  it('with scripts, Shift three times leaves: hidden at once, and said to who cannot see it', async () => {
    const page = await chromium.visit({ scripts: true });
    await begin(page, 'canary-binti');
    await page.click('#next');
    await page.fill('#where', 'canary-mlango');
    await page.keyboard.press('Shift');
    assert.match(await page.textContent('#exit-says'), /two more times/);
    await page.keyboard.press('a');
    assert.equal(await page.textContent('#exit-says'), '', 'writing is not leaving');
    // What is on the screen when the browser is asked to leave, before the network has answered.
    await page.evaluate(() => {
      const form = document.getElementById('exit');
      form.submit = () => {
        console.log(getComputedStyle(document.documentElement).visibility);
        HTMLFormElement.prototype.submit.call(form);
      };
    });
    const shown = page.waitForEvent('console');
    for (let times = 0; times < 3; times++) await page.keyboard.press('Shift');
    assert.equal((await shown).text(), 'hidden');
    await page.waitForURL('**/exit*');
    await nothing(page, 'the page one leaves to');
    await page.goBack().catch(() => {});
    await nothing(page, 'Back with scripts');
    await page.context().close();
  });

  it('a phone that closed a page and asks for its address again comes to a page that goes on, or says nothing', async () => {
    const page = await chromium.visit();
    await page.goto(`${house.urls.intake}/exit`);
    assert.equal((await page.innerText('body')).trim(), 'You can close this page.', 'nothing of what was here');
    for (const step of ['report', 'receipt']) {
      await page.goto(`${house.urls.intake}/${step}/files`);
      assert.equal(page.url(), `${house.urls.intake}/${step}`);
    }
    await page.context().close();
  });

  it('axe finds nothing on any step, in Arabic, dark, 320 px wide', async () => {
    const page = await chromium.visit({ locale: 'ar', scheme: 'dark', scripts: true });
    const seen = [];
    const check = async () => {
      const [where = page.url()] = await page.locator('#keeps [name=step]').evaluateAll((fields) => fields.map((field) => field.value));
      assert.deepEqual(await violations(page), [], where);
      assert.ok(await fits(page), `${where} sticks out`);
      seen.push(where);
    };
    await page.goto(`${house.urls.intake}/safety`);
    await check();
    await page.goto(`${house.urls.intake}/report`);
    await check();
    await page.check('[name=danger_now][value=yes]');
    await page.click('#next');
    await page.click('#next'); // nothing told: with its error
    assert.ok(await page.isVisible('#help'));
    await check();
    await page.fill('#text', 'canary-kisima');
    for (const [name, value] of [['ongoing', 'not_yet'], [], ['speaking_as', 'group'], [], ['service', 'card'], ['groups', 'child'], [], [], [], [], []]) {
      await page.click('#next');
      await check();
      if (name) await page.check(`[name=${name}][value=${value}]`);
    }
    assert.equal(await page.getAttribute('#keeps [name=step]', 'value'), 'check', seen.join(' '));
    await page.context().close();
  });
});
