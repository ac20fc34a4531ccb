// An operator writes in a file what the office says to people and asks them, makes mistakes that are told with their lines, and people read
// it: a man answers in Arabic what this office asks and nothing else, and staff read question and answer as he read them.
import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture, sticksOut } from '../support/browser.mjs';

const OFFICE = `texts:
  emergency: {en: Call 990 at once., ar: "اتصل بالرقم 990 فورًا."}
  hours: {en: "Read on Mondays: from 8 to 12."}
services:
  - {code: gate, says: {en: Camera at the gate, ar: كاميرا البوابة}}
questions:
  groups: {ask: no}
  ongoing: {ask: no}
  when: {asks: {en: On which day was it?, ar: "في أي يوم كان ذلك؟"}, help: {en: Roughly.}}
  kind: {only: [question, grievance]}
  how: {only: [page, none]}
own_questions:
  - code: camp
    step: when
    answer: one
    asks: {en: In which camp was it?, ar: "في أي مخيم كان ذلك؟"}
    choices:
      - {code: north, says: {en: North camp, ar: "المخيم الشمالي"}}
      - {code: south, says: {en: South camp}}
  - code: lost
    step: safety
    answer: several
    asks: {en: What did you lose?}
    choices: [{code: card, says: {en: The card}}, {code: food, says: {en: Food}}, {code: pay, says: {en: Pay}}]
  - {code: guard, step: story, answer: text, asks: {en: Who stood there?, ar: "من كان واقفًا هناك؟"}}
`;
const CANARIES = ['canary-harith', 'canary-haris', 'canary-bustan', 'canary-qissa', 'canary-wish'];

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
    await house?.stop({ canaries: CANARIES });
  });

  it('starts with a file that is right and says which languages lack something', () => {
    const { code, stdout } = house.tryCli('office', 'check');
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}en {2}all 2 texts$/m);
    assert.match(stdout, /^ {2}nothing in .*\bru\b.*: its readers see the English$/m);
    // Its examples are right as well, once the # is taken away.
    const file = join(house.dir, 'office.yaml'), fresh = readFileSync(file, 'utf8');
    write(fresh.replace(/^#(?=\w| {2}\S)/gm, ''));
    assert.match(house.cli('office', 'check'), /1 steps, 1 other ways, 1 services, 2 of our questions changed, 1 of its own/);
    write(fresh);
  });

  it('who reads how this works finds the times by which the office works, and who else there usually is', async () => {
    const page = await chromium.visit();
    await page.goto(house.urls.intake);
    await page.click('main a[href^="/about"]');
    assert.equal(await page.title(), 'How this works');
    const steps = await page.locator('#steps li').allInnerTexts();
    assert.deepEqual(steps.map((text) => text.match(/within .*/)?.[0]), [undefined, 'within 7 days', 'within 7 days', undefined, 'within 3 months after you were told that it was read', undefined, undefined]);
    assert.match(await page.textContent('#kept'), /^We keep it for 7 years after it is closed, and then destroy it\./);
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
    assert.match(elsewhere.stdout, /^ {2}ar {2}6 of 13 texts; missing at lines 3, /m);
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[deadlines]\nprofiles = default ess10\n');
    await house.start();
  });

  it('a time that the operator changed is told as it is now', async () => {
    const page = await chromium.visit();
    await page.goto(`${house.urls.intake}/about`);
    assert.equal(await page.textContent('#steps li:nth-child(5) b'), 'within 15 working days');
    await page.context().close();
  });

  const office = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${house.token(house.officer.name)}` } });
  const named = (page, name) => page.locator(`[name=${name}]:not([type=hidden])`).count();

  it('people read it in their language, and the English where theirs is missing', async () => {
    const page = await chromium.visit({ locale: 'ar' });
    await page.goto(`${house.urls.intake}/report`);
    await page.check('[name=danger_now][value=yes]');
    await page.click('#next');
    assert.match(await page.textContent('#help'), /اتصل بالرقم 990 فورًا\.[\s\S]*Read on Mondays: from 8 to 12\./);
    const how = (where) => page.locator(where).evaluate((element) => [element.lang, element.dir]);
    assert.deepEqual([await how('#hours'), await how('#emergency')], [['en', 'ltr'], ['ar', 'auto']], 'a screen reader changes its voice');
    await page.fill('#text', 'canary-harith');
    assert.deepEqual(await page.locator('#kind option').evaluateAll((all) => all.map((one) => one.value)), ['question', 'grievance']);
    assert.equal(await page.inputValue('#kind'), 'grievance', 'whatever stands first');
    await page.fill('#own_guard', 'x'.repeat(501));
    await page.click('#next');
    assert.equal(await page.getAttribute('#errors a', 'href'), '#own_guard');
    assert.equal(await page.getAttribute('#own_guard', 'aria-describedby'), 'own_guard-e');
    await page.fill('#own_guard', 'canary-haris');
    await page.click('#next');

    // Has it happened? is left out, the day is asked in the office's words, and what is not in Arabic says so.
    assert.equal(await named(page, 'ongoing'), 0);
    assert.equal(await page.textContent('label[for=when]'), 'في أي يوم كان ذلك؟');
    assert.deepEqual([await page.textContent('#when-h'), await page.getAttribute('#when-h', 'lang'), await page.getAttribute('#when-h', 'dir')], ['Roughly.', 'en', 'ltr']);
    assert.equal(await page.textContent('#own_camp legend'), 'في أي مخيم كان ذلك؟');
    assert.equal(await page.locator('#own_camp label [lang=en]').count(), 1);
    assert.ok(await fits(page));
    await picture(page, 'step-own-ar');
    await page.check('[name=own_camp][value=north]');
    for (const next of ['speaker', 'about']) {
      await page.click('#next');
      assert.equal(await page.getAttribute('#keeps [name=step]', 'value'), next);
    }
    assert.match(await page.textContent('#service'), /كاميرا البوابة/);
    await page.check('[name=service][value=gate]');
    // Nothing is asked about groups: the step is passed over, and not counted.
    await page.click('#next');
    assert.equal(await page.getAttribute('#keeps [name=step]', 'value'), 'safety');
    assert.match(await page.title(), /6/);
    assert.equal(await page.getAttribute('#own_lost legend', 'lang'), 'en');
    for (const lost of ['card', 'pay']) await page.check(`[name=own_lost][value=${lost}]`);
    await page.click('#next');
    await page.click('#next');
    assert.deepEqual([await named(page, 'how'), await named(page, 'number'), await named(page, 'email')], [2, 0, 0]);
    await page.click('#next');
    await page.click('#next');

    // He reads what he answered, in the words that asked him, and changes one.
    const answers = await page.textContent('#answers');
    for (const words of [/من كان واقفًا هناك؟\s*canary-haris/, /في أي مخيم كان ذلك؟\s*المخيم الشمالي/, /What did you lose\?\s*The card\s*Pay/, /كاميرا البوابة/]) assert.match(answers, words);
    assert.equal(await page.locator('#answers dt[lang=en]').count(), 1);
    assert.equal(await page.locator('button[value=groups]').count(), 0, 'what is not asked was not left out');
    await page.click('#answers button[value=when]');
    assert.ok(await page.isChecked('[name=own_camp][value=north]'));
    await page.check('[name=own_camp][value=south]');
    await page.click('#next');
    assert.match(await page.textContent('#answers'), /في أي مخيم كان ذلك؟\s*South camp/);
    await page.click('#send');
    assert.equal((await page.textContent('#receipt')).replace(/\D/g, '').length, 28);
    await page.context().close();
  });

  it('what is taken back is gone, also while the disk takes nothing and the earlier answers lie there', async () => {
    const page = await chromium.visit({ locale: 'ar' });
    const folder = join(house.dir, 'drafts');
    await page.goto(`${house.urls.intake}/report`);
    await page.click('#next');
    await page.fill('#text', 'canary-qissa');
    await page.fill('#own_guard', 'canary-haris');
    await page.click('#next');
    await page.fill('#where', 'canary-bustan');
    await page.check('[name=own_camp][value=north]');
    await page.click('#next');
    chmodSync(folder, 0o500);
    try {
      await page.click('#back');
      assert.equal(await page.inputValue('#where'), 'canary-bustan');
      await page.fill('#where', '');
      await page.click('#back');
      assert.equal(await page.inputValue('#own_guard'), 'canary-haris');
      await page.fill('#own_guard', '');
      await page.click('#check');
      const answers = await page.textContent('#answers');
      assert.match(answers, /canary-qissa[\s\S]*المخيم الشمالي/);
      assert.doesNotMatch(answers, /canary-haris|canary-bustan/);
      assert.deepEqual(await page.locator('#keeps [type=hidden]').evaluateAll((fields) => fields.filter(({ name }) => ['where', 'own_guard'].includes(name)).map(({ value }) => value)), ['', ''], 'the page says so itself');
    } finally {
      chmodSync(folder, 0o700);
    }
    await page.click('#send');
    assert.equal((await page.textContent('#receipt')).replace(/\D/g, '').length, 28);
    await page.context().close();
  });

  it('with scripts, and everything on one page, axe finds nothing', async () => {
    const page = await chromium.visit({ locale: 'ar', scripts: true });
    const check = async (where) => {
      assert.deepEqual(await violations(page), [], where);
    };
    await page.goto(`${house.urls.intake}/report?all=1`);
    assert.deepEqual([await named(page, 'own_camp'), await named(page, 'own_lost'), await named(page, 'own_guard'), await named(page, 'groups'), await named(page, 'likelihood')], [2, 3, 1, 0, 0]);
    await check('all on one page');
    await page.goto(`${house.urls.intake}/report`);
    await page.click('#next');
    await page.fill('#text', '…');
    await page.click('#next');
    await check('a step');
    await page.context().close();
  });

  it('a program sends all that the API knows, and what this office asks; a form has not said what was not asked', async () => {
    const send = (answers) => ask(`${house.urls.intake}/api/v1/reports`, { body: { text: 'From a program', language: 'sw-TZ', answers } });
    const wrong = await send({ own: [{ code: 'tent', says: 'x' }] });
    assert.deepEqual([wrong.status, wrong.json().field], [400, 'answers.own']);
    assert.equal((await send({ ongoing: 'not_yet', groups: ['child'], own: [{ code: 'camp', codes: ['north'] }] })).status, 201);
    const form = { step: 'report', text: 'From an old page', ongoing: 'not_yet', likelihood: 'high', groups: 'child', how: 'sms', number: '+000 12345', own_camp: 'east', own_tent: 'x', wish: 'canary-wish' };
    const sent = await ask(`${house.urls.intake}/report`, { body: new URLSearchParams(form).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.match(sent.text, /id="receipt"/);
  });

  it('staff read question and answer as he read them, and services by their name', async () => {
    const taken = [];
    await until(async () => { const answer = await office('/queue/take', {}); if (answer.status === 200) taken.push(answer.json()); return taken.length === 4; }, { what: 'four cases' });
    const of = (text) => taken.find((one) => one.conversation[0].text === text);
    const his = of('canary-harith');
    assert.deepEqual(his.answers.own, [
      { code: 'camp', asks: 'في أي مخيم كان ذلك؟', says: ['South camp'], codes: ['south'] },
      { code: 'lost', asks: 'What did you lose?', says: ['The card', 'Pay'], codes: ['card', 'pay'] },
      { code: 'guard', asks: 'من كان واقفًا هناك؟', says: ['canary-haris'] },
    ]);
    assert.equal(his.answers.service, 'gate', 'what programs read is the code');
    assert.deepEqual(of('From a program').answers, { ongoing: 'not_yet', groups: ['child'], own: [{ code: 'camp', asks: 'In which camp was it?', says: ['North camp'], codes: ['north'] }] });
    assert.deepEqual(of('canary-qissa').answers, { own: [{ code: 'camp', asks: 'في أي مخيم كان ذلك؟', says: ['المخيم الشمالي'], codes: ['north'] }] }, 'nothing that was taken back');
    assert.deepEqual([of('From an old page').answers, of('From an old page').contact], [{ wish: 'canary-wish' }, {}]);

    const page = await chromium.visit({ width: 1280 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    await page.goto(`${house.urls.console}/cases/${his.case}`);
    const text = await page.textContent('main');
    for (const words of [/Camera at the gate \(gate\)/, /في أي مخيم كان ذلك؟\s*South camp/, /What did you lose\?\s*The card · Pay/, /من كان واقفًا هناك؟\s*canary-haris/]) assert.match(text, words);
    await picture(page, 'case-own-answers');
    await page.context().close();
  });

  it('an office tells its own steps and who else can help; what it did not give in Arabic is marked as English', async () => {
    await house.halt();
    write(OFFICE.replace('services:', `${SAYS}services:`) + MORE);
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[evidence]\nfiles = 0\n');
    await house.start();
    const page = await chromium.visit({ locale: 'ar' });
    await page.goto(house.urls.intake);
    assert.equal(await page.textContent('#welcome'), 'أهلًا بكم في البيت.');
    await page.click('main a[href^="/about"]');
    assert.deepEqual(await sticksOut(page), []);
    const said = (sel) => page.locator(sel).evaluateAll((all) => all.map((one) => [one.innerText, one.lang, one.dir]));
    assert.deepEqual(await said('#about'), [['The water company runs this.', 'en', 'ltr']]);
    assert.deepEqual(await said('#steps .t'), [['يقرؤه فريق الحماية.', 'ar', 'auto'], ['We visit you, if you want that.', 'en', 'ltr']]);
    assert.deepEqual(await said('#steps b'), [['يوم عمل واحد', 'ar', 'auto']]);
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
    // This office takes no files any more: nobody is asked for one.
    const { receipt } = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { text: 'Without files', language: 'en' } })).json();
    const back = await chromium.visit();
    await back.goto(`${house.urls.intake}/receipt`);
    await back.fill('#receipt', receipt);
    await back.click('#look');
    assert.deepEqual([await back.locator('#add').count(), await back.locator('#file').count()], [1, 0]);
    await back.context().close();
    // A program reads the same.
    const value = (await ask(`${house.urls.intake}/api/v1/about?lang=ar`)).json();
    assert.deepEqual([value.language, value.steps.length, value.times.outcome, value.other_ways.map(({ code }) => code), value.desks], ['ar', 2, '15w', ['court', 'ombuds'], ['usual']]);
  });
});
