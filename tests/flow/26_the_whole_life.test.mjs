// The whole life of a case, in a browser without scripts and on one telephone: it comes as a text, words of danger raise it and
// the one on call is told; it is taken, looked at and assessed, linked to an impact, put together with two web reports, referred in
// part; something is done; a remedy is offered by text, refused, improved, delivered, and verified by the person. (The life of a
// complaint about a member of staff: 17_about_staff.)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, processesOf, until } from '../support/installation.mjs';
import { admit } from '../support/staff.mjs';
import { openBrowser, picture } from '../support/browser.mjs';

const ON_CALL = '+254700123456', PERSON = '+254733000888';
const CANARIES = ['canary-brick', 'canary-neighbour', 'canary-passport', 'canary-relieved', ON_CALL, PERSON];
const STORY = 'They will kill us if we talk, the boss at the kiln keeps our passports canary-brick';
const day = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);

describe('the whole life of a case', () => {
  let house, kannel, key, folder, chromium, page, amina, joseph, id, impact, group;
  const sent = [], others = [];
  const to = (number) => sent.filter((one) => one.to === number).map((one) => one.text);
  const asStaff = (token) => (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const shown = async () => (await amina(`/cases/${id}`)).json();
  const becomes = (state) => until(async () => (await shown()).state === state, { what: state });
  const texts = async (mid, words) =>
    assert.equal((await ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=${mid}&time=1795335793`, { body: words, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': PERSON, 'x-kannel-to': '12345' } })).status, 200);
  const caseUrl = () => `${house.urls.console}/cases/${id}`;
  const said = async (what, path, body, who = amina) => {
    const answer = await who(path, body);
    assert.ok(answer.status < 300, `${what}: ${answer.status} ${answer.text}`);
    return answer.text ? answer.json() : {};
  };

  before(async () => {
    // Stands where Kannel's sendsms stands, and writes down what it is asked. (Kannel itself is in 10_.)
    kannel = createServer((req, res) => {
      let body = '';
      req.on('data', (piece) => (body += piece));
      req.on('end', () => {
        sent.push({ to: req.headers['x-kannel-to'], text: body });
        res.writeHead(202, { 'content-type': 'text/plain' });
        res.end('0: Accepted for delivery');
      });
    }).listen(0, '127.0.0.1');
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', `http://127.0.0.1:${kannel.address().port}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[alarm]\nchannel = kannel\nlanguage = en\nrepeat_s = 60\ngather_s = 1\n');
    await house.start();
    // A week is long for a test: the desk's vault begins again with another wait.
    const ini = join(house.dir, 'etc/vault-usual.ini');
    writeFileSync(ini, readFileSync(ini, 'utf8').replace('[desk]', '[desk]\nwish_wait_s = 1'));
    for (const { pid, command } of processesOf(house.dir)) if (/recourse-vault .*vault-usual/.test(command)) process.kill(pid, 'SIGKILL');
    key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    house.officer = { name: 'Amina', password: await until(() => { try { return admit(house, 'Amina', 'officer'); } catch { return null; } }, { every: 300, what: 'the vault' }) };
    admit(house, 'Joseph', 'officer');
    amina = asStaff(house.token('Amina'));
    joseph = asStaff(house.token('Joseph'));
    folder = mkdtempSync(join(tmpdir(), 'rc-whole-'));
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Inspectorate', '-days', '30', '-keyout', 'key.pem', '-out', 'certificate.pem');
    chromium = await openBrowser();
    page = await chromium.visit({ width: 1280, height: 900 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', 'Amina');
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    await page.goto(`${house.urls.console}/oncall`);
    await page.fill('form[action="/oncall"] [name=name]', 'Amina');
    await page.fill('form[action="/oncall"] [name=to]', ON_CALL);
    await page.fill('form[action="/oncall"] [name=password]', house.officer.password);
    await page.click('form[action="/oncall"] button.main');
    await until(async () => { await page.goto(`${house.urls.console}/queue`); return !/on call cannot be told|Nobody is on call/.test(await page.textContent('main')); }, { every: 300, what: "the gateway's key" });
  });
  after(async () => {
    kannel.close();
    rmSync(folder, { recursive: true, force: true });
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('arrives as a text; words of danger raise it above what came before, and the one on call is told a number', async () => {
    for (const text of ['My wages of two months are missing canary-neighbour', 'At the kiln they keep the passport of my brother canary-passport']) {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, read_back: true } });
      assert.equal(answer.status, 201, answer.text);
      others.push({ receipt: answer.json().receipt });
    }
    await texts('a-1', STORY);
    await until(() => to(ON_CALL).length > 0, { what: 'the page' });
    assert.match(to(ON_CALL)[0], /^recourse: \d cases? waits? for a look now\. Sign in\. Answer OK \d{6}\.$/);
    const { items } = (await amina('/queue')).json();
    assert.deepEqual([items.length, items[0].channel, items[0].danger_now, items[0].first_rank.danger_now], [3, 'sms', true, true]);
    [, others[0].id, others[1].id] = items.map((item) => item.case);
  });

  it('is the one that is taken next; three taps, and an assessment with its reason', async () => {
    await page.goto(`${house.urls.console}/queue`);
    await page.click('form[action="/queue/take"] button');
    id = page.url().match(/[0-9a-f-]{36}/)[0];
    await page.click('#hard summary');
    assert.match(await page.innerText('#conversation'), /keeps our passports canary-brick/);
    await page.check('#look input[name=danger][value=yes]');
    await page.check('#look input[name=urgency][value=now]');
    await page.click('#look button.main');
    await page.goto(caseUrl());
    if (!(await page.isVisible('#assess [name=reason]'))) await page.click('#assess summary:has-text("Confirm or change")');
    await page.fill('#assess [name=reason]', 'Threatened with death, papers withheld');
    await Promise.all([page.waitForNavigation(), page.click('#assess button.main')]);
    const { state, history } = await shown();
    assert.equal(state, 'assessed', 'who confirms what stands there lowers nothing');
    assert.ok(history.some((line) => line.by === 'Amina'));
  });

  it('is linked to an impact, and worked on together with two who wrote on the web', async () => {
    impact = (await said('the impact', '/impacts', { title: 'Passports withheld at the kiln', what: 'Workers cannot leave', state: 'actual', rights: ['slavery'], reason: 'As they say' })).impact;
    await page.goto(caseUrl());
    await page.selectOption('#links select[name=impact]', impact);
    await page.click('#links form:last-of-type button[value=yes]');
    await page.click('#group summary');
    await page.fill('#group [name=title]', 'The kiln');
    await page.fill('#group [name=reason]', 'The same kiln');
    await page.click('#group button');
    group = page.url().match(/groups\/([0-9a-f-]{36})/)[1];
    for (const other of others) await said('joining', `/cases/${other.id}/join`, { group, reason: 'The same kiln' });
    await said('linking', `/groups/${group}/impacts`, { impact });
    await until(async () => (await amina(`/impacts/${impact}`)).json().count === 3, { what: 'all three linked' });
    for (const { receipt } of others) {
      const { text } = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } });
      assert.doesNotMatch(text, /group|The kiln|canary-brick/, 'nobody learns of the others');
    }
  });

  it('is referred in part, with consent, by two, to whoever has the key', async () => {
    const { receiver } = await said('the place', '/receivers', { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', contact: 'By post', certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8') });
    const fingerprint = openssl('x509', '-in', 'certificate.pem', '-noout', '-fingerprint', '-sha256').split('=')[1].trim();
    await said('the fingerprint', `/receivers/${receiver}/check`, { version: 1, fingerprint, how: 'Called them' }, joseph);
    const count = to(PERSON).length;
    const question = { receiver, purpose: 'An inspection', what: 'That passports are kept. Not who you are.' };
    const { consent } = await said('the question', `/cases/${id}/consent`, question);
    await until(() => to(PERSON).length > count, { what: 'that a question waits' });
    assert.ok(!to(PERSON).at(-1).includes('passport'), 'nothing of what it is about');
    await said('their yes', `/cases/${id}/consent/answer`, { consent, answer: 'yes', how: 'Called back, in her words' });
    const { referral } = await said('the draft', `/cases/${id}/referrals`, { consent, messages: [], text: 'At the kiln passports are withheld. Please inspect.' });
    let draft = (await amina(`/cases/${id}/referral?referral=${referral}`)).json();
    if (draft.warnings?.length) draft = (await said('what may tell', `/cases/${id}/referral`, { referral, edition: draft.edition, text: draft.text, confirm: draft.warnings.map((one) => one.word ?? one.words ?? one.text ?? one) })) && (await amina(`/cases/${id}/referral?referral=${referral}`)).json();
    await said('approved', `/cases/${id}/referral/approve`, { referral, edition: draft.edition, reason: 'They inspect' });
    await said('by two', `/cases/${id}/second`, { what: 'referral', confirm: true, reason: 'Yes' }, joseph);
    await page.goto(`${caseUrl()}/referral?referral=${referral}`);
    await page.fill('#send input[name=reason]', 'By their upload page');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#send button')]);
    await download.saveAs(join(folder, 'sent.p7m'));
    openssl('cms', '-decrypt', '-inform', 'DER', '-in', 'sent.p7m', '-inkey', 'key.pem', '-recip', 'certificate.pem', '-binary', '-out', 'opened');
    const opened = readFileSync(join(folder, 'opened'), 'utf8');
    assert.match(opened, /passports are withheld/);
    assert.doesNotMatch(opened, /kill|canary-brick/, 'nothing that was not chosen');
    await said('what became of it', `/cases/${id}/referral/note`, { referral, status: 'accepted', words: 'They come on Monday' });
  });

  it('something is done about the impact, by whom and until when', async () => {
    const { entity } = await said('the entity', `/impacts/${impact}/entities`, { name: 'Kiln company', involvement: 'cause', said_by: 'Workers' });
    await said('the action', `/impacts/${impact}/actions`, { entity, type: 'cease', what: 'Give every passport back', due: `${day(10)}T12:00:00Z`, indicator: 'Every worker holds a passport', consulted: 'yes', consultation: 'Two of them' });
    await said('the answer', `/cases/${id}/answers`, { text: 'We speak with the company', language: 'en', state: 'in_action' });
    await page.goto(`${house.urls.console}/actions`);
    assert.match(await page.textContent('main'), /Give every passport back/);
  });

  it('a remedy is offered by text, refused by text, and a better one accepted', async () => {
    const count = to(PERSON).length;
    await page.goto(caseUrl());
    await page.click('#offer summary');
    await page.check('#offer [name=types][value=money]');
    await page.fill('#offer [name=what]', '100');
    await page.fill('#offer [name=text]', 'The company pays 100 and gives the passport back.');
    await Promise.all([page.waitForNavigation(), page.click('#offer button.main')]);
    await until(() => to(PERSON).slice(count).some((text) => /pays 100[\s\S]*Reply YES or NO/.test(text)), { what: 'the offer as a text' });
    await texts('a-2', 'no');
    await becomes('declined');
    await said('a better one', `/cases/${id}/offer`, { types: ['money', 'apology_private'], what: 'All wages', by: day(5), text: 'All wages, and the passport today.', language: 'en' });
    await becomes('remedy_offered');
    await texts('a-3', 'YES');
    await becomes('in_action');
    assert.equal((await amina('/remedies')).json().items[0].case, id);
  });

  it('it is delivered, the person is asked and says that it helped; a grave case takes staff too, and is verified', async () => {
    const count = to(PERSON).length;
    await page.goto(caseUrl());
    await page.click('#deliver summary');
    await page.fill('#deliver [name=evidence]', 'Receipt of the bank, and the passport was seen');
    await page.click('#deliver button.main');
    await until(() => to(PERSON).slice(count).some((text) => /help/.test(text)), { what: 'the question' });
    await texts('a-4', 'Yes');
    await until(async () => (await shown()).closing, { what: 'the wish, after its wait' });
    await said('by staff too', `/cases/${id}/second`, { what: 'closing', confirm: true, reason: 'Seen with my own eyes' }, joseph);
    assert.equal((await shown()).state, 'verified');
    const { history, remedies } = await shown();
    assert.deepEqual(history.filter((line) => line.state).map((line) => line.state), ['first_look', 'assessed', 'in_action', 'remedy_offered', 'declined', 'remedy_offered', 'in_action', 'delivered', 'verified']);
    assert.deepEqual(remedies.map((one) => [one.answer.accepted, one.verified?.helped]), [[false, undefined], [true, true]]);
    await page.goto(caseUrl());
    await picture(page, 'case-verified');
    await texts('a-5', 'Thank you canary-relieved');
    await becomes('reopened');
  });
});
