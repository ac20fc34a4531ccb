// An officer's day in the browser, scripts off: signs in, takes the next case, sees why it is where it is, confirms, links, notes,
// looks at what the person will see, answers; searches; registers someone who came in person; and what a stranger cannot do.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { openBrowser, picture, fits } from '../support/browser.mjs';

const HOSTILE = '<script>document.title="owned"</script><img src=x onerror=alert(1)> canary-quince {{text}} {{{text}}}';
const REPORTS = [
  { text: 'They took our papers and lock the gate at night canary-almond', language: 'en', answers: { danger_now: 'yes', people_low: 12, people_high: 20 } },
  { text: 'The app closed my account and nobody answers canary-papaya', language: 'en', answers: { ongoing: 'yes', wish: 'My account back, and canary-guava' } },
  { text: HOSTILE, language: 'en' },
  { text: 'Merci, la réponse est venue vite canary-merci', language: 'fr', kind: 'thanks' },
];
const CANARIES = ['canary-almond', 'canary-papaya', 'canary-guava', 'canary-quince', 'canary-merci', 'canary-note', 'canary-walkin', 'canary-reply', 'canary-letter'];

describe("an officer's day", () => {
  let house, chromium, page;

  before(async () => {
    house = await startInstallation();
    for (const report of REPORTS) {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', read_back: true, ...report } });
      assert.equal(answer.status, 201, answer.text);
    }
    chromium = await openBrowser();
    page = await chromium.visit({ width: 1280, height: 900 });
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const signIn = async (where, password = house.officer.password) => {
    await where.goto(`${house.urls.console}/signin`);
    await where.fill('input[name=name]', house.officer.name);
    await where.fill('input[name=password]', password);
    await where.click('form[action="/signin"] button');
  };

  it('a wrong password is refused in words, the right one lets her in', async () => {
    await signIn(page, 'not the password');
    assert.ok(await page.isVisible('[role=alert]'));
    await signIn(page);
    assert.match(page.url(), /\/queue$/);
    const cookies = await page.context().cookies();
    const session = cookies.find((cookie) => cookie.name === '__Host-session');
    assert.ok(session.httpOnly && session.secure && session.sameSite === 'Strict');
  });

  it('the queue shows the gravest first, with its reasons, on any screen', async () => {
    await until(
      async () => {
        await page.reload();
        return (await page.locator('li.card').count()) >= 3;
      },
      { every: 300, what: 'the queue' },
    );
    assert.ok((await page.locator('li.card').first().locator('ul.why').textContent()).trim().length > 0);
    await picture(page, 'queue');
    for (const width of [320, 768]) {
      const narrow = await page.context().newPage();
      await narrow.setViewportSize({ width, height: 700 });
      await narrow.goto(`${house.urls.console}/queue`);
      assert.ok(await fits(narrow), `${width} px`);
      if (width === 320) await picture(narrow, 'queue-phone');
      await narrow.close();
    }
  });

  it('she takes the next case: it is the one in danger', async () => {
    await page.click('form[action="/queue/take"] button');
    assert.match(page.url(), /\/cases\/[0-9a-f-]{36}/);
    assert.ok(!(await page.isVisible('.talk')), 'words about people being held may be hard to read: nothing of them before she wants to');
    await picture(page, 'case-hard');
    await page.click('#hard summary');
    const shown = await page.innerText('#conversation');
    assert.ok(shown.includes('canary-almond'), shown);
    await picture(page, 'case');
  });

  it('however often its page comes again, it is one case that she has opened', async () => {
    for (let i = 0; i < 3; i++) await page.reload();
    assert.match(await page.innerText('footer'), /Opened this hour: 1 of 60\. Today: 1 of 300\./);
    await page.click('#hard summary');
  });

  it('what she wrote for longer than a session waits is still there when it has ended', async () => {
    const visit = await chromium.visit({ width: 1280, height: 900 });
    await signIn(visit);
    for (const isCookieGone of [false, true]) {
      await visit.goto(page.url());
      await visit.fill('form[action$="/preview"] textarea[name=text]', 'Half an hour of words canary-reply');
      const cookies = await visit.context().cookies();
      const elsewhere = await visit.context().newPage();
      await elsewhere.goto(`${house.urls.console}/queue`);
      await elsewhere.click('form[action="/signout"] button');
      if (!isCookieGone) await visit.context().addCookies(cookies);
      await visit.click('form[action$="/preview"] button');
      assert.match(await visit.innerText('.problem h1'), /Please sign in/);
      assert.equal(await visit.inputValue('.problem textarea[name=text]'), 'Half an hour of words canary-reply');
      await signIn(elsewhere);
      assert.match(elsewhere.url(), /\/queue$/);
      await elsewhere.close();
    }
    await visit.context().close();
    const from = (origin) => ask(`${house.urls.console}/cases/00000000-0000-4000-8000-000000000000/note`, { body: 'text=from+elsewhere', headers: { origin, 'content-type': 'application/x-www-form-urlencoded' } });
    assert.match((await from(house.urls.console)).text, /from elsewhere/);
    const elsewhere = await from('https://elsewhere.example');
    assert.ok(elsewhere.status === 403 && !elsewhere.text.includes('from elsewhere'), 'what another site sends is given back to nobody');
  });

  it('what she fills in wrongly is named, and a link leads back to the case', async () => {
    const address = page.url().replace(/\?.*/, '');
    const assess = 'form[action$="/assess"]';
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    await page.fill(`${assess} [name=people_low]`, '20');
    await page.fill(`${assess} [name=people_high]`, '3');
    await page.fill(`${assess} [name=reason]`, 'Twenty at least');
    await page.click(`${assess} button`);
    assert.match(await page.innerText('.problem'), /at most/);
    assert.equal(await page.inputValue('.problem textarea[name=reason]'), 'Twenty at least');
    await page.click('.problem a >> text=Back to where you were');
    assert.equal(page.url(), address);
    await page.fill('form[action$="/preview"] textarea[name=text]', ' \n ');
    await page.click('form[action$="/preview"] button');
    assert.ok(await page.isVisible('.problem'), 'nobody is sent an answer without a word');
    await page.click('.problem a >> text=Back to where you were');
    await page.click('#hard summary');
  });

  it('has a first look: three taps, before anything is worked out', async () => {
    const caseUrl = page.url();
    await page.check('#look input[name=danger][value=yes]');
    await page.check('#look input[name=urgency][value=today]');
    await page.click('#look button.main');
    await page.goto(caseUrl);
    assert.match(await page.textContent('#look'), /danger now\?\s*Yes\s*How urgent is it\?\s*Today/);
    assert.match(await page.textContent('.casehead'), /Looked at/, 'it has left the lane of first looks');
    await page.locator('#look summary').click();
    await picture(page, 'case-look');
  });

  it('makes an impact, links the case, confirms the assessment, notes, previews and answers', async () => {
    const caseUrl = page.url();
    await page.goto(`${house.urls.console}/impacts/new`);
    await page.fill('[name=title]', 'Papers withheld at the farm');
    await page.fill('[name=what]', 'Workers cannot leave: papers withheld, gate locked');
    for (const name of ['scale', 'scope', 'irremediability']) await page.selectOption(`[name=${name}]`, { index: 2 });
    await page.click('form[action="/impacts"] button.main');
    await page.goto(caseUrl);
    const link = page.locator('#links form').filter({ has: page.locator('button[value=yes]') }).first();
    const register = link.locator('select[name=impact]');
    assert.equal(await register.inputValue(), '', 'no impact is linked because it stands first');
    await register.selectOption({ label: 'Papers withheld at the farm' });
    await link.locator('input[name=reason]').fill('Same farm');
    await link.locator('button[value=yes]').click();
    await page.goto(caseUrl);
    assert.match(await page.textContent('#links'), /Papers withheld at the farm\s*confirmed/);
    assert.match(await page.textContent('#assess'), /Proposed by the rules[\s\S]*irremediability 3[\s\S]*took our papers[\s\S]*Desk safeguarding/, 'the words that the rules found, and whose they are');
    if (!(await page.isVisible('#assess select[name=irremediability]'))) await page.click('#assess summary');
    await page.selectOption('#assess select[name=irremediability]', '4');
    await page.fill('#assess [name=reason]', 'They have been there for a month');
    await page.click('#assess button.main');
    await page.goto(caseUrl);
    const severity = await page.textContent('#assess');
    assert.match(severity, /They have been there for a month/, 'with the reason of a person, beside the proposal');
    assert.match(severity, /At first[\s\S]*irremediability 3[\s\S]*Now[\s\S]*irremediability 4/, 'the first rank stays beside the present one');
    await page.click('#answer a[href$="/why"]');
    const prepared = await page.inputValue('textarea[name=text]');
    assert.match(prepared, /somebody may be in danger now[\s\S]*Whether it can be put right: hardly[\s\S]*tell you by \d{4}-\d\d-\d\d/);
    assert.doesNotMatch(prepared, /month|took our papers|canary|Words about|impact|Papers withheld/, 'nothing of rules, reasons and what staff wrote');
    await picture(page, 'why');
    assert.ok(await fits(page), 'why');
    await page.fill('textarea[name=text]', prepared.replace('very serious', 'very serious, as you told us canary-reply'));
    await page.click('form[action$="/answer"] button.quiet');
    assert.match(await page.textContent('.preview'), /as you told us canary-reply/, 'looked at again');
    await page.click('form[action$="/answer"] button.main');
    await page.goto(caseUrl);
    assert.match(await page.textContent('#conversation'), /somebody may be in danger now[\s\S]*as you told us canary-reply/);
    await page.fill('#notes textarea[name=text]', 'Called the safe house canary-note');
    await page.click('#notes form button');
    assert.ok((await page.textContent('#notes')).includes('canary-note'));
    await page.fill('#answer textarea[name=text]', 'Stay where you are, we are coming canary-reply');
    await page.click('#answer button.main');
    assert.ok((await page.textContent('body')).includes('canary-reply'), 'a preview of what will be seen');
    await page.locator('form[action$="/answer"] button.main').first().click();
    await page.goto(caseUrl);
    assert.ok((await page.textContent('#conversation')).includes('canary-reply'));
  });

  it('hostile text lies inert on the page', async () => {
    await page.goto(`${house.urls.console}/search`);
    await page.fill('[name=words]', 'quince');
    await page.click('form[action="/search"] button');
    await page.locator('li.card a').first().click();
    assert.ok((await page.textContent('#conversation')).includes('<script>document.title="owned"</script>'));
    assert.ok((await page.textContent('#conversation')).includes('{{text}} {{{text}}}'));
    assert.equal(await page.locator('#conversation script, #conversation img').count(), 0);
  });

  it('finds cases by words, a phrase, the beginning of a word and filters; nothing of it stands in the address', async () => {
    const search = async (words, filters = {}) => {
      await page.goto(`${house.urls.console}/search`);
      await page.fill('[name=words]', words);
      if (Object.keys(filters).length) await page.click('#find summary');
      for (const [name, value] of Object.entries(filters)) await page.selectOption(`[name="filter.${name}"]`, value);
      await Promise.all([page.waitForNavigation(), page.click('#find button.main')]);
      assert.equal(page.url(), `${house.urls.console}/search`);
      assert.equal(await page.inputValue('[name=words]'), words);
      return page.locator('li.card').count();
    };
    assert.equal(await search('"lock the gate"'), 1);
    assert.equal(await search('"gate the lock"'), 0);
    assert.equal(await search('papa*'), 1);
    assert.equal(await search('"we are coming"'), 1, 'what she answered is found too');
    assert.equal(await search('canary-guava'), 1, 'and what was answered to a question of the form');
    assert.equal(await search('canary'), 4);
    await picture(page, 'search');
    assert.match(await page.textContent('main'), /4 cases found/);
    assert.equal(await search('canary', { language: 'fr' }), 1);
    assert.equal(await search('canary', { state: 'waiting_for_you' }), 1);
    assert.equal(await search('', { kind: 'thanks' }), 1);
    assert.equal(await search('canary', { kind: 'thanks', language: 'en' }), 0);
    const impact = await page.locator('[name="filter.impact"] option', { hasText: 'Papers withheld' }).getAttribute('value');
    assert.equal(await search('', { impact }), 1, 'the one that she linked');
    const leaves = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.audit_leaf'));
    const kept = leaves();
    assert.equal(await search('canary-papaya'), 1);
    assert.equal(leaves(), kept + 1, 'that she looked is kept before the answer, and the words are nowhere readable (canaries)');
    assert.equal(await search(''), 0);
    assert.match(await page.textContent('body'), /There is no word to look for/);
  });

  it('children are harmed more: each group is assessed by itself, the case takes the gravest, and its impact counts how many there are', async () => {
    await page.goto(`${house.urls.console}/search`);
    await page.fill('[name=words]', 'papaya');
    await page.click('form[action="/search"] button');
    await page.locator('li.card a').first().click();
    const caseUrl = page.url();
    if (!(await page.isVisible('#assess select[name=scale]'))) await page.locator('#assess summary').first().click();
    await page.locator('#assess summary', { hasText: 'It is different for some groups' }).click();
    await page.selectOption('[name="groups.0.group"]', 'older');
    await page.selectOption('[name="groups.0.scale"]', '2');
    await page.fill('[name="groups.0.people_low"]', '2');
    await page.fill('[name="groups.0.people_high"]', '900');
    await page.selectOption('[name="groups.0.irremediability"]', '1');
    await page.selectOption('[name="groups.1.group"]', 'child');
    await page.selectOption('[name="groups.1.scale"]', '4');
    await page.fill('[name="groups.1.people_high"]', '2');
    await page.selectOption('[name="groups.1.irremediability"]', '3');
    await page.fill('[name="groups.1.reason"]', 'Nobody else pays for their school');
    await page.fill('#assess [name=reason]', 'Two children depend on the account');
    await page.click('#assess button.main');
    await page.goto(caseUrl);
    assert.match(await page.textContent('#assess'), /Now\s*scale 4 · scope 2 · irremediability 3/);
    assert.match(await page.textContent('#assess table'), /Older[^]*2 to 900 people[^]*Child[^]*gravest[^]*2 people[^]*Nobody else pays/i);
    assert.equal(await page.inputValue('[name="groups.1.people_high"]'), '2', 'the form stands as she left it');
    await picture(page, 'case-groups');
    const narrow = await page.context().newPage();
    await narrow.setViewportSize({ width: 320, height: 700 });
    await narrow.goto(caseUrl);
    await narrow.locator('#assess details').first().evaluate((details) => (details.open = true));
    assert.ok(await fits(narrow));
    await narrow.close();

    await page.goto(`${house.urls.console}/impacts/new`);
    await page.fill('[name=title]', 'Accounts closed by a score');
    await page.fill('[name=what]', 'A program closes accounts, and nobody looks');
    await page.selectOption('[name=scope]', '4');
    await page.click('form[action="/impacts"] button.main');
    await page.goto(caseUrl);
    const link = page.locator('#links form').filter({ has: page.locator('select[name=impact]') });
    await link.locator('select[name=impact]').selectOption({ label: 'Accounts closed by a score' });
    await link.locator('input[name=reason]').fill('The same program');
    await link.locator('button[value=yes]').click();
    await page.goto(caseUrl);
    assert.match(await page.textContent('#assess'), /Now\s*scale 4 · scope 4 · irremediability 3/, 'the case is as wide as its impact');
  });

  it('forty letters of a campaign are one item, and one look is for all of them', async () => {
    const letter = (n) => `We of the river villages ask the company to stop the dam. The water has fallen, the fish are gone, and nobody has asked us. We want a meeting in our own language before the rains, and an answer in writing canary-letter. I live in village ${n}.`;
    const receipts = [];
    for (let n = 0; n < 40; n++) {
      const sent = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', read_back: true, text: letter(n) } });
      assert.equal(sent.status, 201);
      receipts.push(sent.json().receipt);
    }
    const token = house.token(house.officer.name);
    const api = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    const lane = async (name) => (await api(`/queue?lane=${name}&limit=100`)).json();
    const found = await until(async () => { const items = (await lane('first_look')).items.filter((item) => item.alike > 0); return items.length && items[0].alike >= 30 && items; }, { ms: 40_000, every: 300, what: 'the campaign as one item' });
    const inQueue = (await lane('first_look')).total;
    // Worked on together: she puts all of them into a group case, and they weigh as many voices do.
    await page.goto(`${house.urls.console}/cases/${found[0].case}`);
    await page.click('#group summary');
    await page.fill('#group [name=title]', 'The dam and the river villages');
    await page.check('#group [name=alike]');
    await page.fill('#group [name=reason]', 'The same letter');
    await page.click('#group button');
    const path = new URL(page.url()).pathname;
    assert.match(await page.textContent('main'), /The dam and the river villages[\s\S]*The case is in this group case now|The case is in this group case now[\s\S]*The dam and the river villages/);
    const group = await until(async () => { const shown = (await api(path)).json(); return shown.cases >= found[0].alike + 1 && !shown.under_way && shown; }, { ms: 30_000, every: 300, what: 'all letters in the group case' });
    assert.equal((await api('/groups')).json().items[0].title, 'The dam and the river villages');
    assert.ok(group.items.every((item) => item.rank.scope === 3), 'eleven voices and more are wide');
    await page.goto(`${house.urls.console}/cases/${found[0].case}`);
    assert.match(await page.textContent('#look'), /and 3\d that say nearly the same/);
    await picture(page, 'case-alike');
    await page.check('#look input[name=danger][value=no]');
    await page.check('#look input[name=urgency][value=later]');
    await page.click('#look button.main');
    await until(async () => (await lane('assessed')).total >= found[0].alike + 1, { ms: 30_000, every: 300, what: 'a look for each' });
    assert.ok((await lane('first_look')).total < inQueue, 'and none of them comes back');
    assert.ok((await lane('first_look')).items.every((item) => item.alike === 0));

    // One answer reaches each of them in a conversation of their own, once however often it is pressed.
    const { version } = (await api(path)).json();
    const words = { version, language: 'en', text: 'We have read your letter. A meeting is being prepared canary-reply', state: 'acknowledged' };
    const pressed = await Promise.all([api(`${path}/answers`, words), api(`${path}/answers`, words)]);
    assert.deepEqual(pressed.map((answer) => answer.status).sort(), [200, 409]);
    assert.equal(pressed.find((answer) => answer.status === 200).json().cases, group.cases);
    await until(async () => !(await api(path)).json().under_way, { ms: 30_000, every: 300, what: 'an answer to each' });
    const told = await Promise.all(receipts.map((receipt) => ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })));
    for (const answer of told) {
      const thread = answer.json();
      assert.equal(thread.state, 'acknowledged');
      assert.deepEqual(thread.messages.map((message) => message.from), ['you', 'staff']);
      assert.doesNotMatch(answer.text, /group|alike|other|dam and the river/i, 'nothing tells that there are others');
    }
    // She may take the others where she holds one; one that does not belong there is taken out.
    assert.equal((await api(`${path}/take`, {})).status, 403);
    await page.goto(house.urls.console + path);
    await picture(page, 'group');
    assert.ok(await fits(page));
    const out = await api(`/cases/${group.items[0].case}/leave`, { reason: 'Another village' });
    assert.equal(out.status, 200, out.text);
    assert.equal((await api(path)).json().cases, group.cases - 1);
    assert.equal((await api(`/cases/${group.items[0].case}`)).json().group, null);
  });

  it('registers a man who came in person and prints his receipt', async () => {
    await page.goto(`${house.urls.console}/walkin`);
    await page.fill('[name=text]', 'The clinic system will lose my file canary-walkin');
    await page.selectOption('[name="answers.ongoing"]', { label: 'Not yet, but they fear it' });
    await page.selectOption('[name="answers.likelihood"]', { label: 'May happen: likely' });
    await page.click('form[action="/walkin"] button.main');
    const digits = (await page.textContent('main')).match(/(\d{4} ){6}\d{4}/)[0];
    const answer = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: digits } });
    assert.equal(answer.status, 200, answer.text);
    await page.click('main a[href^="/cases/"]');
    assert.match(await page.textContent('main'), /Has it happened\?\s*Not yet, but they fear it[\s\S]*May happen: likely/);
  });

  it('Arabic, dark and narrow fit too', async () => {
    const arabic = await chromium.visit({ locale: 'ar', width: 320, scheme: 'dark' });
    await signIn(arabic);
    assert.equal(await arabic.getAttribute('html', 'dir'), 'rtl');
    assert.ok(await fits(arabic));
    await picture(arabic, 'queue-ar-dark');
    await arabic.context().close();
  });

  it('a stranger, a forged form and a foreign page get nowhere', async () => {
    const nobody = await ask(`${house.urls.console}/queue`);
    assert.ok([302, 303, 401].includes(nobody.status));
    const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
    const take = (body, headers = {}) => ask(`${house.urls.console}/queue/take`, { body, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers } });
    assert.equal((await take('csrf=forged')).status, 403);
    assert.equal((await take('')).status, 403);
    assert.equal((await ask(`${house.urls.console}/api/v1/queue`, { headers: { cookie } })).status, 401, 'the API knows no cookies');
    assert.equal((await ask(`${house.urls.console}/api/v1/queue`, { headers: { authorization: 'Bearer rct-forged' } })).status, 401);
  });

  it('what is found stands on pages of 25', async () => {
    for (let i = 0; i < 30; i++) await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'suggestion', language: 'en', text: `a pedestrian crossing, number ${i}` } });
    const count = async () => {
      await page.goto(`${house.urls.console}/search`);
      await page.fill('[name=words]', 'pedes* crossing');
      await Promise.all([page.waitForNavigation(), page.click('#find button.main')]);
      return /30 cases found/.test(await page.textContent('main'));
    };
    await until(count, { every: 300, what: 'all of them' });
    const first = await page.locator('li.card a').evaluateAll((all) => all.map((a) => a.href));
    assert.equal(first.length, 25);
    await Promise.all([page.waitForNavigation(), page.click('.pager button[name=after]')]);
    const second = await page.locator('li.card a').evaluateAll((all) => all.map((a) => a.href));
    assert.equal(new Set([...first, ...second]).size, 30, 'each once');
    await Promise.all([page.waitForNavigation(), page.click('.pager button[name=after]')]);
    assert.equal(await page.locator('li.card').count(), 25);
    const queue = async (query) => ask(`${house.urls.console}/api/v1/queue?${query}`, { headers: { authorization: `Bearer ${house.token(house.officer.name)}` } });
    const suggestions = (await queue('filter.kind=suggestion&after=25')).json();
    assert.deepEqual([suggestions.total, suggestions.items.length], [30, 5], 'a lane takes the same filters');
    assert.ok(suggestions.items.every(({ kind }) => kind === 'suggestion'));
    assert.equal((await queue('filter.language=xx')).json().total, 0);
  });

  it('signing out ends the session', async () => {
    const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
    await page.goto(`${house.urls.console}/queue`);
    await page.click('form[action="/signout"] button');
    const again = await ask(`${house.urls.console}/queue`, { headers: { cookie } });
    assert.notEqual(again.status, 200);
  });
});
