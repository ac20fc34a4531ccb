// An operator writes in a file what the office says to people and asks them, makes mistakes that are told with their lines, and people read it.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation } from '../support/installation.mjs';
import { openBrowser, sticksOut } from '../support/browser.mjs';

const OFFICE = `texts:
  emergency: {en: Call 990 at once., ar: "اتصل بالرقم 990 فورًا."}
  hours: {en: "Read on Mondays: from 8 to 12."}
services:
  - {code: gate, says: {en: Camera at the gate, ar: كاميرا البوابة}}
`;

// What it says of itself and of others, some of it in two languages.
const MORE = `steps:
  - what: {en: The protection team reads it., ar: يقرؤه فريق الحماية.}
    within: {en: one working day, ar: يوم عمل واحد}
  - what: {en: "We visit you, if you want that."}
other_ways:
  - kind: ombuds
    name: {en: Ombuds office of the region, ar: ديوان المظالم في الإقليم}
    what: {en: "Free of charge.\\n\\nAlso on Sundays."}
    telephone: +000 12-3
    web: https://ombuds.example/a-rather-long-address/that-has-to-be-broken-somewhere.html
  - {kind: court, name: {en: Town court}}
`;
const SAYS = `  welcome: {en: Welcome to the house., ar: أهلًا بكم في البيت.}
  about: {en: The water company runs this.}
`;

describe('what an office says', () => {
  let house, chromium;
  const write = (text) => writeFileSync(join(house.dir, 'office.yaml'), text);
  before(async () => {
    house = await startInstallation();
    chromium = await openBrowser();
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop();
  });

  it('starts with a file that is right and says which languages lack something', () => {
    const { code, stdout } = house.tryCli('office', 'check');
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}en {2}all 2 texts$/m);
    assert.match(stdout, /^ {2}nothing in .*\bru\b.*: its readers see the English$/m);
  });

  it('who reads how this works finds the times by which the office works, and who else there usually is', async () => {
    const page = await chromium.visit();
    await page.goto(house.urls.intake);
    await page.click('main a[href^="/about"]');
    assert.equal(await page.title(), 'How this works');
    const steps = await page.locator('#steps li').allInnerTexts();
    assert.deepEqual(steps.map((text) => text.match(/within .*/)?.[0]), [undefined, 'within 7 days', 'within 7 days', undefined, 'within 3 months after you were told that it was read', undefined, undefined]);
    assert.match(await page.textContent('#kept'), /^We keep it for 7 years\./);
    assert.match(await page.textContent('#usually'), /courts, ombuds offices/);
    assert.equal(await page.locator('#ways, #about, #cannot').count(), 0);
    // Whoever looks over the shoulder: the button that leaves is here too.
    await page.click('#exit button');
    assert.equal(await page.title(), 'Closed');
    await page.context().close();
  });

  it('tells every mistake with its line and nothing of what stands there; nothing starts with one, and what runs goes on', async () => {
    write(OFFICE.replace('hours:', 'ours:').replace('code: gate', 'code: My canary'));
    const { code, stdout, stderr } = house.tryCli('office', 'check');
    assert.equal(code, 1);
    assert.match(stderr, /^office\.yaml:3: is not known here; there are: emergency, emergency_sms, hours/m);
    assert.match(stderr, /^office\.yaml:5: must be a code/m);
    assert.doesNotMatch(stdout + stderr, /canary|ours:/);
    const before = readFileSync(join(house.dir, 'etc/office.yaml'), 'utf8');
    await house.halt();
    const up = house.tryCli('up');
    assert.equal(up.code, 1);
    assert.match(up.stderr, /office\.yaml:3: .*[\s\S]*is not as it should be: see above, and docs\/office\.md/);
    assert.equal(readFileSync(join(house.dir, 'etc/office.yaml'), 'utf8'), before);
    // A file from elsewhere can be looked at without an installation.
    write(OFFICE);
    const elsewhere = house.tryCli('office', 'check', join(house.dir, 'office.yaml'));
    assert.equal(elsewhere.code, 0);
    assert.match(elsewhere.stdout, /^ {2}ar {2}2 of 3 texts; missing at lines 3: readers see the English$/m);
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[deadlines]\nprofiles = default ess10\n');
    await house.start();
  });

  it('a time that the operator changed is told as it is now', async () => {
    const page = await chromium.visit();
    await page.goto(`${house.urls.intake}/about`);
    assert.equal(await page.textContent('#steps li:nth-child(5) b'), 'within 15 working days');
    await page.context().close();
  });

  it('people read it in their language, and the English where theirs is missing', async () => {
    const page = await chromium.visit({ locale: 'ar' });
    await page.goto(`${house.urls.intake}/report`);
    await page.check('[name=danger_now][value=yes]');
    await page.click('#next');
    assert.match(await page.textContent('#help'), /اتصل بالرقم 990 فورًا\.[\s\S]*Read on Mondays: from 8 to 12\./);
    const how = (where) => page.locator(where).evaluate((element) => [element.lang, element.dir]);
    assert.deepEqual([await how('#hours'), await how('#emergency')], [['en', 'ltr'], ['ar', 'auto']], 'a screen reader changes its voice');
    await page.fill('#text', 'canary');
    for (const next of ['when', 'speaker', 'about']) {
      await page.click('#next');
      assert.equal(await page.getAttribute('#keeps [name=step]', 'value'), next);
    }
    assert.match(await page.textContent('#service'), /كاميرا البوابة/);
    await page.context().close();
  });

  it('an office tells its own steps and who else can help; what it did not give in Arabic is marked as English', async () => {
    await house.halt();
    write(OFFICE.replace('services:', `${SAYS}services:`) + MORE);
    await house.start();
    const page = await chromium.visit({ locale: 'ar' });
    await page.goto(house.urls.intake);
    assert.equal(await page.textContent('#welcome'), 'أهلًا بكم في البيت.');
    await page.click('main a[href^="/about"]');
    assert.deepEqual(await sticksOut(page), []);
    const said = (sel) => page.locator(sel).evaluateAll((all) => all.map((one) => [one.innerText, one.lang, one.dir]));
    assert.deepEqual(await said('#about'), [['The water company runs this.', 'en', 'ltr']]);
    assert.deepEqual(await said('#steps .t'), [['يقرؤه فريق الحماية.', '', ''], ['We visit you, if you want that.', 'en', 'ltr']]);
    assert.deepEqual(await said('#steps b'), [['يوم عمل واحد', '', '']]);
    assert.deepEqual(await said('#ways h3'), [['المحاكم', '', ''], ['دواوين المظالم', '', '']]);
    assert.deepEqual(await said('#ways .t'), [['Free of charge.\n\nAlso on Sundays.', 'en', 'ltr']]);
    assert.deepEqual(await page.locator('#ways a').evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.rel])), [
      ['tel:+000123', ''],
      ['https://ombuds.example/a-rather-long-address/that-has-to-be-broken-somewhere.html', 'noreferrer noopener'],
    ]);
    assert.equal(await page.locator('#usually, #times').count(), 0); // it has its own steps: our times are not beside them
    // The numbers of the steps stand where the reading begins.
    const [number, text] = await page.evaluate(() => {
      const step = document.querySelector('#steps li');
      return [step.getBoundingClientRect().right, step.querySelector('.t').getBoundingClientRect().right];
    });
    assert.ok(number - text >= 32, `${number} ${text}`);
    await page.context().close();
    // A program reads the same.
    const value = (await ask(`${house.urls.intake}/api/v1/about?lang=ar`)).json();
    assert.deepEqual([value.language, value.steps.length, value.times.outcome, value.other_ways.map(({ code }) => code), value.desks], ['ar', 2, '15w', ['court', 'ombuds'], ['usual']]);
  });
});
