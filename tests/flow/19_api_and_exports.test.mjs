// What programs are promised: every operation of both documents asked once, each answer held against its schema with no member
// more than are named; bodies refused by the field at fault. Lists that leave the desk: whole, harmless to spreadsheets, in the log. And
// a system of the office that is told what happens: signed, without content, also when it was away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, until } from '../support/installation.mjs';
import { join } from 'node:path';
import { described } from '../support/openapi.mjs';
import { admit, signIn } from '../support/staff.mjs';
import { upload } from '../support/uploads.mjs';
import { openVault } from '../support/vault.mjs';

const CANARIES = ['Three geese', 'Kilimani', 'padlock'];
const FORMULA = '=HYPERLINK("http://x.example";"Open")';
const PAGES = 100;
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** RFC 4180, strictly: [[cell]]. */
function table(text) {
  assert.ok(text.endsWith('\r\n'));
  const rows = [[]];
  for (let rest = text; rest; ) {
    const [all, quoted, bare, after] = rest.match(/^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/);
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    rest = rest.slice(all.length);
    if (after === '\r\n' && rest) rows.push([]);
  }
  const [names, ...body] = rows;
  for (const row of body) assert.equal(row.length, names.length);
  const [end, count, leftOut] = body.pop();
  assert.deepEqual([end, Number(count)], ['end', body.length], 'the last row says that it is whole');
  return { names, rows: body.map((row) => Object.fromEntries(row.map((cell, i) => [names[i], cell]))), leftOut: Number(leftOut) };
}

/** A receiver of webhooks: what came with a right signature, by message id; `status` is what it answers. */
async function receiver() {
  const heard = { events: [], tries: 0, status: 204, secret: undefined };
  const server = createServer((req, res) => {
    const pieces = [];
    req.on('data', (piece) => pieces.push(piece)).on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = req.headers;
      const expected = createHmac('sha256', Buffer.from(heard.secret.slice(6), 'base64')).update(`${id}.${at}.${text}`).digest('base64');
      heard.tries++;
      if (signature === `v1,${expected}` && Math.abs(Date.now() / 1000 - at) < 300 && heard.status === 204) heard.events.push({ id, ...JSON.parse(text) });
      res.writeHead(heard.status).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(heard, { url: `http://127.0.0.1:${server.address().port}/hook`, stop: () => server.close() });
}

describe('the API', () => {
  let house, board, staff, people, tokens, partner, impact, receipt, protectedPassword, herOwn;

  /** Asks by the document's own path; the answer has been checked. */
  const asker = (api, base) => async (who, method, path, { id, query = '', body, headers = {} } = {}) => {
    const authorization = who ? { authorization: `Bearer ${tokens[who] ?? who}` } : {};
    const answer = await ask(base + path.replace(/\{\w+\}/, id ?? '') + query, { method, body: method === 'POST' ? (body ?? {}) : undefined, headers: { ...authorization, ...headers } });
    const [value] = api.check(method, path, answer) ?? [];
    return { status: answer.status, value, answer };
  };
  let desk, door;
  const does = async (who, path, id, body, status = 200) => {
    const { status: was, value, answer } = await desk(who, 'POST', path, { id, body });
    assert.equal(was, status, `${path}: ${answer.text}`);
    return value;
  };
  const report = async (text, more = {}) => {
    const { status, value, answer } = await door(null, 'POST', '/api/v1/reports', { body: { kind: 'grievance', language: 'en', text, ...more } });
    assert.equal(status, 201, answer.text);
    return value.receipt;
  };

  before(async () => {
    house = await makeInstallation();
    house.cli('init');
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[signin]\nsecond_factor = offered\n');
    appendFileSync(join(house.dir, 'office.yaml'), 'own_questions: [{code: fence, step: about, answer: text, asks: {en: Which fence was it?}}]\n');
    board = await receiver();
    board.secret = house.cli('webhook', 'add', 'board', '--url', board.url).match(/whsec_\S+/)[0];
    await house.start();
    house.officer = { name: 'Sami', password: admit(house, 'Sami', 'officer') };
    for (const [name, role] of [['Second', 'officer'], ['Hana', 'handler'], ['Ada', 'administrator'], ['Odile', 'auditor'], ['Mona', 'manager'], ['Rita', 'reviewer'], ['Toma', 'translator']]) house.cli('staff', 'add', '--name', name, '--role', role);
    tokens = Object.fromEntries(['Second', 'Hana', 'Odile', 'Mona', 'Rita', 'Toma'].map((name) => [name, house.token(name)]));
    tokens.officer = house.token(house.officer.name);
    tokens.Ada = house.token('Ada', '--scope', 'admin');
    partner = house.cli('partner', 'add', 'Delta Network', '--scopes', 'consultation').trim().split('\n').pop();
    house.cli('round', 'add', '--code', 'wells', '--title', 'Wells', '--question', 'Which first?', '--opens', '2026-01-01T00:00:00Z', '--closes', '2099-01-01T00:00:00Z');
    [staff, people] = [await described(house.urls.console), await described(house.urls.intake)];
    [desk, door] = [asker(staff, house.urls.console), asker(people, house.urls.intake)];
  });
  after(async () => {
    board?.stop();
    await house?.stop({ canaries: CANARIES });
  });

  it('a report may say all that the document lists, and each member that is wrong is named', async () => {
    const answers = { danger_now: 'no', ongoing: 'yes', retaliation: 'unsure', likelihood: 'low', people_low: 3, people_high: 9, speaking_as: 'group', groups: ['migrant_worker'], when: 'in May', where: 'Kilimani', who: 'the guard', wish: 'the key', under_18: false, service: 'other', service_words: 'the water point', own: [{ code: 'fence', says: 'the low one' }] };
    const contact = { how: 'sms', number: '+254700000001', email: 'a@b.example', times: 'evenings', words: 'say it is the school' };
    const on_behalf_of = { who: 'my sister', consent: 'given', why: 'no phone', people: 4 };
    const all = { kind: 'grievance', language: 'en', text: 'Three geese are gone', desk: 'usual', read_back: true, synthetic: false, answers, contact, on_behalf_of, files: [await upload(house, Buffer.from('geese'))] };
    const { schemas } = people.document.components;
    for (const [name, said] of [['Report', all], ['Answers', answers], ['Contact', contact], ['OnBehalfOf', on_behalf_of]]) assert.deepEqual(Object.keys(said).sort(), Object.keys(schemas[name].properties).sort(), name);
    ({ receipt } = (await door(null, 'POST', '/api/v1/reports', { body: all, headers: { 'idempotency-key': 'a5f0c4de-9a49-4b0e-8b34-6dcb6e6f9c11' } })).value);
    assert.match(receipt, /^(\d{4} ){6}\d{4}$/);
    assert.equal((await door(null, 'GET', '/api/v1/about')).value.steps.length, 7);
    for (const [outer, said] of [[null, all], ['answers', answers], ['contact', contact], ['on_behalf_of', on_behalf_of]]) {
      for (const member of Object.keys(said)) {
        const broken = { ...said, [member]: [[{}]] };
        const { status, value } = await door(null, 'POST', '/api/v1/reports', { body: outer ? { ...all, [outer]: broken } : broken });
        assert.equal(status, 400, member);
        assert.equal(value.field, outer ? `${outer}.${member}` : member);
        assert.equal(value.type, '/problems/malformed');
      }
    }
    const other = await door(null, 'POST', '/api/v1/reports', { body: { ...all, text: 'other' }, headers: { 'idempotency-key': 'a5f0c4de-9a49-4b0e-8b34-6dcb6e6f9c11' } });
    assert.deepEqual([other.status, other.value.type], [422, '/problems/key-reused']);
    const mistyped = receipt.replace(/\d$/, (digit) => (Number(digit) + 1) % 10);
    assert.equal((await door(null, 'POST', '/api/v1/thread', { body: { receipt: mistyped } })).status, 400);
    assert.equal((await door(null, 'POST', '/api/v1/thread', { body: { receipt: '1234 5678 9012 3456 7890 1234 5678' } })).value.type, '/problems/unknown-receipt');
    assert.equal((await door(null, 'POST', '/api/v1/thread', { body: { receipt } })).value.state, 'received');
    assert.equal((await door(null, 'POST', '/api/v1/thread/messages', { body: { receipt, text: 'and the padlock too', language: 'en' } })).status, 201);
    const rows = [{ id: 'r1', language: 'en', text: 'Dig it deeper' }, { id: 'r1', text: 'Dig it deeper' }, { text: 'nameless' }];
    const submit = (more) => door(partner, 'POST', '/api/v1/consultations/{round}/submissions', { id: 'wells', ...more });
    const many = await submit({ body: rows.map((row) => JSON.stringify(row)).join('\n'), headers: { 'content-type': 'application/x-ndjson' } });
    assert.equal(many.status, 207, many.answer.text);
    assert.deepEqual([(await submit({ body: rows[0] })).status, (await submit({ body: { ...rows[0], id: 'r2', answers: { where: 'here' } } })).status], [200, 201]);
    assert.equal((await submit({ id: 'nowhere', body: rows[0] })).status, 404);
    assert.equal((await door(null, 'POST', '/api/v1/consultations/{round}/submissions', { id: 'wells', body: rows[0] })).status, 401);
  });

  it('every operation for staff answers as its schema says', async () => {
    for (const text of ['Help, he has a knife and says he will kill us', 'The tap is dry', 'My pay is late']) await report(text, { answers: { wish: 'That somebody comes' } });
    await until(async () => (await desk('officer', 'GET', '/api/v1/queue')).value.total === 4, { what: 'the cases' });
    assert.deepEqual([(await desk('officer', 'GET', '/api/v1/me')).value.role, (await desk('Toma', 'GET', '/api/v1/me')).value.role], ['officer', 'translator']);
    impact = (await does('officer', '/api/v1/impacts', '', { title: 'Papers withheld', what: 'Workers cannot leave: padlock', state: 'actual', rights: ['slavery'], stage: 'acquisition', scale: 3, groups: ['migrant_worker'], people_low: 4 }, 201)).impact;
    const { entity } = await does('Hana', '/api/v1/impacts/{id}/entities', impact, { name: 'The farm', involvement: 'linked', said_by: 'x' }, 201);
    await does('Hana', '/api/v1/impacts/{id}/involvement', impact, { entity, involvement: 'contribute', said_by: 'the union' }, 201);
    const { action } = await does('Hana', '/api/v1/impacts/{id}/actions', impact, { entity, type: 'leverage', what: 'Write to the buyer', due: '2099-01-01T00:00:00Z' }, 201);
    await does('Hana', '/api/v1/actions/{id}/attempts', action, { lever: 'build', outcome: 'No answer' }, 201);
    const { value: one } = await desk('Hana', 'GET', '/api/v1/actions/{id}', { id: action });
    await does('Hana', '/api/v1/actions/{id}', action, { version: one.version, indicator: 'Passports in their hands' });
    assert.equal((await desk('Hana', 'GET', '/api/v1/actions')).value.total, 1);

    // Who has a knife comes first; the others by who came first.
    const taken = await does('officer', '/api/v1/queue/take', '');
    assert.equal(taken.floor, true);
    const on = (what) => `/api/v1/cases/{id}/${what}`;
    await does('officer', on('look'), taken.case, { danger: 'yes', urgency: 'now' });
    await does('officer', on('assessment'), taken.case, { scale: 4, scope: 1, irremediability: 4, grave: true, danger_now: true, ongoing: true, reason: 'A knife', groups: [{ group: 'child', scale: 4, reason: 'Two children' }] });
    await does('officer', on('notes'), taken.case, { text: 'Rang the post' }, 201);
    assert.equal((await desk('Hana', 'GET', '/api/v1/cases/{id}/why', { id: taken.case })).status, 409, 'that was less than the rules say: not before a second person');
    await does('officer', on('answers'), taken.case, { text: 'We are coming', language: 'en' }, 201);
    await does('officer', on('impacts'), taken.case, { impact, confirm: true, reason: 'Same farm' });
    await does('Hana', on('watch'), taken.case, { on: true });
    assert.equal((await desk('Hana', 'GET', '/api/v1/queue', { query: '?lane=watched' })).value.total, 1);
    // Lowering what is grave, and closing it, take two people.
    assert.equal((await does('officer', on('assessment'), taken.case, { scale: 1, scope: 1, irremediability: 1, grave: false, danger_now: false, reason: 'It was a toy' })).waits_for_second, true);
    const decided = await does('officer', on('decision'), taken.case, { state: 'unfounded', reason: 'x', text: 'We looked', language: 'en', open_remedies: 'The court' });
    assert.equal(decided.waits_for_second, true);
    assert.ok((await desk('Rita', 'GET', '/api/v1/second')).value.total >= 1);
    assert.equal((await desk('Rita', 'GET', '/api/v1/cases/{id}', { id: taken.case })).status, 200);
    await does('Second', on('second'), taken.case, { what: 'lowering', confirm: false, reason: 'No' });
    await does('Rita', on('second'), taken.case, { what: 'closing', confirm: true, reason: 'Yes' });
    assert.equal((await desk('officer', 'GET', '/api/v1/cases/{id}', { id: taken.case })).value.decisions.length, 1);

    const second = await does('officer', '/api/v1/queue/take', '');
    await does('officer', on('hand_over'), second.case, { to: 'Second', reason: 'My day off' });
    assert.equal((await desk('Second', 'GET', '/api/v1/cases/{id}', { id: second.case })).value.handed.to, 'Second');
    await does('Second', on('return'), second.case, { reason: 'No time' });
    const third = await does('officer', '/api/v1/queue/take', '');
    await does('officer', on('skip'), third.case, { reason: 'I know them' });
    const fourth = await does('officer', '/api/v1/queue/take', '');
    protectedPassword = admit(house, 'Amara', 'officer', 'safeguarding');
    await does('officer', on('move'), fourth.case, { to: 'safeguarding', reason: 'A child' });
    const gone = await desk('officer', 'GET', '/api/v1/cases/{id}', { id: fourth.case });
    assert.deepEqual([gone.status, gone.value.type], [404, '/problems/not-found']);

    const { version } = (await desk('officer', 'GET', '/api/v1/impacts/{id}', { id: impact })).value;
    const facts = { title: 'Papers withheld', what: 'x', state: 'actual', version };
    await does('officer', '/api/v1/impacts/{id}', impact, { ...facts, reason: 'Less than we knew' });
    const late = await does('Second', '/api/v1/impacts/{id}', impact, { ...facts, title: 'y', reason: 'x' }, 409);
    assert.deepEqual([late.type, late.changed.length], ['/problems/conflict', 1]);
    assert.equal((await desk('Hana', 'GET', '/api/v1/impacts')).value.total, 1);

    assert.equal((await does('officer', '/api/v1/search', '', { words: 'pay' })).total + (await does('officer', '/api/v1/search', '', { filter: { kind: 'grievance' } })).total > 0, true);
    const walked = await does('officer', '/api/v1/walkins', '', { channel: 'phone', text: 'The road is shut', language: 'en', answers: { ongoing: 'yes', likelihood: 'low' }, contact: { how: 'none' } }, 201);
    assert.match(walked.receipt, /^[\d ]{34}$/);
    const written = await until(async () => (await desk('officer', 'GET', '/api/v1/cases/{id}', { id: walked.case })).value.answers, { what: 'what was written down' });
    assert.deepEqual(written, { ongoing: 'yes' }, 'how likely stands only for what has not happened');
    await until(async () => (await desk('Hana', 'GET', '/api/v1/consultations')).value.total === 2, { what: 'the submissions' });
    const submission = (await desk('Hana', 'GET', '/api/v1/consultations')).value.items[0].case;
    assert.equal((await desk('Hana', 'GET', '/api/v1/consultations/{id}', { id: submission })).status, 200);
    await does('Hana', '/api/v1/consultations/{id}/impacts', submission, { impact, confirm: true, reason: 'The same well' });
    assert.ok((await desk('Mona', 'GET', '/api/v1/figures')).value.cases > 3);
    assert.ok((await desk('Mona', 'GET', '/api/v1/figures/flow')).value.days.length > 0);
    assert.ok((await desk('Ada', 'GET', '/api/v1/settings')).value.profiles.length > 0);
    assert.ok((await desk('Odile', 'GET', '/api/v1/log', { query: '?limit=100' })).value.items.some(({ what }) => what === 'not_found'), 'an id that leads nowhere is in the log');
    assert.equal((await desk('Odile', 'GET', '/api/v1/log/{id}', { id: taken.case })).value.state, 'unfounded');
    await does('Ada', '/api/v1/people', '', { name: 'Newcomer', role: 'handler' }, 201);
    await does('Ada', '/api/v1/people/end', '', { name: 'Newcomer' });
    assert.ok((await desk('Ada', 'GET', '/api/v1/people')).value.items.length > 8);
    assert.deepEqual((await desk('Hana', 'GET', '/api/v1/people/waiting')).value.items, []);
    assert.deepEqual((await desk('Ada', 'GET', '/api/v1/people/recovery')).value.items, []);
    assert.equal((await desk('Ada', 'POST', '/api/v1/people/recovery/stop', { body: { name: 'Hana' } })).status, 409, 'there is nothing to stop');
    assert.ok((await desk('Toma', 'GET', '/api/v1/waiting')).value.waiting.intake);
    for (const who of ['officer', 'Second']) await until(async () => (await desk(who, 'POST', '/api/v1/queue/take')).status === 204, { what: 'an empty queue' });
  });

  it('so do remedies, group cases, safety and translations', async () => {
    const on = (what) => `/api/v1/cases/{id}/${what}`;
    for (const text of ['The school took our fees', 'They took our fees as well']) await report(text);
    await until(async () => (await desk('officer', 'GET', '/api/v1/queue')).value.total === 2, { what: 'two cases' });
    const { case: one } = await does('officer', '/api/v1/queue/take', '');
    const { case: two } = (await desk('officer', 'GET', '/api/v1/queue')).value.items[0];
    await does('officer', on('assessment'), one, { scale: 3, scope: 3, irremediability: 2, grave: false, danger_now: false, reason: 'Two families' });
    const { value: why } = await desk('Hana', 'GET', '/api/v1/cases/{id}/why', { id: one });
    assert.deepEqual([why.language, why.sms, why.page_only, why.is_theirs, why.state], ['en', '', false, true, 'assessed']);
    assert.match(why.text, /this is serious[\s\S]*tell you by \d{4}-\d\d-\d\d/);
    assert.doesNotMatch(why.text, /famil|fee/i);
    await does('officer', on('answers'), one, { text: why.text, language: why.language, state: why.state }, 201);
    await does('officer', on('safety'), one, { level: 'high', plan: 'Call in the evening' });
    await does('Hana', on('graphic'), one, { on: true });
    assert.equal((await does('officer', on('outside'), one, { what: 'visit', says: 'To the school', could_tell: 'The day', consent: true, consent_how: 'She said so' }, 201)).checkins.length, 2);
    await does('officer', on('checkin'), one, { checkin: 0, outcome: 'well', says: 'She is well' });
    assert.equal((await desk('Hana', 'GET', '/api/v1/checkins')).value.total, 1);
    const { translation } = await does('officer', on('translations'), one, { draft: 'We ask the school', from: 'en', to: 'sw', translator: 'Toma' }, 201);
    assert.equal((await desk('Toma', 'GET', '/api/v1/translations')).value.items[0].case, undefined);
    assert.equal((await desk('Hana', 'GET', '/api/v1/translations')).value.items[0].case, one);
    assert.equal((await desk('Toma', 'GET', '/api/v1/translations/{id}', { id: translation })).value.text, 'We ask the school');
    await does('Toma', '/api/v1/translations/{id}', translation, { text: 'Tunauliza shule', method: 'person' });

    assert.equal((await desk('Hana', 'GET', '/api/v1/aside')).value.cases, 0);
    // The answer to one that is set aside: flow 34 has it.
    assert.equal((await desk('officer', 'POST', '/api/v1/aside', { body: { cases: [one], what: 'take', reason: 'Somebody real' } })).status, 409);
    const { group } = await does('officer', on('join'), one, { title: 'Fees', reason: 'The same school' });
    await does('officer', on('join'), two, { group, reason: 'The same school' });
    assert.equal((await desk('Hana', 'GET', '/api/v1/groups')).value.total, 1);
    const all = async () => (await desk('Hana', 'GET', '/api/v1/groups/{id}', { id: group })).value;
    await does('Hana', '/api/v1/groups/{id}/title', group, { title: 'School fees' });
    await until(async () => (await all()).title === 'School fees' && (await desk('Hana', 'GET', '/api/v1/cases/{id}', { id: two })).value.group.title === 'School fees', { what: 'the title' });
    await does('officer', '/api/v1/groups/{id}/take', group);
    await until(async () => (await all()).waiting === 0, { what: 'both to be taken' });
    await until(async () => (await desk('officer', 'POST', '/api/v1/groups/{id}/answers', { id: group, body: { version: (await all()).version, text: 'We have asked them', language: 'en' } })).status === 200, { what: 'the answer' });
    await does('Hana', '/api/v1/groups/{id}/impacts', group, { impact, reason: 'Fees' });
    await until(async () => (await desk('Hana', 'GET', '/api/v1/cases/{id}', { id: two })).value.links.some((link) => link.confirmed), { what: 'the link' });
    await does('officer', on('participants'), one, { other: two, role: 'affected', reason: 'Her mother wrote as well' });
    await until(async () => (await desk('Hana', 'GET', '/api/v1/cases/{id}', { id: two })).value.participant.others.length === 1, { what: 'both to take part' });
    await does('Hana', on('participant'), two, { role: 'representative', mandate: 'given', how: 'She told me at the school', reason: 'Her mother speaks for her' });
    await does('officer', on('participant/end'), two, { apart: true, reason: 'Another family after all' });
    await does('officer', on('leave'), two, { reason: 'Another school after all' });

    await until(async () => (await desk('officer', 'GET', '/api/v1/cases/{id}', { id: one })).value.state === 'waiting_for_you', { what: 'the answer in the case' });
    assert.equal((await does('officer', on('offer'), one, { types: ['money'], what: 'The fees back', by: '2099-01-01T00:00:00Z', text: 'You get the fees back', language: 'en' })).state, 'remedy_offered');
    assert.equal((await does('officer', on('heard'), one, { said: 'accept', words: 'Yes, gladly' })).state, 'in_action');
    assert.equal((await desk('Hana', 'GET', '/api/v1/remedies')).value.total, 1);
    assert.equal((await does('officer', on('deliver'), one, { evidence: 'Paid on Monday' })).state, 'delivered');
    assert.ok((await desk('officer', 'GET', '/api/v1/cases/{id}', { id: one })).value.remedies[0].delivered);
    // Pauses, who is on call, other mechanisms, consent, referral.
    await does('officer', on('pause'), two, { code: 'no_safe_way', says: 'We look for a safe way', reason: 'The phone is shared' });
    await does('officer', on('resume'), two);
    assert.equal((await desk('Hana', 'GET', '/api/v1/oncall')).value.name, '');
    assert.equal((await desk('Hana', 'POST', '/api/v1/oncall/acknowledge')).status, 200);
    const place = { name: 'Data office', mechanism: 'data_protection', jurisdiction: 'Kenya', contact: 'by post' };
    const { receiver: authority } = await does('officer', '/api/v1/receivers', '', place, 201);
    assert.equal((await desk('Rita', 'GET', '/api/v1/receivers')).value.total, 1);
    const { version } = (await desk('Rita', 'GET', '/api/v1/receivers/{id}', { id: authority })).value;
    const openssl = (...args) => execFileSync('openssl', args, { cwd: house.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Office', '-days', '30', '-keyout', '/dev/null', '-out', 'office.pem');
    const changed = await does('officer', '/api/v1/receivers/{id}', authority, { ...place, version, takes: 'Complaints about data', certificate: readFileSync(join(house.dir, 'office.pem'), 'utf8') });
    const fingerprint = openssl('x509', '-in', 'office.pem', '-noout', '-fingerprint', '-sha256').split('=')[1].trim();
    assert.equal((await does('Rita', '/api/v1/receivers/{id}/check', authority, { version: changed.version, fingerprint, how: 'By telephone' })).ready, true);
    const { consent } = await does('Hana', on('consent'), one, { receiver: authority, purpose: 'To have it looked into', what: 'Your first letter' }, 201);
    await does('Hana', on('consent/answer'), one, { consent, answer: 'yes', how: 'In person' });
    const { referral, edition } = await does('Hana', on('referrals'), one, { consent, text: 'A school keeps fees that it does not have to' }, 201);
    const packet = await desk('officer', 'GET', '/api/v1/cases/{id}/referral', { id: one, query: `?referral=${referral}` });
    assert.equal(packet.status, 200, packet.answer.text);
    const edited = await does('Hana', on('referral'), one, { referral, edition, text: 'A school keeps fees' });
    await does('officer', on('referral/approve'), one, { referral, edition: edited.edition, reason: 'Nothing tells who wrote' });
    assert.deepEqual((await desk('Hana', 'GET', '/api/v1/referrals')).value.items.map((each) => [each.case, each.status, each.wants_recall]), [[one, 'approved', false]]);
    assert.doesNotMatch(await does('officer', on('referral/send'), one, { referral, reason: 'As they agreed' }), /fees/, 'sealed');
    await does('officer', on('referral/note'), one, { referral, status: 'accepted', words: 'They look into it', on: '2026-11-22' });
    await does('Hana', on('consent/answer'), one, { consent, answer: 'revoked', how: 'In person' });
    const gone = await desk('officer', 'GET', '/api/v1/cases/{id}/referral', { id: one, query: `?referral=${referral}` });
    assert.deepEqual([gone.value.wants_recall, gone.value.agreed.revoked.via, gone.value.notes.length], [true, 'staff', 1]);
    await does('officer', '/api/v1/receivers/{id}/end', authority, { reason: 'Moved' });
    // Who is named in a case cannot find it, nor take it out of here.
    await does('Ada', '/api/v1/people/aliases', '', { name: 'Hana', aliases: 'Hanna Mwangi' });
    await does('officer', on('recuse'), two, { who: 'Hana', reason: 'Her cousin wrote it' });
    herOwn = two;
    assert.equal((await desk('Hana', 'GET', '/api/v1/cases/{id}', { id: herOwn })).status, 404);
    assert.ok((await desk('officer', 'GET', '/api/v1/cases/{id}', { id: herOwn })).value.named.length > 0);
  });

  it('a list of cases leaves with its reason, whole, without a word that was written, and the log has both ends', async () => {
    const answer = await desk('Hana', 'POST', '/api/v1/exports', { body: { what: 'cases', format: 'csv', reason: 'The yearly report' } });
    const { headers, text } = answer.answer;
    assert.match(headers['content-disposition'], /^attachment; filename="export-\d{4}-\d\d-\d\d\.csv"$/);
    assert.equal(headers['transfer-encoding'], 'chunked');
    const { names, rows, leftOut } = table(text);
    assert.deepEqual([rows.length, leftOut], [Number(headers['x-total']), 0]);
    assert.ok(rows.length >= 6);
    assert.ok(!text.includes(herOwn), 'not the case that names her');
    assert.ok((await desk('officer', 'POST', '/api/v1/exports', { body: { what: 'cases', format: 'ndjson', reason: 'x', filter: { kind: 'grievance' } } })).answer.text.includes(herOwn));
    for (const word of [...CANARIES, '254700000001', 'T1', 'T2']) assert.ok(!text.includes(word), word);
    const unfounded = rows.find(({ state }) => state === 'unfounded');
    assert.deepEqual([unfounded.impacts, unfounded.danger_now, unfounded.scale, unfounded.kind, unfounded.arrived, unfounded.look_late], [impact, 'yes', '4', 'grievance', new Date().toISOString().slice(0, 10), 'no']);
    const some = await desk('Hana', 'POST', '/api/v1/exports', { body: { what: 'cases', format: 'ndjson', reason: 'Only one', filter: { impact, state: 'unfounded' } } });
    const lines = some.answer.text.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual([lines.length, lines[0].case, lines[1]], [2, unfounded.case, { end: true, rows: 1, left_out: 0 }]);
    for (const member of Object.keys(lines[0])) assert.ok(names.includes(member), `${member} is a column, too`);
    const { items } = (await desk('Odile', 'GET', '/api/v1/log', { query: '?limit=10' })).value;
    const told = items.filter(({ who }) => who === 'Hana').map(({ what }) => what).slice(0, 4);
    assert.deepEqual(told, ['export.end', 'export.begin', 'export.end', 'export.begin']);
    assert.match(house.cli('audit', 'verify'), /Nothing is wrong/);
    const { items: listed } = (await desk('Hana', 'GET', '/api/v1/exports')).value;
    assert.deepEqual(listed.slice(0, 2).map(({ what, state, done, total }) => [what, state, done === total]), [['cases', 'whole', true], ['cases', 'whole', true]]);
    for (const [field, body] of [['reason', { what: 'cases', format: 'csv' }], ['what', { what: 'people', format: 'csv', reason: 'x' }], ['format', { what: 'cases', format: 'xls', reason: 'x' }], ['filter', { what: 'impacts', format: 'csv', reason: 'x', filter: { kind: 'flag' } }]])
      assert.equal((await desk('Hana', 'POST', '/api/v1/exports', { body })).value.field, field);
  });

  it('what was written leaves by officers alone, and each case costs an opening', async () => {
    const body = { what: 'messages', format: 'ndjson', reason: 'The court asked', filter: { state: 'unfounded' } };
    assert.equal((await desk('Hana', 'POST', '/api/v1/exports', { body })).status, 403);
    const spent = async () => (await desk('officer', 'GET', '/api/v1/me')).value.openings_hour;
    const before = await spent();
    const { answer } = await desk('officer', 'POST', '/api/v1/exports', { body });
    const lines = answer.text.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ from, text }) => [from, text]).slice(0, -1), [['you', 'Help, he has a knife and says he will kill us'], ['staff', 'We are coming'], ['staff', 'We looked']]);
    assert.deepEqual(lines.slice(0, -1).map(({ answers }) => answers), [{ wish: 'That somebody comes' }, null, null]);
    assert.deepEqual([lines.at(-1).rows, (await spent()) - before], [3, 1]);
    const { items } = (await desk('Odile', 'GET', '/api/v1/log', { query: '?limit=3' })).value;
    assert.deepEqual(items.map(({ what }) => what), ['export.end', 'export.case', 'export.begin']);
    assert.equal(items[1].case, lines[0].case);
  });

  it('a spreadsheet runs nothing of what people typed', async () => {
    await does('Hana', '/api/v1/impacts', '', { title: FORMULA, what: 'x\n@SUM(A1)', state: 'potential' }, 201);
    const { rows } = table((await desk('Hana', 'POST', '/api/v1/exports', { body: { what: 'impacts', format: 'csv', reason: 'x' } })).answer.text);
    const one = rows.find(({ title }) => title.includes('HYPERLINK'));
    assert.deepEqual([one.title, one.what], [`'${FORMULA}`, "x\n'@SUM(A1)"]);
    const actions = table((await desk('Hana', 'POST', '/api/v1/exports', { body: { what: 'actions', format: 'csv', reason: 'x' } })).answer.text).rows;
    assert.deepEqual([actions.length, actions[0].type, actions[0].due, actions[0].tried], [1, 'leverage', '2099-01-01', '1']);
  });

  it('by a page without scripts; at a protected desk only for who shows once more who she is', async () => {
    const sami = await signIn(house, house.officer);
    await sami.get('/export');
    const file = await sami.post('/export', { what: 'cases', format: 'csv', reason: 'For the board', 'filter.state': 'unfounded', 'filter.kind': '' });
    assert.equal(file.status, 200, file.text);
    assert.equal(table(file.text).rows.length, 1);
    assert.match((await sami.get('/export')).text, /Cases, without what was written: 1 of 1 · Whole/);
    assert.equal((await sami.post('/export', { what: 'cases', format: 'csv', reason: '' })).status, 400);
    const amara = { name: 'Amara', desk: 'safeguarding', password: protectedPassword };
    const visitor = await signIn(house, amara);
    assert.match((await visitor.get('/export')).text, /Your password/);
    const ask_ = (password) => visitor.post('/export', { what: 'messages', format: 'ndjson', reason: 'x', password });
    assert.equal((await ask_('not hers')).status, 403);
    const given = await ask_(amara.password);
    assert.equal(given.status, 200, given.text);
    assert.match(given.text, /"end":true,"rows":1,/);
    const token = house.token('Amara', '--desk', 'safeguarding');
    assert.equal((await desk(token, 'POST', '/api/v1/exports', { query: '?desk=safeguarding', body: { what: 'cases', format: 'csv', reason: 'x', password: amara.password } })).status, 403, 'no program');
  });

  it('who goes away in the middle has the export cut at once, and the log has how much was handed out', async () => {
    // More than the kernel keeps for a client that reads nothing: 4 MB on the way out, and what it read ahead.
    const long = '\u{1f9f1}'.repeat(14_000);
    const wall = await report('Bricks', { kind: 'suggestion', language: 'sw' });
    for (let i = 0; i < PAGES; i++) assert.equal((await door(null, 'POST', '/api/v1/thread/messages', { body: { receipt: wall, text: long } })).status, 201);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim() === '0', { what: 'all of it to have been opened' });
    const body = JSON.stringify({ what: 'messages', format: 'ndjson', reason: 'For the builder', filter: { language: 'sw' } });
    const newest = async () => (await desk('officer', 'GET', '/api/v1/exports')).value.items[0];
    const before = (await newest())?.export;
    const trail = async () => (await desk('Odile', 'GET', '/api/v1/log', { query: '?limit=20' })).value.items.filter(({ who }) => who === house.officer.name).map(({ what }) => what).slice(0, 3);
    const headers = { authorization: `Bearer ${tokens.officer}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const req = request(`${house.urls.console}/api/v1/exports`, { method: 'POST', rejectUnauthorized: false, agent: false, headers });
    const head = new Promise((done, fail) => req.on('response', done).on('error', fail));
    req.end(body);
    const res = await head;
    assert.equal(res.statusCode, 200);
    res.pause().on('error', () => {});
    await until(async () => (await newest()).rows > 0, { what: 'the first piece' });
    assert.equal((await newest()).state, 'under_way', 'it waits for who reads nothing');
    res.destroy();
    await until(async () => (await newest()).state === 'cut', { what: 'the cut', ms: 5000 });
    const cut = await newest();
    assert.notEqual(cut.export, before);
    assert.ok(cut.rows > 0 && cut.rows < PAGES + 1, `${cut.rows} rows were handed out`);
    await until(async () => (await trail()).join(' ') === 'export.end export.case export.begin', { what: 'both ends in the log' });
    assert.match(house.cli('audit', 'verify'), /Nothing is wrong/);
    // Who is at another session, or comes after the cut, is given no more of it.
    const vault = openVault(house, 'usual');
    try {
      for (const [session, leave] of [[tokens.officer, false], [tokens.officer, true], [tokens.Hana, true]]) assert.equal((await vault.ask({ op: 'export.next', session, export: cut.export, leave })).error, 'not_found');
    } finally {
      vault.close();
    }
  });

  it('a system of the office is told that something happened, and nothing more', async () => {
    const of = (type) => board.events.filter((event) => event.type === type);
    await until(() => of('case.arrived').length >= 6 && of('case.state_changed').some(({ data }) => data.state === 'unfounded'), { what: 'the events' });
    assert.equal(of('desk.events_lost').length, 1, 'of the time before the vault was open');
    const changed = of('case.state_changed').map(({ data }) => data);
    const { case: opaque } = changed.find(({ state }) => state === 'unfounded');
    assert.match(opaque, /^[0-9a-f]{32}$/);
    assert.ok(of('case.arrived').some(({ data }) => data.case === opaque), 'the same name in all events');
    for (const { type, data, ...rest } of board.events) assert.deepEqual([Object.keys(data).sort(), Object.keys(rest)], [type === 'desk.events_lost' ? ['desk'] : ['case', 'desk', 'state'], ['id']]);
    assert.equal(new Set(board.events.map(({ id }) => id)).size, board.events.length, 'each once, while all goes well');
    const cases = table((await desk('Hana', 'POST', '/api/v1/exports', { body: { what: 'cases', format: 'csv', reason: 'x' } })).answer.text).rows;
    for (const { case: id } of cases) assert.ok(!JSON.stringify(board.events).includes(id) && !JSON.stringify(board.events).includes(id.replaceAll('-', '')));
    // Away, it is tried again; nothing is lost.
    board.status = 503;
    const { tries } = board;
    const before = of('case.arrived').length;
    await report('The bridge is closed');
    await until(() => board.tries > tries, { what: 'a try' });
    board.status = 204;
    await until(() => of('case.arrived').length === before + 1, { what: 'the same event once more', ms: 30_000 });
    await until(() => house.superuserQuery("SELECT count(*) FROM recourse.outbox").trim() === '0', { what: 'an empty outbox' });
  });

  it('pieces are for who began it, and no more are under way than a desk can bear', async () => {
    const vault = openVault(house, 'usual');
    try {
      const begin = () => vault.ask({ op: 'export.begin', session: tokens.Hana, what: 'cases', reason: 'x' });
      const one = await begin();
      assert.equal(one.ok, true);
      assert.equal((await vault.ask({ op: 'export.next', session: tokens.officer, export: one.export })).error, 'not_found');
      for (let i = 0; i < 3; i++) assert.equal((await begin()).ok, true);
      assert.equal((await begin()).error, 'busy');
      // A piece ends after some milliseconds of work, however little is in it.
      const items = [];
      for (let piece = {}; !piece.last; items.push(...piece.items)) {
        piece = await vault.ask({ op: 'export.next', session: tokens.Hana, export: one.export });
        assert.equal(piece.ok, true);
      }
      assert.equal(items.length, one.total);
      assert.equal((await vault.ask({ op: 'export.next', session: tokens.Hana, export: one.export })).error, 'not_found', 'it has ended');
      assert.equal((await begin()).ok, true);
    } finally {
      vault.close();
    }
  });

  it('a file that came with a report is looked at, and taken out with a reason', async () => {
    const before = house.superuserQuery('SELECT case_id FROM recourse.upload WHERE case_id IS NOT NULL').trim().split('\n');
    await report('Here they are', { files: [await upload(house, Buffer.from('geese'))] });
    const claimed = () => house.superuserQuery('SELECT case_id FROM recourse.upload WHERE case_id IS NOT NULL').trim().split('\n');
    const id = await until(() => claimed().find((one) => one && !before.includes(one)), { what: 'the file at the desk' });
    const [file] = (await desk('officer', 'GET', '/api/v1/cases/{id}', { id })).value.conversation[0].files;
    assert.deepEqual([file.number, file.size, file.whole], [1, 5, true]);
    const seen = await does('officer', '/api/v1/cases/{id}/files/look', id, { file: file.file });
    assert.ok(seen.refused ? !seen.picture : seen.picture.base64);
    assert.equal(await does('officer', '/api/v1/cases/{id}/files/download', id, { file: file.file, which: 'original', reason: 'To count them' }), 'geese');
  });

  // An account that is being let in anew, what came in a flood, and files on their way: flows of their own have them.
  const byHand = ['/recovery/stop', '/aside', '/uploads', '/uploads/{id}'];
  it('every way in was tried: nothing in the documents goes unheld', () => {
    for (const [api, name] of [[staff, 'staff'], [people, 'public']])
      for (const [path, operations] of Object.entries(api.document.paths))
        for (const [method, { responses }] of Object.entries(operations)) {
          const good = Object.keys(responses).filter((status) => status < 300);
          const tried = good.filter((status) => api.seen.has(`${method.toUpperCase()} ${path} ${status}`));
          assert.ok(tried.length === good.length || byHand.some((each) => path.endsWith(each)), `${name}: ${method} ${path}: ${good}, tried ${tried}`);
        }
  });

  it('what is missing is named, what is nowhere is 404, what is not of the role is 403: as problems of the list', async () => {
    for (const [path, operations] of Object.entries(staff.document.paths)) {
      for (const [verb, operation] of Object.entries(operations)) {
        const method = verb.toUpperCase();
        const body = operation.requestBody?.content['application/json'].schema;
        const outsider = ['Toma', 'Hana', 'Mona'].find((name) => !operation['x-roles'].includes({ Toma: 'translator', Hana: 'handler', Mona: 'manager' }[name]));
        const may = { officer: 'officer', handler: 'Hana', auditor: 'Odile', administrator: 'Ada', reviewer: 'Rita' }[operation['x-roles'][0]];
        const { status, value } = await desk(may, method, path, { id: NOWHERE, body: {} });
        const needed = body?.required ?? operation.parameters.filter((each) => each.in === 'query' && each.required).map(({ name }) => name);
        if (needed.length) {
          assert.equal(status, 400, path);
          assert.ok(needed.includes(value.field), `${path}: ${value.field}`);
        } else if (path.includes('{id}')) {
          assert.equal(status, 404, path);
        }
        if (outsider) {
          const refused = await desk(outsider, method, path, { id: NOWHERE, body: {} });
          assert.ok([400, 403].includes(refused.status), path);
        }
      }
    }
    const forms = await ask(`${house.urls.console}/api/v1/search`, { body: 'words=x', headers: { authorization: `Bearer ${tokens.officer}`, 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(forms.status, 415);
    staff.check('POST', '/api/v1/search', forms);
    assert.equal((await desk('officer', 'GET', '/api/v1/queue', { query: '?desk=nowhere' })).value.field, 'desk');
    assert.equal((await desk('officer', 'GET', '/api/v1/queue', { query: '?limit=many' })).value.field, 'limit');
  });
});
