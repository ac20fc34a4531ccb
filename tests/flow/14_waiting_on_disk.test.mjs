// While the database is away, people's words wait on the server's disk. Staff are told so, in their language, on every page and by
// the API: by the doors themselves, since neither database nor vault can tell. When it is back the banner goes and the words are there.
import assert from 'node:assert/strict';
import { chownSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { violations } from '../support/axe.mjs';
import { ask, processesOf, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';

const CANARIES = ['canary-disk the school is closed', 'canary-disk shule imefungwa', '+254733000222'];
const SOON = { ms: 30_000, every: 300 };

describe('what waits on disk while the database is away', () => {
  let house, chromium, english, arabic, key, authorization;

  before(async () => {
    house = await startInstallation();
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'sw', '--send-url', 'http://127.0.0.1:9/', '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    await house.halt();
    await house.start();
    key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    authorization = `Bearer ${house.token(house.officer.name)}`;
    chromium = await openBrowser();
    english = await signedIn({ locale: 'en', width: 320 });
    arabic = await signedIn({ locale: 'ar', width: 320, scheme: 'dark' });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const signedIn = async (view) => {
    const page = await chromium.visit({ ...view, scripts: true });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    assert.match(page.url(), /\/queue$/);
    return page;
  };
  const report = (n) => ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: `${CANARIES[0]} ${n}` } });
  const text = () =>
    ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=d-1&time=1795335793`, { body: CANARIES[1], headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': CANARIES[2], 'x-kannel-to': '12345' } });
  const waiting = async (headers = { authorization }) => ask(`${house.urls.console}/api/v1/waiting`, { headers });
  const numbers = async () => (await waiting()).json().waiting;
  const cookies = async (page) => (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');

  const banner = async (page, path = '/queue') => {
    await page.goto(house.urls.console + path);
    return (await page.locator('.spooled').allTextContents()).join(' ');
  };
  const untilBanner = (page, saying, path) => until(async () => { const says = await banner(page, path); return saying.test(says) && says; }, { ...SOON, what: `a banner like ${saying}` });
  const checked = async (page, where) => {
    assert.deepEqual(await violations(page), [], where);
    assert.ok(await fits(page), `${where} sticks out`);
  };

  it('nothing waits: both doors say so, and no page has a banner', async () => {
    const nothing = { rows: 0, bytes: 0, age_seconds: 0, faults: 0 };
    assert.deepEqual(await until(async () => { const w = await numbers(); return w.intake && w.sms && w; }, { ...SOON, what: 'both doors' }), { intake: nothing, sms: nothing });
    assert.equal(await banner(english), '');
    assert.equal((await waiting({})).status, 401);
    assert.equal((await waiting({ cookie: await cookies(english) })).status, 401, 'the API knows no cookies');
  });

  it('it hangs: staff see how many wait and that nothing is lost, in English and in Arabic, and it goes when it is over', async () => {
    const thaw = house.freezeDatabase();
    try {
      const answers = await Promise.all([report(1), report(2), text()]);
      assert.deepEqual(answers.map((a) => a.status), [201, 201, 200]);
      const says = await untilBanner(english, /3 messages/);
      assert.match(says, /^3 messages wait on the server's disk because the database is away\. Nothing is lost\. The oldest has waited for less than a minute\..*All of it will appear here/s);
      assert.equal(await english.locator('div.spooled[role=status]').count(), 1);
      await checked(english, 'the banner in English');
      await picture(english, 'waiting');
      // Whoever reported comes back meanwhile, on a small phone without scripts: it is safe, and more can be written.
      for (const [locale, stored, which] of [['en', /stored safely/, 0], ['ar', /محفوظ بأمان/, 1]]) {
        const phone = await chromium.visit({ locale });
        await phone.goto(`${house.urls.intake}/receipt`);
        await phone.fill('#receipt', answers[which].json().receipt);
        await phone.click('#look');
        assert.match(await phone.textContent('main'), stored);
        assert.ok((await phone.isVisible('#add')) && (await fits(phone)));
        await phone.context().close();
      }
      assert.match(await untilBanner(arabic, /تنتظر 3 رسائل على قرص الخادم/), /لم يضع شيء.*سيظهر كل ذلك هنا/s);
      assert.equal(await arabic.getAttribute('html', 'dir'), 'rtl');
      await checked(arabic, 'the banner in Arabic');
      await picture(arabic, 'waiting-ar-dark');
      for (const path of ['/impacts', '/search', '/consultations', '/walkin', '/help']) assert.match(await banner(english, path), /3 messages wait/, path);
      const { intake, sms } = await numbers();
      assert.deepEqual([intake.rows, sms.rows, intake.faults, sms.faults], [2, 1, 0, 0]);
      assert.ok(intake.bytes > 1000 && sms.bytes > 500, JSON.stringify({ intake, sms }));
      assert.ok(intake.age_seconds < 60);
      for (const stranger of [{}, { cookie: '__Host-session=usual.forged' }]) {
        const page = await ask(`${house.urls.console}/signin`, { headers: stranger });
        assert.ok(!/messages? waits?/.test(page.text), 'no stranger learns when people write');
      }
    } finally {
      thaw();
    }
    await until(async () => (await banner(english)) === '', { ...SOON, what: 'the end of the banner' });
    assert.equal(await banner(arabic), '');
    await until(async () => (await numbers()).intake?.rows === 0 && (await numbers()).sms?.rows === 0, { ...SOON, what: 'the numbers' });
    await until(async () => { await english.goto(`${house.urls.console}/queue`); return (await english.locator('li.card').count()) === 3; }, { ...SOON, what: 'the words in the queue' });
  });

  it('what needs the database says so on a page, with the banner, keeps what was typed, and the vault that had to start again still tells its officer', async () => {
    await english.goto(`${house.urls.console}/search`);
    const csrf = await english.locator('input[name=csrf]').first().getAttribute('value');
    const cookie = await cookies(english);
    const thaw = house.freezeDatabase();
    try {
      assert.equal((await report(3)).status, 201);
      await untilBanner(english, /1 message waits/);
      const form = new URLSearchParams({ csrf, channel: 'in_person', kind: 'grievance', language: 'en', text: `${CANARIES[0]} in person` }).toString();
      const register = () => ask(`${house.urls.console}/walkin`, { body: form, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'en' } });
      const refused = await register();
      assert.equal(refused.status, 503, refused.text);
      assert.ok(Number(refused.headers['retry-after']) > 0);
      assert.match(refused.headers['content-type'], /^text\/html/);
      assert.match(refused.text, /1 message waits on the server&#39;s disk|1 message waits on the server's disk/);
      assert.match(refused.text, /none that was acknowledged is lost/);
      assert.ok(refused.text.includes(`${CANARIES[0]} in person`), 'the words are still on the page');
      // Whether the change was kept is not known, so the vault forgets and waits for the database: nobody has a name now.
      const later = await until(async () => { const answer = await ask(`${house.urls.console}/queue`, { headers: { cookie, 'accept-language': 'en' } }); return answer.status === 503 && answer; }, { ...SOON, what: 'a vault that starts again' });
      assert.ok(Number(later.headers['retry-after']) > 0);
      assert.match(later.text, /The vault is starting again/);
      assert.match(later.text, /1 message waits/);
      const again = await register();
      assert.equal(again.status, 503);
      assert.ok(again.text.includes(`${CANARIES[0]} in person`) && again.text.includes(csrf), 'what was typed is still there, to be sent again');
      await english.goto(`${house.urls.console}/queue`);
      await checked(english, 'the page of a vault that starts again');
      await picture(english, 'waiting-refused');
      const stranger = await ask(`${house.urls.console}/queue`, { headers: { cookie: `__Host-session=usual.${'x'.repeat(64)}`, 'accept-language': 'en' } });
      assert.equal(stranger.status, 503);
      assert.ok(!/message waits/.test(stranger.text), 'a forged session learns no number');
      assert.match(stranger.text, /none that was acknowledged is lost/);
      assert.equal((await waiting()).status, 503);
    } finally {
      thaw();
    }
    await until(async () => (await banner(english)) === '' && /\/queue$/.test(english.url()) && (await english.locator('li.card').count()) >= 4, { ...SOON, what: 'the queue, without a banner' });
    await english.goto(`${house.urls.console}/walkin`);
    assert.equal(await english.locator('input[name=csrf]').first().getAttribute('value'), csrf, 'and can be sent as it is');
  });

  it('it is gone: the same, and a door that does not answer is unknown, never 0', async () => {
    const wake = house.holdDatabaseDown();
    const sms = processesOf(house.dir).filter(({ command }) => command.includes('recourse-sms'));
    try {
      assert.equal((await report(4)).status, 201);
      await untilBanner(english, /1 message waits/);
      for (const { pid } of sms) process.kill(pid, 'SIGSTOP');
      await untilBanner(english, /1 message waits.*There may be more: a part of the server does not answer/s);
      const seen = await numbers();
      assert.equal(seen.sms, null);
      assert.equal(seen.intake.rows, 1);
    } finally {
      for (const { pid } of sms) process.kill(pid, 'SIGCONT');
      wake();
    }
    await until(async () => { const w = await numbers().catch(() => ({})); return w.sms?.rows === 0 && w.intake?.rows === 0; }, { ms: 60_000, every: 300, what: 'both doors, empty' });
    await until(async () => (await banner(english)) === '', { ...SOON, what: 'the end of the banner' });
  });

  it('a disk that gave back other bytes than it took: staff are told to call the operator, and doctor tells the operator where to look', async () => {
    const folder = join(house.dir, 'spool/intake');
    const spools = () => readdirSync(folder).filter((name) => name.endsWith('.spool'));
    assert.doesNotMatch(house.tryCli('doctor').stdout, /BAD .*kept aside/);
    const thaw = house.freezeDatabase();
    const frames = (name) => readFileSync(join(folder, name)).toString('latin1').split('RCFR').length - 1;
    let name, bytes;
    try {
      // Each worker writes a file of its own: until one of them has two frames.
      for (let n = 5; n < 25 && !name; n++) {
        assert.equal((await report(n)).status, 201);
        name = spools().find((each) => frames(each) >= 2);
      }
      bytes = readFileSync(join(folder, name));
    } finally {
      thaw();
    }
    await until(async () => spools().length === 0, { ms: 40_000, every: 300, what: 'an empty spool' });
    await house.halt();
    bytes[100] ^= 1; // in the first frame's payload; the second one stands behind it
    const { uid, gid } = statSync(folder);
    writeFileSync(join(folder, name), bytes, { mode: 0o600 });
    chownSync(join(folder, name), uid, gid);
    await house.start();
    // Sessions end with the vault.
    await english.context().close();
    english = await signedIn({ locale: 'en', width: 320 });
    await untilBanner(english, /needs the operator: recourse doctor/);
    await checked(english, 'a page with the call for the operator');
    await picture(english, 'waiting-fault');
    assert.equal((await numbers()).intake.faults, 1);
    const doctor = house.tryCli('doctor');
    assert.match(doctor.stdout, /^BAD .*kept aside: 1 in \S+\/spool\/intake; docs\/spool\.md/m);
    assert.notEqual(doctor.code, 0);
  });
});
