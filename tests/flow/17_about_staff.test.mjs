// The life of a complaint about a member of staff, which that person cannot find: in no list, search or count, by no operation, not
// by its id. Oversight has it before anybody could take it, answers, and the person reads it. What is danger stays where somebody
// can act, with the conflict in force; who steps back has it no more; a rule's desk is where a case goes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, pause, root, startInstallation, until } from '../support/installation.mjs';
import { admit, signIn } from '../support/staff.mjs';
import { fits, openBrowser, picture } from '../support/browser.mjs';
import { openVault } from '../support/vault.mjs';

const build = resolve(root, process.env.RECOURSE_BUILD ?? 'build-asan');
const NOWHERE = '00000000-0000-4000-8000-000000000000';
const PHONE = '+254733000555', TEXT = 'canary-stork';
const COMPLAINT = 'Okafor, Amara tore up my card and laughed canary-heron';
const DANGER = 'أمارا أوكافور ومعها روث وانجيكو canary-plover';
const BRIBE = 'She asked for a bribe before she gave us the flour canary-bittern';

describe('a complaint about staff', () => {
  let house, chromium, vault, oversight, joseph, password, receipt, complaint, danger, impact;
  const api = (token, desk) => (path, body, method) =>
    ask(`${house.urls.console}/api/v1${path}${path.includes('?') ? '&' : '?'}desk=${desk}`, { body, method: method ?? (body ? 'POST' : 'GET'), headers: { authorization: `Bearer ${token}` } });
  const sessions = {};
  const report = async (body) => assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', ...body } })).status, 201);
  const asks = (who, body) => vault.ask({ session: sessions[who], ...body });
  const found = async (desk, words) => (await desk('/search', { words })).json().items.map((item) => item.case);

  before(async () => {
    house = await startInstallation();
    const file = `${house.dir}.secret`;
    writeFileSync(file, NOWHERE, { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', 'http://127.0.0.1:9/cgi-bin/sendsms', '--username', 'recourse', '--password-file', file);
    rmSync(file);
    await house.halt();
    await house.start();
    const names = { 'Amara Okafor': 'officer', 'Joseph Mwangi': 'officer', 'Ruth Wanjiku': 'auditor', 'Grace Auma': 'auditor', 'Nia Otieno': 'manager', Root: 'administrator' };
    const visitors = {};
    for (const [name, role] of Object.entries(names)) {
      const secret = admit(house, name, role);
      if (name === 'Amara Okafor') password = secret;
      visitors[name] = await signIn(house, { name, password: secret });
      sessions[name] = visitors[name].cookies.get('__Host-session').replace(/^\w+\./, '');
    }
    vault = openVault(house, 'usual');
    admit(house, 'Zola Mbeki', 'officer', 'oversight');
    oversight = api(house.token('Zola Mbeki', '--desk', 'oversight'), 'oversight');
    joseph = api(house.token('Joseph Mwangi'), 'usual');
    // Other spellings, by an administrator on the page; the people read their own.
    await visitors.Root.get('/people');
    const alias = (name, aliases) => visitors.Root.post('/people/aliases', { name, aliases });
    assert.equal((await alias('Amara Okafor', 'أمارا أوكافور\r\nthe woman at counter 3')).status, 303);
    assert.equal((await alias('Ruth Wanjiku', 'روث وانجيكو')).status, 303);
    assert.equal((await alias('Joseph Mwangi', 'the officer')).status, 400, 'what everybody writes names nobody');
    assert.match((await visitors['Amara Okafor'].get('/account')).text, /أمارا أوكافور[\s\S]*counter 3/);
    assert.doesNotMatch((await visitors['Amara Okafor'].get('/account')).text, /وانجيكو/);
    await report({ text: 'The tap is dry' });
    await until(() => /desk_offered desk=oversight offered=1/.test(house.logs('vault-usual')), { ms: 15_000, what: 'the offer of oversight' });
    chromium = await openBrowser();
  });
  after(async () => {
    vault?.close();
    await chromium?.stop();
    await house?.stop({ canaries: ['canary-heron', 'canary-plover', 'canary-bittern', 'canary-egret', TEXT, PHONE] });
  });

  it('a person complains of an officer by name; before anybody can take it, it is at oversight', async () => {
    const page = await chromium.visit();
    await page.goto(`${house.urls.intake}/report`);
    await page.click('#all');
    await page.fill('#text', COMPLAINT);
    await page.click('#send');
    receipt = (await page.textContent('#receipt')).replace(/\D/g, '');
    await page.context().close();
    [complaint] = await until(async () => ((await found(oversight, 'canary-heron')).length ? found(oversight, 'canary-heron') : null), { what: 'the complaint at oversight' });
    const there = (await oversight(`/cases/${complaint}`)).json();
    assert.deepEqual(there.named.map(({ name, desk, by }) => [name, desk, by]), [['Amara Okafor', 'usual', 'rule']]);
    assert.ok(there.history.some(({ what }) => what === 'Moved to another desk: it names staff'));
    assert.deepEqual(await found(joseph, 'canary-heron'), []);
  });

  it('the officer, in her browser, finds it nowhere; oversight answers, and the person reads it', async () => {
    const page = await chromium.visit({ width: 1280, height: 900 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', 'Amara Okafor');
    await page.fill('input[name=password]', password);
    await page.click('form[action="/signin"] button');
    for (const path of ['/queue', '/queue?lane=assessed', '/queue?lane=mine', '/queue?lane=watched', '/second']) {
      await page.goto(house.urls.console + path);
      assert.ok(!(await page.content()).includes(complaint), path);
    }
    await page.goto(`${house.urls.console}/search`);
    await page.fill('input[name=words]', 'Okafor');
    await page.click('main form button, form[action="/search"] button');
    assert.ok(!(await page.content()).includes(complaint));
    assert.equal((await page.goto(`${house.urls.console}/cases/${complaint}`)).status(), 404);
    const never = await page.goto(`${house.urls.console}/cases/${NOWHERE}`);
    assert.equal(never.status(), 404);
    await page.context().close();

    assert.equal((await oversight('/queue/take', {})).json().case, complaint);
    assert.equal((await oversight(`/cases/${complaint}/answers`, { text: 'She does not have it. Come to the other counter canary-egret', language: 'en' })).status, 201);
    const reader = await chromium.visit();
    await reader.goto(`${house.urls.intake}/receipt`);
    await reader.fill('#receipt', receipt);
    await reader.click('#look');
    assert.match(await reader.textContent('body'), /canary-egret/);
    await reader.context().close();
  });

  it('who is in danger now is seen at once by a colleague, and by oversight; for those who are named it does not exist', async () => {
    await report({ text: DANGER, language: 'ar', answers: { danger_now: 'yes' } });
    [danger] = await until(async () => ((await found(joseph, 'canary-plover')).length ? found(joseph, 'canary-plover') : null), { what: 'the case' });
    const [flag] = await until(async () => ((await found(oversight, 'canary-plover')).length ? found(oversight, 'canary-plover') : null), { what: 'the linked case' });
    const shown = (await joseph(`/cases/${danger}`)).json();
    assert.deepEqual(shown.named.map(({ name }) => name).sort(), ['Amara Okafor', 'Ruth Wanjiku']);
    assert.deepEqual(shown.linked, [flag]);
    assert.deepEqual(shown.colleagues, [house.officer.name], 'nobody hands it to her');
    impact = (await joseph('/impacts', { title: 'Cards', what: 'Torn up', state: 'actual' })).json().impact;
    assert.equal((await joseph(`/cases/${danger}/impacts`, { impact, confirm: true, reason: 'x' })).status, 200);
    assert.equal((await joseph(`/cases/${danger}/watch`, { on: true })).status, 200);
  });

  it('every operation answers who is named as if there were no such case, and each try is in the log', async () => {
    const permits = spawnSync(join(build, 'recourse-vault'), ['--print-permits'], { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } }).stdout.trim().split('\n').map((line) => line.split(' '));
    const body = {
      impact, reason: 'x', text: 'x', language: 'en', confirm: true, danger: 'no', urgency: 'later', what: 'closing', on: true,
      scale: 1, scope: 1, irremediability: 1, likelihood: null, grave: false, danger_now: false, by: null,
    };
    const more = { 'case.move': { to: 'safeguarding' }, 'case.hand_over': { to: 'Joseph Mwangi' }, 'case.decide': { state: 'referred', open_remedies: 'x' } };
    const tried = { 'Amara Okafor': [], 'Ruth Wanjiku': [] };
    for (const [op, sockets, roles] of permits) {
      if (!/^(case|consultation)\./.test(op) || op === 'consultation.list' || !sockets.includes('console')) continue;
      const who = roles.split(',').includes('officer') ? 'Amara Okafor' : 'Ruth Wanjiku';
      const [real, never] = [await asks(who, { op, case: danger, ...body, ...more[op] }), await asks(who, { op, case: NOWHERE, ...body, ...more[op] })];
      assert.equal(real.error, 'not_found', op);
      assert.deepEqual(real, never, op);
      tried[who].push(op);
    }
    assert.ok(tried['Amara Okafor'].length >= 15 && tried['Ruth Wanjiku'].includes('case.trail'), JSON.stringify(tried));
    const { items } = await asks('Grace Auma', { op: 'audit.recent' });
    for (const [who, ops] of Object.entries(tried)) for (const op of ops) assert.ok(items.some((line) => line.who === who && line.what === 'refused' && line.op === op && line.case === danger), `${op} by ${who} is in the log`);
    assert.equal((await asks('Grace Auma', { op: 'case.trail', case: danger })).ok, true, 'the trail is there for other auditors');
  });

  it('no list, search or figure counts it for them', async () => {
    const of = async (who) => {
      const queue = await asks(who, { op: 'queue.list' });
      const page = await asks(who, { op: 'queue.list', filter: { language: 'ar' } });
      const search = await asks(who, { op: 'search', words: 'canary-plover' });
      const figures = await asks(who, { op: 'figures' });
      const row = await asks(who, { op: 'impact.show', impact });
      const list = (await asks(who, { op: 'impact.list' })).items.find((one) => one.impact === impact);
      return { lane: queue.total, counts: queue.counts.first_look, items: queue.items.length, page: page.total, found: search.total, cases: search.cases, figures: figures.cases, first: figures.lanes.first_look, late: figures.late + figures.soon, impact: row.count, shown: row.cases.length, joined: row.joined.reduce((sum, { cases }) => sum + cases, 0), listed: list.cases };
    };
    const [hers, his] = [await of('Amara Okafor'), await of('Joseph Mwangi')];
    assert.deepEqual(hers, Object.fromEntries(Object.entries(his).map(([key, n]) => [key, n - 1])), 'exactly one less, everywhere');
    assert.equal(his.page + his.found + his.impact, 3);
    assert.deepEqual((await asks('Ruth Wanjiku', { op: 'figures' })).lanes, (await asks('Amara Okafor', { op: 'figures' })).lanes);
    assert.equal((await asks('Nia Otieno', { op: 'figures' })).cases, his.figures);
    for (const lane of ['mine', 'watched', 'assessed', 'consultation']) assert.equal((await asks('Amara Okafor', { op: 'queue.list', lane })).total, 0, lane);
    assert.equal((await asks('Amara Okafor', { op: 'second.list' })).total, 0);
    // She is given everything but that.
    for (let taken; !(taken = await asks('Amara Okafor', { op: 'queue.take' })).empty; ) {
      assert.notEqual(taken.item.case, danger);
      assert.equal((await asks('Amara Okafor', { op: 'case.skip', case: taken.item.case, reason: 'x' })).ok, true);
    }
  });

  it('who steps back has it no more; it takes somebody else to take that back', async () => {
    assert.equal((await joseph(`/cases/${danger}/hand_over`, { to: 'Amara Okafor', reason: 'x' })).status, 403, 'he does not hold it');
    assert.equal((await joseph('/queue/take', {})).json().case, danger);
    assert.equal((await joseph(`/cases/${danger}/hand_over`, { to: 'Amara Okafor', reason: 'x' })).status, 409);
    const page = await chromium.visit({ width: 320 });
    await page.goto(`${house.urls.console}/signin`);
    await page.fill('input[name=name]', house.officer.name);
    await page.fill('input[name=password]', house.officer.password);
    await page.click('form[action="/signin"] button');
    await page.goto(`${house.urls.console}/cases/${danger}`);
    assert.match(await page.textContent('#conflict'), /Amara Okafor: named in what was written[\s\S]*Step back/);
    await page.click('#conflict > details:last-of-type > summary');
    await page.selectOption('#conflict select[name=who]', 'Joseph Mwangi');
    await page.fill('#conflict > details:last-of-type input[name=reason]', 'They are cousins');
    assert.ok(await fits(page));
    await picture(page, 'about-staff');
    await page.click('#conflict > details:last-of-type button');
    assert.match(await page.textContent('#conflict'), /Joseph Mwangi: said by officer[\s\S]*They are cousins/);
    assert.match(await page.textContent('body'), /not there for them any more/);
    assert.equal((await joseph(`/cases/${danger}`)).status, 404);
    assert.deepEqual((await joseph('/queue?lane=mine')).json().items, [], 'he holds it no more');
    assert.equal((await joseph(`/cases/${danger}/recuse`, { who: 'Joseph Mwangi', reason: 'x', back: true })).status, 404, 'nobody takes back what is said of themselves');
    const last = await asks('Amara Okafor', { op: 'case.recuse', case: danger, reason: 'x' });
    assert.equal(last.error, 'not_found');
    const officer = api(house.token(house.officer.name), 'usual');
    assert.equal((await officer(`/cases/${danger}/recuse`, { reason: 'I know her' })).status, 409, 'somebody has to be left');
    assert.equal((await officer(`/cases/${danger}/recuse`, { who: 'Joseph Mwangi', reason: 'Of another family', back: true })).status, 200);
    assert.equal((await joseph(`/cases/${danger}`)).json().unnamed[0].back.reason, 'Of another family');
    await page.context().close();
  });

  it('who comes to work here later does not find what was written of them before', async () => {
    await report({ text: 'The volunteer Nuru Hassan sells our places in the line canary-egret' });
    const [before_] = await until(async () => ((await found(joseph, 'volunteer')).length ? found(joseph, 'volunteer') : null), { what: 'the case' });
    assert.deepEqual((await joseph(`/cases/${before_}`)).json().named, []);
    admit(house, 'Hassan Nuru', 'officer');
    const nuru = api(house.token('Hassan Nuru'), 'usual');
    await until(async () => (await nuru(`/cases/${before_}`)).status === 404, { what: 'the look back' });
    assert.deepEqual(await found(nuru, 'volunteer'), []);
    assert.deepEqual((await joseph(`/cases/${before_}`)).json().named.map(({ name }) => name), ['Hassan Nuru']);
  });

  it('of a text, too, oversight has a copy; but what is said back to the phone is said in one case, which hears its STOP', async () => {
    const key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    const text = (id, body) => ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=${id}&time=1795335793`, { body, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': PHONE, 'x-kannel-to': '12345' } });
    const waiting = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim());
    assert.equal((await text('s-1', `They will kill me tonight, and Amara Okafor knows ${TEXT}`)).status, 200);
    const [flag] = await until(async () => ((await found(oversight, TEXT)).length ? found(oversight, TEXT) : null), { what: 'the linked case' });
    const [own] = await found(joseph, TEXT);
    assert.deepEqual((await joseph(`/cases/${own}`)).json().linked, [flag]);
    assert.deepEqual([(await oversight(`/cases/${flag}`)).json().copy, (await joseph(`/cases/${own}`)).json().copy], [true, false]);
    assert.equal((await text('s-2', 'STOP')).status, 200);
    await until(async () => (await joseph(`/cases/${own}`)).json().history.some(({ what }) => what === 'The person asked for no more texts'), { what: 'that it is heard' });
    await until(async () => (await oversight('/queue/take', {})).json().case === flag, { what: 'the linked case, taken' });
    assert.equal((await oversight(`/cases/${flag}/answers`, { text: 'We come canary-stork', language: 'en' })).status, 201);
    await pause(1000);
    assert.equal(waiting(), 0, 'nothing is sent to who wants nothing');
  });

  it('a rule sends a case where it belongs; what oversight sends back stays, and stays hidden', async () => {
    await report({ text: BRIBE });
    const [bribe] = await until(async () => ((await found(oversight, 'canary-bittern')).length ? found(oversight, 'canary-bittern') : null), { what: 'the case at oversight' });
    assert.ok((await oversight(`/cases/${bribe}`)).json().history.some(({ what }) => what === 'Moved to another desk: a rule says that it belongs there'));
    for (const id of [bribe, complaint]) {
      assert.equal((await oversight(`/cases/${id}/move`, { to: 'usual', reason: 'for you' })).status, 200);
      await until(async () => (await joseph(`/cases/${id}`)).status === 200, { what: 'the case back' });
    }
    assert.equal((await asks('Nia Otieno', { op: 'figures' })).without_officer, 0);
    assert.equal((await asks('Amara Okafor', { op: 'case.show', case: bribe })).ok, true);
    assert.equal((await asks('Amara Okafor', { op: 'case.show', case: complaint })).error, 'not_found');
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text: 'It was Amara Okafor, I am sure' } })).status, 201);
    await until(async () => (await joseph(`/cases/${complaint}`)).json().conversation.length === 3, { what: 'what the person wrote since' });
    await until(async () => (await joseph(`/cases/${complaint}`)).json().state === 'acknowledged', { what: 'the case to come back' });
    // After a start it is as before.
    await house.halt();
    await house.start();
    joseph = api(house.token('Joseph Mwangi'), 'usual');
    const amara = api(house.token('Amara Okafor'), 'usual');
    await until(async () => (await joseph(`/cases/${complaint}`)).status === 200, { what: 'the case after a restart' });
    for (const id of [complaint, danger]) assert.equal((await amara(`/cases/${id}`)).status, 404);
    // Where nobody is left but her, whoever reads the figures is told.
    vault.close();
    vault = openVault(house, 'usual');
    const session = house.token('Nia Otieno');
    const figures = () => vault.ask({ op: 'figures', session });
    assert.equal((await figures()).without_officer, 0);
    for (const name of ['Joseph Mwangi', 'Hassan Nuru', house.officer.name]) house.cli('staff', 'end', name);
    assert.ok((await figures()).without_officer >= 2);
    assert.match(house.cli('audit', 'verify'), /Nothing is wrong/);
  });
});
