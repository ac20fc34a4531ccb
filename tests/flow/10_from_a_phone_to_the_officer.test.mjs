// The whole story. A person reports in a browser on a phone (in French, then in Arabic), another by SMS through Kannel; a civil
// society partner answers a consultation. Everything is sealed, scored, put in order; an officer takes the most severe first,
// links it to an impact and answers. The first reads the answer with the receipt, the second gets it as a text.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, freePortBase, startInstallation, until } from '../support/installation.mjs';
import { startKannel } from '../support/kannel.mjs';
import { openBrowser, fits } from '../support/browser.mjs';

const ARABIC = 'حجزوا جواز سفري منذ ثلاثة أشهر ولا أستطيع الخروج من المزرعة canary-zaytun';
const FRENCH = 'La caméra de la porte nous refuse chaque matin canari-mirabelle';
const TEXT = 'wananitisha kuniua kesho canary-mwembe';
const PHONE = '+254700918273';
const CONSULT = 'Our members ask that appeals reach a person, canary-teakettle';
const ANSWER_WEB = 'Nous avons parlé au responsable, canari-reponse';
const ANSWER_SMS = 'We will call the safe house today canary-answer';
const ANSWER_AR = 'سنتصل بك هذا اليوم canary-jawab';
const CANARIES = ['canary-zaytun', 'canari-mirabelle', 'canary-mwembe', 'canary-teakettle', 'canari-reponse', 'canary-answer', 'canary-jawab', PHONE, PHONE.slice(1)];

describe('one report, from a phone to the officer who acts on it', () => {
  let house, chromium, kannel, token, impact, officer;
  const receipts = {};

  before(async () => {
    house = await startInstallation();
    const sendsmsPort = await freePortBase();
    const password = 'sendsms-password-1';
    const passwordFile = `${house.dir}.sendsms`;
    writeFileSync(passwordFile, password, { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--desk', 'usual', '--language', 'sw', '--number', '12345', '--send-url', `http://127.0.0.1:${sendsmsPort}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', passwordFile);
    rmSync(passwordFile);
    const secret = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    // A channel takes effect when the gateway starts again.
    await house.halt();
    await house.start();
    kannel = await startKannel({ gateway: house.ports.smsPlain, secret, sendsmsPort, sendsmsPassword: password });
    chromium = await openBrowser();
    token = house.token(house.officer.name);
    officer = (path, body, method) => ask(`${house.urls.console}/api/v1${path}`, { method, body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    await chromium?.stop();
    await kannel?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  async function report(page, { danger, text, picked = {} }) {
    if (danger) await page.check(`input[name=danger_now][value=${danger}]`);
    await page.click('#all');
    await page.fill('#text', text);
    for (const [name, value] of Object.entries(picked)) await page.check(`input[name=${name}][value=${value}]`);
    assert.ok(await fits(page));
    await page.click('#send');
    const digits = (await page.textContent('#receipt')).replace(/\D/g, '');
    assert.equal(digits.length, 28);
    return digits;
  }

  it('a woman reports in French, scripts off, on a narrow screen, and wants to read her words again', async () => {
    const page = await chromium.visit({ locale: 'fr-FR' });
    await page.goto(house.urls.intake);
    assert.equal(await page.getAttribute('html', 'lang'), 'fr');
    assert.ok(await fits(page));
    await page.click('a.go');
    receipts.french = await report(page, { danger: 'no', text: FRENCH, picked: { read_back: 'yes', ongoing: 'yes' } });
    assert.equal(await page.locator('header nav a').count(), 0, 'no link leads away from the number');
    await page.click('#written');
    assert.doesNotMatch((await page.content()).replace(/\D/g, ''), new RegExp(receipts.french));
    await page.context().close();
  });

  it('who takes another language in the middle of it loses no word, and Enter changes no language', async () => {
    const page = await chromium.visit({ locale: 'fr-FR' });
    await page.goto(`${house.urls.intake}/report`);
    await page.check('input[name=danger_now][value=unsure]');
    await page.click('#all');
    await page.fill('#text', 'Une phrase canary-commencee');
    await page.fill('#when', 'hier');
    await page.selectOption('#kind', 'question');
    await page.check('input[name=ongoing][value=yes]');
    await page.click('#languages button[value=ar]');
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    assert.deepEqual([await page.inputValue('#text'), await page.inputValue('#when'), await page.inputValue('#kind')], ['Une phrase canary-commencee', 'hier', 'question']);
    assert.ok(await page.isChecked('input[name=ongoing][value=yes]'));
    assert.ok(await page.isVisible('#help'), 'what was said of danger is not forgotten');
    assert.ok(await fits(page));
    await page.fill('#text', '');
    await page.press('#when', 'Enter');
    assert.ok(await page.isVisible('#errors'), 'Enter sends the form');
    assert.equal(await page.getAttribute('html', 'lang'), 'ar');
    // The number, half typed.
    await page.goto(`${house.urls.intake}/receipt?lang=fr`);
    await page.fill('#receipt', '1234 5678');
    await page.click('#languages button[value=sw]');
    assert.deepEqual([await page.getAttribute('html', 'lang'), await page.inputValue('#receipt')], ['sw', '1234 5678']);
    assert.equal(await page.locator('#errors').count(), 0);
    await page.context().close();
  });

  it('a man reports in Arabic that his passport is held; danger now shows help before anything else', async () => {
    const page = await chromium.visit({ locale: 'ar' });
    await page.goto(`${house.urls.intake}/report`);
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    await page.check('input[name=danger_now][value=yes]');
    await page.click('#all');
    assert.ok(await page.isVisible('#help'), 'emergency help stands first');
    assert.ok(await page.isVisible('#hours'), 'the true hours beside it');
    assert.ok(await fits(page));
    await page.fill('#text', ARABIC);
    await page.click('#send');
    receipts.arabic = (await page.textContent('#receipt')).replace(/\D/g, '');
    assert.equal(receipts.arabic.length, 28);
    await page.context().close();
  });

  it('a girl texts in Swahili; she is told that it arrived, with one neutral line of help, and only once', async () => {
    await kannel.send(PHONE, TEXT);
    await until(() => kannel.received().length > 0, { what: 'the acknowledgement' });
    const [first] = kannel.received();
    assert.equal(first.to, PHONE);
    assert.doesNotMatch(first.text, /kuua|kuniua|wananitisha/);
    assert.match(first.text, /ACHA/);
    await kannel.send(PHONE, 'nipo karibu na kanisa canary-mwembe');
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(kannel.received().length, 1, kannel.heard());
  });

  it('a partner answers an open round, one line bad, the good ones stored', async () => {
    const bearer = house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation').trim().split('\n').pop();
    house.cli('round', 'add', '--code', 'appeals-2026', '--title', 'Appeals', '--question', 'How should appeals work?', '--opens', '2026-01-01T00:00:00Z', '--closes', '2099-01-01T00:00:00Z');
    const lines = [{ id: 'a1', language: 'en', text: CONSULT }, { id: 'a2', language: 'en' }].map((line) => JSON.stringify(line)).join('\n');
    const send = (round, authorization) => ask(`${house.urls.intake}/api/v1/consultations/${round}/submissions`, { body: lines, headers: { authorization, 'content-type': 'application/x-ndjson' } });
    const answer = await send('appeals-2026', `Bearer ${bearer}`);
    assert.equal(answer.status, 207, answer.text);
    const verdicts = answer.text.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(verdicts.map((v) => [v.id, Math.floor(v.status / 100)]), [['a1', 2], ['a2', 4]]);
    assert.equal((await send('appeals-2026', 'Bearer nobody')).status, 401);
    assert.equal((await send('no-such-round', `Bearer ${bearer}`)).status, 404);
  });

  it('the officer takes them in order of severity: danger now first, then the threat, then the rest', async () => {
    await until(async () => (await officer('/queue')).json().total >= 3, { what: 'three cases in the queue' });
    const taken = [];
    for (;;) {
      const answer = await officer('/queue/take', {}, 'POST');
      if (answer.status === 204) break;
      assert.equal(answer.status, 200, answer.text);
      taken.push(answer.json());
    }
    assert.equal(taken.length, 3, 'consultation is not ranked against grievances');
    const texts = taken.map((t) => t.conversation.map((m) => m.text).join(' '));
    assert.ok(texts[0].includes('canary-zaytun') || texts[0].includes('canary-mwembe'));
    assert.ok(texts[1].includes('canary-zaytun') || texts[1].includes('canary-mwembe'));
    assert.ok(texts[2].includes('canari-mirabelle'), 'the camera comes last');
    assert.ok(taken[0].reasons.length > 0, 'with reasons in words');
    const sms = taken.find((t) => t.channel === 'sms');
    assert.equal(sms.conversation.length, 2, 'both texts of one number are one case');
    Object.assign(receipts, { cases: Object.fromEntries(taken.map((t) => [t.channel === 'sms' ? 'sms' : t.conversation[0].text.includes('zaytun') ? 'arabic' : 'french', t.case])) });
  });

  it('she links a case to a tracked impact and answers all three', async () => {
    const made = await officer('/impacts', { title: 'Face recognition at the mine gate', what: 'Workers are refused at the gate by a camera', state: 'actual', rights: ['work'], stage: 'use', technology: 'face recognition', scale: 2, scope: 2, irremediability: 2 });
    assert.equal(made.status, 201, made.text);
    impact = made.json().impact;
    impact = impact.impact ?? impact;
    const linked = await officer(`/cases/${receipts.cases.french}/impacts`, { impact, confirm: true, reason: 'The same gate' });
    assert.equal(linked.status, 200, linked.text);
    for (const [who, text, language] of [['french', ANSWER_WEB, 'fr'], ['arabic', ANSWER_AR, 'ar'], ['sms', ANSWER_SMS, 'en']]) {
      const answer = await officer(`/cases/${receipts.cases[who]}/answers`, { text, language });
      assert.equal(answer.status, 201, answer.text);
    }
    const shown = (await officer(`/impacts/${impact}`)).json();
    assert.ok(JSON.stringify(shown).includes(receipts.cases.french));
  });

  it('the woman reads the answer with her receipt, typed in any digits, and writes more', async () => {
    const page = await chromium.visit({ locale: 'fr-FR' });
    await page.goto(`${house.urls.intake}/receipt?lang=fr`);
    await page.fill('#receipt', receipts.french);
    await page.click('#look');
    const shown = await page.textContent('body');
    assert.ok(shown.includes('canari-reponse'), shown);
    assert.ok(shown.includes('canari-mirabelle'), 'her own words, because she chose so');
    await page.context().close();

    const arabic = await chromium.visit({ locale: 'ar' });
    await arabic.goto(`${house.urls.intake}/receipt?lang=ar`);
    await arabic.fill('#receipt', receipts.arabic.replace(/\d/g, (d) => String.fromCodePoint(0x660 + Number(d))));
    await arabic.click('#look');
    const seen = await arabic.textContent('body');
    assert.ok(seen.includes('canary-jawab'), seen);
    assert.ok(!seen.includes('canary-zaytun'), 'his own words stay hidden: he did not ask to see them');
    await arabic.fill('#text', 'شكرا canary-zaytun');
    await arabic.click('#languages button[value=sw]');
    assert.equal(await arabic.getAttribute('html', 'lang'), 'sw');
    assert.ok((await arabic.textContent('body')).includes('canary-jawab'), 'still his conversation');
    assert.equal(await arabic.inputValue('#text'), 'شكرا canary-zaytun');
    await arabic.click('#add');
    await arabic.context().close();
    await until(async () => JSON.stringify((await officer(`/cases/${receipts.cases.arabic}`)).json()).includes('شكرا'), { what: 'the added message' });
  });

  it('the girl gets the answer as a text; after ACHA she gets none', async () => {
    await until(() => kannel.received().some((m) => m.text.includes('canary-answer')), { ms: 30_000, what: 'the answer by SMS' });
    await kannel.send(PHONE, 'ACHA');
    await new Promise((done) => setTimeout(done, 2000));
    const before = kannel.received().length;
    await officer(`/cases/${receipts.cases.sms}/answers`, { text: 'one more canary-answer', language: 'en' });
    await new Promise((done) => setTimeout(done, 4000));
    assert.equal(kannel.received().filter((m) => m.text.includes('one more')).length, 0);
    assert.ok(kannel.received().length <= before + 1);
  });

  it('a wrong receipt and an unknown one say the same', async () => {
    // Both have the right check digit (Damm), as one digit beside a real one would have after a second mistake.
    const damm = ['0317598642', '7092154863', '4206871359', '1750983426', '6123045978', '3674209581', '5869720134', '8945362017', '9438617205', '2581436790'];
    const whole = (digits) => digits + [...digits].reduce((at, digit) => Number(damm[at][digit]), 0);
    const [one, other] = await Promise.all(['0'.repeat(27), '123456789'.repeat(3)].map((digits) => ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: whole(digits) } })));
    assert.equal(one.status, 404, one.text);
    assert.equal(one.text, other.text);
    const headers = ({ headers: { date, ...all } }) => all;
    assert.deepEqual(headers(one), headers(other));
  });

  it('a superuser who reads the database reads none of it', async () => {
    const dump = house.superuserCommand('pg_dump', []);
    for (const canary of CANARIES) assert.ok(!dump.includes(canary) && !dump.includes(Buffer.from(canary).toString('hex')), canary);
  });
});
