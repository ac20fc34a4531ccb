// The life of a case: decided as unfounded with reasons, read by the person on a small phone, reviewed by someone else because they
// ask, open again, solved by the person after the wait; a remedy offered, accepted, delivered and found to help. A grave case ends only with two, the second from outside. Officers skip,
// hand over and watch.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, processesOf, startInstallation, until } from '../support/installation.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';

const REPORTS = {
  app: { text: 'The app closed my account canary-baobab', read_back: true },
  grave: { text: 'They beat him every day canary-tamarind', answers: { danger_now: 'yes' } },
};
const CANARIES = ['canary-baobab', 'canary-tamarind', 'canary-register', 'canary-court', 'canary-again', 'canary-agreed', 'canary-inside', 'canary-moved', 'canary-pay', 'canary-paid', 'canary-came'];

describe('the life of a case', () => {
  let house, chromium, amina, joseph, outside, password;
  const receipts = {}, cases = {};

  const asStaff = (token) => (path, body, method) =>
    ask(`${house.urls.console}/api/v1${path}`, { body, method: method ?? (body ? 'POST' : 'GET'), headers: { authorization: `Bearer ${token}` } });
  const thread = async (which) => (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: receipts[which] } })).json();
  const becomes = (which, state) => until(async () => (await thread(which)).state === state, { what: state });
  const shown = async (who, which) => (await who(`/cases/${cases[which]}`)).json();

  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Joseph', '--role', 'officer');
    password = house.cli('staff', 'add', '--name', 'Ombuds', '--role', 'reviewer').trim().split('\n').pop();
    amina = asStaff(house.token(house.officer.name));
    joseph = asStaff(house.token('Joseph'));
    outside = asStaff(house.token('Ombuds'));
    for (const [name, report] of Object.entries(REPORTS)) {
      const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', ...report } });
      assert.equal(answer.status, 201, answer.text);
      receipts[name] = answer.json().receipt;
    }
    await until(async () => (await amina('/queue')).json().total === 2, { what: 'both cases' });
    chromium = await openBrowser();
  });
  after(async () => {
    await chromium?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  const signIn = async (name, secret) => {
    const page = await chromium.visit({ width: 1280, height: 900 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', name);
    await page.fill('input[name=password]', secret);
    await page.click('form[action="/signin"] button');
    return page;
  };
  const phone = async (which, locale = 'ar') => {
    const page = await chromium.visit({ locale });
    await page.goto(`${house.urls.intake}/receipt`);
    await page.fill('#receipt', receipts[which]);
    await page.click('#look');
    return page;
  };

  it('skipping says why: the case goes back, for now not to her, and the skip is counted', async () => {
    cases.grave = (await amina('/queue/take', {}, 'POST')).json().case;
    assert.equal((await thread('grave')).state, 'first_look');
    assert.equal((await joseph(`/cases/${cases.grave}/skip`, { reason: 'x' })).status, 403, 'he does not hold it');
    assert.equal((await amina(`/cases/${cases.grave}/skip`, {})).status, 400, 'a reason is needed');
    assert.equal((await amina(`/cases/${cases.grave}/skip`, { reason: 'I know the family canary-inside' })).status, 200);
    cases.app = (await amina('/queue/take', {}, 'POST')).json().case;
    assert.notEqual(cases.app, cases.grave, 'the gravest is not given to her now');
    assert.equal((await amina('/queue/take', {}, 'POST')).status, 204);
    const his = (await joseph('/queue/take', {}, 'POST')).json();
    assert.equal(his.case, cases.grave);
    assert.equal(his.skips.length, 1);
    assert.equal(his.skips[0].reason, 'I know the family canary-inside');
  });

  it('what has to be done by when stands on the case: danger within the hour, and working days are the office\'s own', async () => {
    const stages = async (which) => Object.fromEntries((await shown(amina, which)).deadlines.map((one) => [one.stage, one]));
    const hours = (stage, item) => Math.round((Date.parse(stage.due) - Date.parse(item.arrived)) / 3_600_000);
    const item = await shown(amina, 'grave');
    const grave = await stages('grave');
    assert.deepEqual([grave.look, grave.contact, grave.acknowledge].map((stage) => hours(stage, item)), [1, 2, 7 * 24], 'two hours before what cannot be undone in four');
    assert.ok(Object.values(grave).every(({ reached, late }) => reached === null && !late), 'to have taken it is not to have looked');
    assert.equal(item.due, grave.look.due, 'the queue goes by what is next');
    const app = await stages('app');
    assert.ok(app.outcome.due > app.acknowledge.due);
    assert.equal((await amina(`/cases/${cases.app}/look`, { danger: 'no', urgency: 'later' })).status, 200);
    assert.ok((await stages('app')).look.reached);
    const page = await signIn(house.officer.name, house.officer.password);
    await page.goto(`${house.urls.console}/cases/${cases.app}`);
    assert.match(await page.textContent('#deadlines'), /how urgent it is[\s\S]*Done[\s\S]*Told that it was read[\s\S]*in [67] days/);
    await picture(page, 'deadlines');
    await page.goto(`${house.urls.console}/figures`);
    assert.match(await page.textContent('#deadlines'), /how urgent it is\s*0\s*1\s*First/, 'the grave one, within the hour');
    assert.ok(await fits(page));
    // The same on the wall: what came in today, by its door, and the first looks that were in time.
    await page.goto(`${house.urls.console}/dashboard`);
    const today = page.locator('#days .numbers tbody tr').last();
    assert.equal((await today.locator('td').allTextContents()).reduce((sum, n) => sum + Number(n), 0), Object.keys(cases).length);
    assert.match(await page.textContent('#kept .numbers'), /how urgent it is\s*1\s*0/);
    assert.match(await page.textContent('.tile >> nth=0'), /^\s*[1-9]/, 'the grave one cannot be undone within a day');
    await page.goto(`${house.urls.console}/queue?filter.mine=yes&filter.kind=grievance`);
    assert.equal(await page.locator('.narrowed .tag').count(), 2);
    assert.deepEqual(await page.locator('section.lane h2 .tag').allTextContents(), ['0', '0'], 'what one holds stands in no lane that waits');
    await page.goto(`${house.urls.console}/work`);
    assert.ok((await page.locator('#held li.card').count()) > 0);
    await page.goto(`${house.urls.console}/settings`);
    assert.match(await page.textContent('main'), /Saturday\s*Sunday/);
    await page.context().close();
  });

  it('he hands it over, and she may give it back; who watches sees what changed', async () => {
    assert.equal((await joseph(`/cases/${cases.grave}/hand_over`, { to: 'Ombuds', reason: 'x' })).status, 404, 'no officer');
    assert.equal((await joseph(`/cases/${cases.grave}/hand_over`, { to: house.officer.name, reason: 'She speaks Swahili' })).status, 200);
    assert.ok((await amina('/queue?lane=mine')).json().items.some((item) => item.case === cases.grave));
    assert.equal((await shown(amina, 'grave')).handed.reason, 'She speaks Swahili');
    assert.equal((await joseph(`/cases/${cases.grave}/watch`, { on: true })).status, 200);
    const watched = async () => (await joseph('/queue?lane=watched')).json().items;
    assert.deepEqual((await watched()).map((item) => [item.case, item.is_news]), [[cases.grave, false]]);
    assert.equal((await amina(`/cases/${cases.grave}/return`, { reason: 'On leave from tomorrow' })).status, 200);
    assert.deepEqual((await watched()).map((item) => [item.is_news, item.last.what]), [[true, 'Given back']]);
    assert.deepEqual((await amina('/queue?lane=watched')).json().items, []);
  });

  it('she decides that it is unfounded: with reasons, and with the ways that stay open', async () => {
    const page = await signIn(house.officer.name, house.officer.password);
    const late = await page.context().newPage();
    for (const tab of [page, late]) await tab.goto(`${house.urls.console}/cases/${cases.app}`);
    await page.click('#decide summary');
    await page.selectOption('#decide select[name=state]', 'unfounded');
    await page.fill('#decide textarea[name=reason]', 'Not in the register');
    await page.fill('#decide textarea[name=text]', 'Your account is not in the register canary-register');
    await page.click('#decide button.main');
    assert.match(await page.textContent('body'), /which other remedies stay open/, 'an ending without them is refused');
    await page.goBack();
    if (!(await page.isVisible('#decide textarea[name=open_remedies]'))) await page.click('#decide summary');
    await page.selectOption('#decide select[name=state]', 'unfounded');
    await page.fill('#decide textarea[name=reason]', 'Not in the register');
    await page.fill('#decide textarea[name=text]', 'Your account is not in the register canary-register');
    await page.fill('#decide textarea[name=open_remedies]', 'The consumer court canary-court');
    await page.click('#decide button.main');
    assert.match(await page.textContent('#decisions'), /Unfounded[\s\S]*Not in the register/);
    assert.equal(await page.locator('#skip').count(), 0, 'she holds it no more');
    assert.ok((await shown(amina, 'app')).deadlines.every(({ reached, late }) => reached && !late), 'nothing is due any more');
    await picture(page, 'decision');
    // Whoever looked at the case before that is told what happened meanwhile, and by whom.
    await late.click('#decide summary');
    await late.selectOption('#decide select[name=state]', 'referred');
    for (const name of ['reason', 'text', 'open_remedies']) await late.fill(`#decide textarea[name=${name}]`, 'To the ministry');
    await late.click('#decide button.main');
    assert.match(await late.textContent('#changed'), /Unfounded[\s\S]*officer/);
    assert.equal(await late.inputValue('textarea[name=text]'), 'To the ministry', 'what was typed is not lost');
    await page.context().close();
  });

  it('the person reads why, on a small phone in Arabic, and asks for a review', async () => {
    const page = await phone('app');
    const text = await page.textContent('main, body');
    assert.ok(text.includes('canary-register') && text.includes('canary-court'), text);
    assert.ok(await fits(page));
    await picture(page, 'decision-read-ar');
    await page.fill('#why', 'I have the contract canary-again');
    await page.click('#review');
    assert.ok(await fits(page));
    await page.context().close();
    await becomes('app', 'under_review');
    assert.deepEqual((await thread('app')).can.filter((act) => !act.startsWith('hide:')), ['add', 'solved', 'withdraw', 'erase'], 'once');
  });

  it('who decided is not given the review and cannot decide it; another is, and opens the case again', async () => {
    assert.equal((await joseph('/queue/take', {}, 'POST')).json().case, cases.grave);
    assert.equal((await amina('/queue/take', {}, 'POST')).status, 204, 'a review of her own decision is not for her');
    const decision = { state: 'reopened', reason: 'The contract names him', text: 'We look again canary-agreed', language: 'en' };
    assert.equal((await amina(`/cases/${cases.app}/decision`, decision)).status, 403);
    const taken = (await joseph('/queue/take', {}, 'POST')).json();
    assert.equal(taken.case, cases.app);
    assert.equal((await joseph(`/cases/${cases.app}/hand_over`, { to: house.officer.name, reason: 'x' })).status, 403);
    assert.equal((await joseph(`/cases/${cases.app}/decision`, { ...decision, version: taken.version - 1 })).status, 409, 'someone was faster');
    const done = await joseph(`/cases/${cases.app}/decision`, { ...decision, version: taken.version });
    assert.equal(done.status, 200, done.text);
    const after = await shown(amina, 'app');
    assert.deepEqual(after.first_rank, taken.first_rank, 'it keeps its first rank');
    assert.equal(after.decisions.at(-1).final, true);
    assert.equal((await thread('app')).state, 'reopened');
  });

  it('the person says that it is solved; it waits in their sight, can be taken back, and ends after the wait', async () => {
    // Seven days are too long for a test: this desk waits two seconds.
    const ini = join(house.dir, 'etc/vault-usual.ini');
    const says = readFileSync(ini, 'utf8');
    assert.match(says, /\[desk\]/);
    const solve = async () => {
      const page = await phone('app', 'en');
      await page.click('#solved');
      assert.match(await page.textContent('h1'), /seven days/);
      await page.context().close();
      await until(async () => (await thread('app')).wish, { what: 'the wish' });
    };
    await solve();
    const week = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    assert.deepEqual((await thread('app')).wish, { act: 'solved', until: week });
    assert.equal((await shown(joseph, 'app')).wish.act, 'solved', 'staff see it too');
    const page = await phone('app', 'sw');
    assert.ok(await page.isVisible('#wish'));
    await page.click('#keep');
    await page.context().close();
    await until(async () => !(await thread('app')).wish, { what: 'taking it back' });
    assert.equal((await thread('app')).state, 'reopened');

    writeFileSync(ini, says.replace('[desk]', '[desk]\nwish_wait_s = 2'));
    for (const { pid, command } of processesOf(house.dir)) if (/recourse-vault .*vault-usual/.test(command)) process.kill(pid, 'SIGKILL');
    await until(async () => (await amina('/queue')).status === 200, { what: 'the vault again' });
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: receipts.app, act: 'solved' } })).status, 201);
    await becomes('app', 'verified');
    assert.deepEqual((await thread('app')).can.filter((act) => !act.startsWith('hide:')), ['add', 'not_solved', 'erase']);
    await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: receipts.app, text: 'It is closed again' } });
    await becomes('app', 'reopened');
    assert.deepEqual((await shown(amina, 'app')).history.filter((line) => line.state).map((line) => line.state), [
      'first_look', 'unfounded', 'under_review', 'reopened', 'verified', 'reopened',
    ]);
  });

  it('a remedy is offered, accepted on the phone, promised, delivered, and solved when the person says that it helped', async () => {
    const page = await signIn(house.officer.name, house.officer.password);
    const submit = async (form, fields) => {
      await page.goto(`${house.urls.console}/cases/${cases.app}`);
      await page.click(`${form} summary`);
      for (const [name, value] of Object.entries(fields)) await page.fill(`${form} [name=${name}]`, value);
    };
    await submit('#offer', { what: 'The fare of two weeks', by: '2031-01-02', text: 'We pay you back canary-pay' });
    await page.click('#offer button.main');
    assert.match(await page.textContent('main'), /what kind of remedy/);
    await submit('#offer', { what: 'The fare of two weeks', by: '2031-01-02', text: 'We pay you back canary-pay' });
    await page.check('#offer input[value=money]');
    await page.click('#offer button.main');
    assert.match(await page.textContent('#remedies'), /Money[\s\S]*2031-01-02[\s\S]*The fare of two weeks/);
    await becomes('app', 'remedy_offered');
    const handset = await phone('app');
    assert.ok((await handset.textContent('body')).includes('canary-pay') && (await fits(handset)));
    await picture(handset, 'offer-ar');
    await handset.fill('#answer', 'Soon please canary-paid');
    await handset.click('#accept');
    await becomes('app', 'in_action');
    await page.goto(`${house.urls.console}/remedies`);
    assert.match(await page.textContent('li.card'), /Money[\s\S]*Promised by 2031-01-02/);
    assert.ok(await fits(page));
    await picture(page, 'remedies');
    await page.goto(`${house.urls.console}/figures`);
    assert.match(await page.textContent('#remedies'), /promised\s*1\s*In which its day is over\s*0/);
    await submit('#deliver', { evidence: 'The receipt of the bank canary-came' });
    await page.click('#deliver button.main');
    await becomes('app', 'delivered');
    assert.equal((await shown(amina, 'app')).conversation.at(-1).text, 'What we promised should be there now.');
    await page.goto(`${house.urls.console}/remedies`);
    assert.equal(await page.locator('li.card').count(), 0);
    await handset.goto(`${house.urls.intake}/receipt`);
    await handset.fill('#receipt', receipts.app);
    await handset.click('#look');
    await handset.fill('#answer', 'They asked me to sign canary-came');
    await handset.click('#helped');
    await until(async () => (await amina('/queue?lane=assessed')).json().items.some((item) => item.case === cases.app), { what: 'somebody has to read the words beside it' });
    await becomes('app', 'verified');
    await page.goto(`${house.urls.console}/cases/${cases.app}`);
    assert.match(await page.textContent('#remedies'), /Accepted[\s\S]*canary-paid[\s\S]*On their page[\s\S]*canary-came[\s\S]*Asked whether it helped[\s\S]*It helped/);
    await picture(page, 'remedy');
    for (const each of [page, handset]) await each.context().close();
  });

  it('a grave case ends only with two: one asks, and the second, from outside, sees that case and no other', async () => {
    const decision = { state: 'out_of_scope', reason: 'Another country', text: 'This is for the ombudsman canary-moved', open_remedies: 'The ombudsman', language: 'en' };
    const asked = await joseph(`/cases/${cases.grave}/decision`, decision);
    assert.equal(asked.status, 200, asked.text);
    assert.equal(asked.json().waits_for_second, true);
    assert.equal((await thread('grave')).state, 'first_look', 'the person is told nothing yet');
    assert.equal((await joseph(`/cases/${cases.grave}/second`, { what: 'closing', confirm: true, reason: 'me too' })).status, 403, 'nobody is their own second');
    assert.equal((await outside(`/cases/${cases.app}`)).status, 403);
    assert.equal((await outside('/queue')).status, 403);
    assert.deepEqual((await outside('/second')).json().items.map((item) => item.case), [cases.grave]);

    const page = await signIn('Ombuds', password);
    assert.match(page.url(), /\/second$/);
    await page.click('li.card a.open');
    const closing = await page.textContent('#closing');
    for (const part of ['Out of scope', 'Joseph', 'Another country', 'canary-moved', 'The ombudsman']) assert.ok(closing.includes(part), closing);
    await picture(page, 'second');
    await page.fill('#closing textarea[name=reason]', 'The mine is over the border');
    await page.click('#closing button[value=no]');
    assert.match(page.url(), /\/second/);
    assert.equal((await thread('grave')).state, 'first_look', 'refused: it goes on');
    assert.equal((await outside(`/cases/${cases.grave}`)).status, 403, 'and is not theirs to see');

    assert.equal((await joseph(`/cases/${cases.grave}/decision`, decision)).json().waits_for_second, true);
    assert.equal((await outside(`/cases/${cases.grave}/second`, { what: 'closing', confirm: true, reason: 'I saw the map' })).status, 200);
    assert.equal((await thread('grave')).state, 'out_of_scope');
    const { decisions, seconds } = await shown(amina, 'grave');
    assert.deepEqual(decisions.map((d) => [d.state, d.by, d.second, d.second_reason]), [['out_of_scope', 'Joseph', 'Ombuds', 'I saw the map']]);
    assert.deepEqual(seconds.map((s) => [s.by, s.second, s.confirmed]), [['Joseph', 'Ombuds', false], ['Joseph', 'Ombuds', true]]);
    await page.context().close();
  });

  it('a translator sees the one text that was given to her, and nothing else of the case', async () => {
    const secret = house.cli('staff', 'add', '--name', 'Halima', '--role', 'translator').trim().split('\n').pop();
    const halima = asStaff(house.token('Halima'));
    const page = await signIn(house.officer.name, house.officer.password);
    await page.goto(`${house.urls.console}/cases/${cases.grave}`);
    await page.click('#translate summary');
    await page.selectOption('#translate [name=message]', { label: '1 · They beat him every day canary-tamarind' });
    await page.selectOption('#translate [name=to]', 'fr');
    await page.selectOption('#translate [name=translator]', 'Halima');
    await page.fill('#translate [name=note]', 'He means his brother');
    await page.click('#translate button');
    const { items, total } = (await halima('/translations')).json();
    assert.deepEqual([total, items[0].to, items[0].note, items[0].case], [1, 'fr', 'He means his brother', undefined]);
    assert.equal((await halima(`/cases/${cases.grave}`)).status, 403);
    assert.equal((await halima('/queue')).status, 403);
    // On her own page; a colleague of hers has nothing to do with it.
    house.cli('staff', 'add', '--name', 'Zawadi', '--role', 'translator');
    const zawadi = asStaff(house.token('Zawadi'));
    assert.equal((await zawadi('/translations')).json().total, 0);
    assert.equal((await zawadi(`/translations/${items[0].translation}`)).status, 404);
    const hers = await signIn('Halima', secret);
    assert.match(hers.url(), /\/translations$/);
    await hers.click('table.list a');
    assert.match(await hers.textContent('main'), /They beat him every day canary-tamarind/);
    await picture(hers, 'translation');
    await hers.fill('[name=text]', 'Ils le battent tous les jours canary-again');
    await hers.check('[name=method][value=person]');
    await hers.click('form.panel button.main');
    assert.match(await hers.textContent('main'), /There is nothing to translate/);
    assert.equal((await halima(`/translations/${items[0].translation}`)).status, 404, 'done: no longer hers to read');
    await hers.context().close();
    await page.goto(`${house.urls.console}/cases/${cases.grave}`);
    assert.match(await page.textContent('.talk'), /every day canary-tamarind[\s\S]*By a person[\s\S]*Halima[\s\S]*Ils le battent tous les jours/);
    await page.context().close();
  });

  it('after a step outside somebody asks whether they are safe; who was punished for it is looked at within a day', async () => {
    const page = await signIn(house.officer.name, house.officer.password);
    await page.goto(`${house.urls.console}/cases/${cases.grave}`);
    assert.match(await page.textContent('#safety'), /Nobody has said yet/);
    await page.click('#safety summary:has-text("How safe are they?")');
    await page.selectOption('#safety [name=level]', 'medium');
    await page.fill('#safety [name=plan]', 'Only by the page, at night canary-inside');
    await page.click('#safety form[action$="/safety"] button');
    await page.click('#safety summary:has-text("A step outside")');
    await page.selectOption('#safety [name=what]', 'visit');
    await page.fill('#safety [name=says]', 'The labour inspector, about the locked gate');
    await page.fill('#safety [name=could_tell]', 'Only his shift knows of the gate: all shifts are visited');
    await page.check('#safety [name=consent][value=yes]');
    await page.fill('#safety [name=consent_how]', 'He wrote so on the page');
    await page.click('#safety form[action$="/outside"] button');
    const text = await page.textContent('#safety');
    for (const part of ['Medium risk', 'A visit to the place', 'all shifts are visited', 'They agreed:', 'Ask whether they are safe']) assert.ok(text.includes(part), `${part}: ${text}`);
    await picture(page, 'safety');
    await page.goto(`${house.urls.console}/checkins`);
    assert.match(await page.textContent('main'), /in 1[34] days[\s\S]*A visit to the place[\s\S]*Out of scope/, 'of a case that has ended too');
    assert.ok(await fits(page));

    const harmed = await amina(`/cases/${cases.grave}/checkin`, { checkin: 0, outcome: 'harmed', says: 'His shifts were taken away canary-again' });
    assert.deepEqual([harmed.status, harmed.json().state], [200, 'reopened'], harmed.text);
    assert.equal((await amina(`/cases/${cases.grave}/checkin`, { checkin: 0, outcome: 'well', says: 'x' })).status, 409, 'once');
    assert.equal((await thread('grave')).state, 'reopened');
    const again = await shown(amina, 'grave');
    assert.deepEqual([again.lane, again.safety.level], ['first_look', 'high']);
    assert.ok(Date.parse(again.due) < Date.now() + 25 * 3_600_000, again.due);
    await page.context().close();
  });

  it('lowering what is severe takes two as well, and the second may be from outside', async () => {
    const lighter = { scale: 2, scope: 1, irremediability: 1, grave: false, danger_now: false, reason: 'It was another man, and he is well' };
    const asked = await joseph(`/cases/${cases.grave}/assessment`, lighter);
    assert.deepEqual([asked.status, asked.json().waits_for_second], [200, true], asked.text);
    assert.ok((await outside('/second')).json().items.some((item) => item.case === cases.grave));
    assert.equal((await joseph(`/cases/${cases.grave}/second`, { what: 'lowering', confirm: true, reason: 'me too' })).status, 403);
    assert.equal((await outside(`/cases/${cases.grave}/second`, { what: 'lowering', confirm: true, reason: 'I asked him' })).status, 200);
    const { rank, assessment, lowering, seconds } = await shown(amina, 'grave');
    assert.deepEqual([rank.scale, rank.danger_now, assessment.by_name, lowering], [2, false, 'Joseph', null]);
    assert.deepEqual([seconds.at(-1).what, seconds.at(-1).second, seconds.at(-1).confirmed], ['lowering', 'Ombuds', true]);
  });
});
