// An operator writes in a file what the office says to people and asks them, makes mistakes that are told with their lines, and people read it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startInstallation } from '../support/installation.mjs';
import { openBrowser } from '../support/browser.mjs';

const OFFICE = `texts:
  emergency: {en: Call 990 at once., ar: "اتصل بالرقم 990 فورًا."}
  hours: {en: "Read on Mondays: from 8 to 12."}
services:
  - {code: gate, says: {en: Camera at the gate, ar: كاميرا البوابة}}
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
    await house.start();
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
});
