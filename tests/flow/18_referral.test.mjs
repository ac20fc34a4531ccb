// Referral to another mechanism: a directory whose certificates two people confirm; a question to the person, answered on their
// page; a part of what they wrote, cut and sealed for the receiver, opened with the receiver's own tools; what became of it; and
// consent taken back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';

const CANARIES = ['canary-kiln', 'canary-daniel', 'canary-inspect', 'canary-threat'];
const STORY = 'They lock the canary-kiln at night and Daniel canary-daniel, 0712 345 678, has the key';

describe('referral to another mechanism', () => {
  let house, folder, chromium, amina, joseph, person, receipt, id, receiver, text;

  const asStaff = (token) => (path, body, method) =>
    ask(`${house.urls.console}/api/v1${path}`, { body, method: method ?? (body ? 'POST' : 'GET'), headers: { authorization: `Bearer ${token}` } });
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Joseph', '--role', 'officer');
    amina = asStaff(house.token(house.officer.name));
    joseph = asStaff(house.token('Joseph'));
    folder = mkdtempSync(join(tmpdir(), 'rc-referral-'));
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Inspectorate', '-days', '30', '-keyout', 'key.pem', '-out', 'certificate.pem');
    const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: STORY, read_back: true } });
    receipt = answer.json().receipt;
    id = await until(async () => (await amina('/queue')).json().items[0]?.case, { what: 'the case' });
    chromium = await openBrowser();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('nothing can be sealed to a certificate before somebody else has heard its fingerprint', async () => {
    const place = { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', contact: 'canary-inspect', certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8') };
    assert.equal((await amina('/receivers', { ...place, certificate: 'x' })).json().field, 'certificate');
    assert.equal((await amina('/receivers', { ...place, mechanism: 'friend' })).json().field, 'mechanism');
    const made = await amina('/receivers', place);
    assert.equal(made.status, 201, made.text);
    receiver = made.json().receiver;
    const fingerprint = openssl('x509', '-in', 'certificate.pem', '-noout', '-fingerprint', '-sha256').split('=')[1].trim();
    const check = (who, said, version = 1) => who(`/receivers/${receiver}/check`, { version, fingerprint: said, how: 'Called the switchboard' });
    assert.equal((await check(amina, fingerprint)).status, 403, 'nobody is their own second');
    assert.equal((await joseph(`/receivers/${receiver}`)).json().certificate.sha256, undefined, 'it comes from the receiver');
    const leaves = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.audit_leaf').trim());
    const logged = leaves();
    assert.equal((await check(joseph, fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).json().field, 'fingerprint');
    assert.equal(leaves(), logged + 1, 'a fingerprint that is not right is in the log');
    assert.equal((await joseph('/receivers?ready=yes')).json().total, 0);
    assert.equal((await check(joseph, fingerprint)).status, 200);
    const listed = (await joseph('/receivers?ready=yes&class=state&jurisdiction=nairobi')).json();
    assert.deepEqual(listed.items.map((one) => [one.receiver, one.lacks]), [[receiver, undefined]]);
    assert.equal((await check(joseph, fingerprint)).status, 409, 'it is confirmed already, and another version');
    // Somebody who saw an older version changes nothing.
    assert.equal((await amina(`/receivers/${receiver}`, { ...place, version: 1, certificate: undefined })).status, 409);
  });

  it('the person is asked on their page, and says yes', async () => {
    const words = { receiver, purpose: 'That somebody inspects it', what: 'That people are locked in at night. Not your name.' };
    assert.equal((await amina(`/cases/${id}/consent`, { ...words, receiver: id })).status, 404, 'no such place');
    assert.deepEqual((await amina(`/cases/${id}/consent`, words)).json(), { consent: 1 });
    person = await chromium.visit({ locale: 'sw' });
    await person.goto(`${house.urls.intake}/receipt`);
    await person.fill('#receipt', receipt);
    await person.click('#look');
    assert.match(await person.textContent('#questions'), /Labour inspectorate[\s\S]*That somebody inspects it[\s\S]*locked in at night/);
    assert.ok(await fits(person), 'on a small phone');
    await picture(person, 'consent-asked');
    await person.click('#questions button[value="agree:1"]');
    await until(async () => (await amina(`/cases/${id}`)).json().consents[0].answer === 'yes', { what: 'the answer' });
    assert.equal((await amina(`/cases/${id}/consent/answer`, { consent: 1, answer: 'no', how: 'x' })).status, 409, 'nobody else says no to it');
  });

  it('a part of it is chosen and cut; what may tell who somebody is has to be looked at before it is approved', async () => {
    const page = await chromium.visit({ width: 1280, height: 900 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    await page.goto(`${house.urls.console}/cases/${id}`);
    await page.click('#draft summary');
    await page.check('#draft input[name=messages][value="1"]');
    await page.fill('#draft [name=text]', 'Please come at night.');
    await page.click('#draft button.main');
    assert.match(page.url(), /referral=1&said=drafted/);
    const marked = async () => (await page.locator('#warnings mark').allTextContents()).sort();
    assert.deepEqual(await marked(), ['0712 345 678', 'Daniel']);
    assert.equal(await page.locator('#approve').count(), 0);
    assert.equal((await amina(`/cases/${id}/referral/approve`, { referral: 1, edition: 1, reason: 'x' })).status, 409);
    const draft = await page.inputValue('#text textarea');
    await page.fill('#text textarea', draft.replace(/ and Daniel.*/, '; Daniel has the key'));
    await page.click('#text button.main');
    assert.deepEqual(await marked(), ['Daniel']);
    await page.check('#warnings input');
    await picture(page, 'referral-draft');
    await page.click('#text button.main');
    text = await page.inputValue('#text textarea');
    assert.match(text, /^Reference: [a-z]{4}-[a-z]{4}\n\nThey lock the canary-kiln at night; Daniel has the key\n\nPlease come at night\.\n$/);
    assert.equal((await joseph(`/cases/${id}/referral`, { referral: 1, edition: 1, text: 'x' })).status, 409, 'somebody edited it since');
    await page.fill('#approve textarea', 'They inspect at night');
    await page.click('#approve button');
    assert.match(page.url(), /said=approved/);
    const [download] = await Promise.all([page.waitForEvent('download'), (async () => {
      await page.fill('#send input[name=reason]', 'By their own upload page');
      await page.click('#send button');
    })()]);
    assert.equal(download.suggestedFilename(), 'message.p7m');
    await download.saveAs(join(folder, 'sent.p7m'));
    // From now on the receiver has a fortnight to say whether they take it on; the page of the case and that of referrals say so.
    const days = (iso) => Math.round((new Date(iso) - Date.now()) / 86_400_000);
    const sent = (await joseph('/referrals')).json().items[0];
    assert.deepEqual([days(sent.answer_due), sent.waits, sent.late], [14, true, false]);
    const stage = (await amina(`/cases/${id}`)).json().deadlines.find((one) => one.stage === 'receiver');
    assert.deepEqual([stage.due, stage.reached, stage.late], [sent.answer_due, null, false]);
    for (const path of ['/referrals', `/cases/${id}`]) {
      await page.goto(`${house.urls.console}${path}`);
      assert.match(await page.textContent('main'), /Their answer is due[\s\S]*in 1[34] days/, path);
    }
    await page.close();
  });

  it('the receiver opens it with their own tools, and finds what was chosen and nothing else', async () => {
    openssl('cms', '-decrypt', '-inform', 'DER', '-in', 'sent.p7m', '-inkey', 'key.pem', '-recip', 'certificate.pem', '-binary', '-out', 'opened');
    const opened = readFileSync(join(folder, 'opened'), 'utf8');
    assert.equal(opened, text);
    for (const cut of ['canary-daniel', '0712', id]) assert.ok(!opened.includes(cut), cut);
    assert.equal(readFileSync(join(folder, 'sent.p7m')).includes('kiln'), false);
  });

  it('what became of it stands on the page of the person, and a yes that is taken back is something to do', async () => {
    assert.equal((await joseph(`/cases/${id}/referral/note`, { referral: 1, status: 'recalled', words: 'x', on: '2026-13-01' })).status, 400);
    assert.equal((await joseph(`/cases/${id}/referral/note`, { referral: 1, status: 'dropped', words: 'x' })).status, 409, 'it was sent');
    assert.equal((await joseph(`/cases/${id}/referral/note`, { referral: 1, status: 'accepted', words: 'They come on Monday' })).status, 200);
    assert.equal((await joseph('/referrals')).json().total, 0, 'nothing is to do');
    assert.ok((await amina(`/cases/${id}`)).json().deadlines.find((one) => one.stage === 'receiver').reached, 'they answered');
    await person.goto(`${house.urls.intake}/receipt`);
    await person.fill('#receipt', receipt);
    await person.click('#look');
    assert.match(await person.textContent('#passed'), /Labour inspectorate[\s\S]*They come on Monday/);
    assert.match(await person.textContent('article details'), /Labour inspectorate[\s\S]*Daniel has the key[\s\S]*Please come at night/);
    assert.ok(await fits(person), 'on a small phone');
    await picture(person, 'referral-told');
    await person.click('#agreed button[value="revoke:1"]');
    const listed = await until(async () => (await joseph('/referrals')).json().items[0], { what: 'something to do' });
    assert.deepEqual([listed.case, listed.n, listed.wants_recall], [id, 1, true]);
    assert.equal((await amina(`/cases/${id}/referral/send`, { referral: 1, reason: 'again' })).status, 409);
    assert.equal((await joseph(`/cases/${id}/referral/note`, { referral: 1, status: 'recalled', words: 'Told them on the telephone' })).status, 200);
    assert.equal((await joseph('/referrals')).json().total, 0);
    const told = (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json();
    assert.deepEqual(told.referrals.map((one) => [one.to, one.status]), [['Labour inspectorate', 'recalled']]);
    assert.equal(told.messages.filter((one) => one.passed_on)[0].text, text);
  });

  it('whoever chose to hide their own words is not shown them in a packet either', async () => {
    const hidden = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'the canary-kiln again' } })).json().receipt;
    const other = await until(async () => (await amina('/queue')).json().items.find((one) => one.case !== id)?.case, { what: 'the other case' });
    await amina(`/cases/${other}/consent/answer`, { receiver, purpose: 'An inspection', what: 'x', answer: 'yes', how: 'In person' });
    const { referral, edition } = (await amina(`/cases/${other}/referrals`, { consent: 1, messages: ['1'] })).json();
    assert.equal((await amina(`/cases/${other}/referral/approve`, { referral, edition, reason: 'They inspect' })).status, 200);
    assert.equal((await amina(`/cases/${other}/referral/send`, { referral, reason: 'By courier' })).status, 200);
    const told = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: hidden } });
    assert.deepEqual(told.json().referrals.map((one) => [one.to, one.hidden]), [['Labour inspectorate', true]]);
    assert.ok(!told.text.includes('kiln'));
  });

  it('without consent it takes a ground and a second person, and the person reads it', async () => {
    const draft = { receiver, purpose: 'To get him out', messages: ['1'] };
    assert.equal((await amina(`/cases/${id}/referrals`, draft)).status, 400, 'a ground');
    assert.equal((await amina(`/cases/${id}/referrals`, { ...draft, ground: 'He may be killed tonight', messages: ['99'] })).status, 400, 'no such message');
    const made = await amina(`/cases/${id}/referrals`, { ...draft, ground: 'He may be killed tonight' });
    assert.deepEqual(made.json(), { referral: 2, edition: 1 }, made.text);
    const { warnings, text: written } = (await amina(`/cases/${id}/referral?referral=2`)).json();
    const edit = await amina(`/cases/${id}/referral`, { referral: 2, edition: 1, text: written, confirm: warnings.map((one) => one.id) });
    assert.equal(edit.json().edition, 2, edit.text);
    const approve = await amina(`/cases/${id}/referral/approve`, { referral: 2, edition: 2, reason: 'Tonight' });
    assert.equal(approve.json().waits_for_second, true, approve.text);
    assert.equal((await amina(`/cases/${id}/referral/send`, { referral: 2, reason: 'now' })).status, 409);
    assert.equal((await amina(`/cases/${id}/second`, { what: 'referral', confirm: true, reason: 'x' })).status, 403, 'nobody is their own second');
    assert.equal((await joseph('/second')).json().items[0].case, id);
    assert.equal((await joseph(`/cases/${id}/second`, { what: 'referral', confirm: true, reason: 'There is no time' })).status, 200);
    const sent = await amina(`/cases/${id}/referral/send`, { referral: 2, reason: 'By courier' });
    assert.deepEqual([sent.status, sent.headers['content-type']], [200, 'application/pkcs7-mime']);
    const told = (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json();
    assert.equal(told.referrals[1].ground, 'He may be killed tonight');
    // A receiver that is in use no more gets nothing, whoever agrees.
    assert.equal((await amina(`/receivers/${receiver}/end`, { reason: 'They closed' })).status, 200);
    assert.equal((await amina(`/cases/${id}/referral/send`, { referral: 2, reason: 'again' })).json().detail, 'It is in use no more.');
  });

  it('the one that it is about reads an approved packet and nothing else, and replies', async () => {
    const impact = (await amina('/impacts', { title: 'Locked in', what: 'Workers are locked in', state: 'actual' })).json().impact;
    const { entity } = (await amina(`/impacts/${impact}/entities`, { name: 'The works' })).json();
    const words = { respondent: `${impact}/${entity}`, purpose: 'That they answer', what: 'That people are locked in' };
    assert.equal((await amina(`/cases/${id}/consent`, words)).status, 404, 'the case is not linked to it');
    await amina(`/cases/${id}/impacts`, { impact, confirm: true, reason: 'The same' });
    assert.deepEqual((await amina(`/cases/${id}`)).json().respondents.map((one) => one.respondent), [words.respondent]);
    assert.equal((await amina(`/cases/${id}/consent`, { ...words, receiver })).status, 400, 'one of the two');
    const { consent } = (await amina(`/cases/${id}/consent/answer`, { ...words, answer: 'yes', how: 'On the telephone' })).json();
    const { referral } = (await amina(`/cases/${id}/referrals`, { consent, text: 'people are locked in at night' })).json();
    const at = `/cases/${id}/referral`;
    assert.equal((await amina(`${at}/approve`, { referral, edition: 1, reason: 'They have to answer' })).json().waits_for_second, true);
    assert.equal((await joseph(`/cases/${id}/second`, { what: 'referral', confirm: true, reason: 'Nothing tells who said it' })).status, 200);
    const file = await amina(`${at}/send`, { referral, reason: 'By hand' });
    assert.deepEqual([file.status, file.headers['content-type'], file.text], [200, 'text/plain; charset=utf-8', (await amina(`${at}?referral=${referral}`)).json().text]);
    assert.equal((await amina(`${at}/note`, { referral, status: 'replied', words: 'canary-threat', on: '2026-11-25T08:00:00Z' })).status, 200);
    const told = await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } });
    assert.equal(told.json().referrals.at(-1).status, 'replied');
    assert.ok(!told.text.includes('canary-threat'), 'that there is a reply, not what it says');
  });
});
