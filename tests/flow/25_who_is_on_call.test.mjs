// Who is on call: a text about danger arrives while nobody looks; their telephone is told how many cases wait and nothing else, and
// told again until it answers with the code; by a roster the next is told as well while the first does not answer or cannot be
// reached. And a pause: for a reason that the person reads on the page of the receipt, and
// without a text where there is no safe way to reach them. And what is missed by long, shown to more people.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { TLSSocket } from 'node:tls';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, pause, until } from '../support/installation.mjs';
import { described } from '../support/openapi.mjs';
import { admit, signIn } from '../support/staff.mjs';

const ON_CALL = '+254700123456', SECOND = '+254700123457', DEAD = '+254700123458', PERSON = '+254733000888';
const CANARIES = ['canary-usiku', 'canary-kisima', 'canary-subiri', 'canary-salama', 'canary-ndani', 'canary-tena', ON_CALL, SECOND, DEAD, PERSON, 'juma@office.example'];

/** A mail relay that takes mail under TLS alone: STARTTLS, one message at a time. `mails` gets {from, to, text, secure}. */
function startRelay(pem, mails) {
  const talk = (socket, secure) => {
    let rest = '', mail = { secure }, inData = false;
    const say = (line) => socket.write(`${line}\r\n`);
    const hear = (line) => {
      if (inData) {
        if (line !== '.') mail.text += `${line}\n`;
        else if (mails.push(mail)) [inData, mail] = [false, { secure }], say('250 taken');
        return;
      }
      const [verb] = line.toUpperCase().split(/[ :]/);
      if (verb === 'EHLO') ((mail.hello = line.slice(5)), say(`250-relay\r\n${secure ? '' : '250-STARTTLS\r\n'}250 8BITMIME`));
      else if (verb === 'STARTTLS') {
        say('220 go on');
        socket.removeAllListeners('data');
        talk(new TLSSocket(socket, { isServer: true, ...pem }), true);
      } else if (verb === 'MAIL' && !secure) say('530 STARTTLS first');
      else if (verb === 'MAIL') ((mail.from = line), say('250 ok'));
      else if (verb === 'RCPT') ((mail.to = line), say('250 ok'));
      else if (verb === 'DATA') ((inData = true), (mail.text = ''), say('354 go on'));
      else say(verb === 'QUIT' ? '221 bye' : '250 ok');
    };
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      const lines = (rest + piece).split('\r\n');
      rest = lines.pop();
      lines.forEach(hear);
    });
    if (!secure) say('220 relay');
  };
  return createTcp((socket) => talk(socket, false)).listen(0, '127.0.0.1');
}

describe('who is on call', () => {
  let house, kannel, relay, key, amina, visitor, danger, calls, well;
  const sent = [], mails = [];
  const to = (number) => sent.filter((one) => one.to === number);

  before(async () => {
    // Stands where Kannel's sendsms stands, and writes down what it is asked.
    kannel = createServer((req, res) => {
      let body = '';
      req.on('data', (piece) => (body += piece));
      req.on('end', () => {
        sent.push({ to: req.headers['x-kannel-to'], text: body, at: Date.now() });
        res.writeHead(req.headers['x-kannel-to'] === DEAD ? 400 : 202, { 'content-type': 'text/plain' });
        res.end('0: Accepted for delivery');
      });
    }).listen(0, '127.0.0.1');
    const pem = {};
    relay = startRelay(pem, mails);
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', `http://127.0.0.1:${kannel.address().port}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', secretFile);
    const certificate = join(house.dir, 'tls/cert.pem');
    Object.assign(pem, { cert: readFileSync(certificate), key: readFileSync(join(house.dir, 'secrets/sms/tls.key')) });
    house.cli('channel', 'add', 'mail', '--kind', 'smtp', '--address', 'desk@grievance.example', '--send-url', `smtp://localhost:${relay.address().port}`, '--username', 'desk', '--password-file', secretFile, '--ca-file', certificate);
    rmSync(secretFile);
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[alarm]\nchannel = kannel\nemail_channel = mail\nlanguage = en\nrepeat_s = 2\ngather_s = 1\nnext_s = 6\n[escalation]\ncontact_h = 1\n');
    await house.start();
    key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    house.officer = { name: 'Amina', password: admit(house, 'Amina', 'officer') };
    const token = house.token(house.officer.name);
    amina = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    visitor = await signIn(house, house.officer);
  });
  after(async () => {
    kannel.close();
    relay.close();
    await house?.stop({ canaries: CANARIES });
  });

  const text = (id, words, from) =>
    ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=${id}&time=1795335793`, { body: words, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': from, 'x-kannel-to': '12345' } });
  const cases = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
  const desks = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.desk').trim());
  const inbox = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim());

  it('nobody: every page of members says so; an officer sets it, with the password once more', async () => {
    assert.match((await visitor.get('/queue')).text, /Nobody is on call: nobody is told/);
    await visitor.get('/oncall');
    assert.equal((await visitor.post('/oncall', { name: 'Juma', to: ON_CALL, password: 'guessed' })).status, 403);
    assert.equal((await visitor.post('/oncall', { name: 'Juma', to: 'my telephone', password: house.officer.password })).status, 400);
    assert.equal((await visitor.post('/oncall', { name: 'Juma', to: ON_CALL, until: '2026-01-01T08:00', password: house.officer.password })).status, 400, 'a time that has passed');
    assert.equal((await visitor.post('/oncall', { name: 'Juma', to: ON_CALL, until: '2099-01-01T08:00', password: house.officer.password })).status, 303);
    assert.match((await visitor.get('/oncall')).text, /Juma/);
    await until(async () => !/on call cannot be told|Nobody is on call/.test((await visitor.get('/queue')).text), { what: 'the gateway\'s key' });
    assert.equal(sent.length, 0, 'nothing waits');
  });

  it('a text about danger: the telephone is told a number and a code, again and again, and nothing of the case', async () => {
    assert.equal((await text('n-1', 'they will kill us tonight canary-usiku', PERSON)).status, 200);
    await until(() => to(ON_CALL).length >= 1, { what: 'the first message' });
    const first = to(ON_CALL)[0].text;
    assert.match(first, /^recourse: 1 case waits for a look now\. Sign in\. Answer OK \d{6}\.$/);
    await until(() => to(ON_CALL).length >= 2, { what: 'the second message' });
    assert.equal(to(ON_CALL)[1].text, first, 'the same code while nobody answers');
    const page = (await visitor.get('/queue')).text;
    assert.match(page, /1 case waits for a look now\.[\s\S]*I know, and see to it/);
  });

  it('the code from that telephone ends it, and is no report; what comes next is told anew', async () => {
    const before = cases(), code = to(ON_CALL)[0].text.match(/\d{6}/)[0];
    assert.equal((await text('n-2', `OK ${code === '111111' ? '222222' : '111111'}`, ON_CALL)).status, 200);
    assert.equal((await text('n-3', `ok ${code}`, ON_CALL)).status, 200);
    await until(() => inbox() === 0 && cases() === before, { what: 'both envelopes dissolved' });
    assert.doesNotMatch((await visitor.get('/queue')).text, /I know, and see to it/);
    const count = to(ON_CALL).length;
    await pause(2500);
    assert.equal(to(ON_CALL).length, count, 'silence');
    assert.equal((await text('n-4', 'they have guns, we will be killed canary-tena', '+254733000999')).status, 200);
    await until(() => to(ON_CALL).length > count, { what: 'the next alarm' });
    assert.match(to(ON_CALL).at(-1).text, /^recourse: 2 cases wait for a look now\./);
    assert.notEqual(to(ON_CALL).at(-1).text.match(/\d{6}/)[0], code);
    assert.equal((await visitor.post('/oncall/acknowledge')).status, 303, 'in the console');
    danger = (await amina('/queue/take', {})).json().case;
    calls = to(ON_CALL).length;
  });

  it('a pause: no safe way to reach them sends nothing, another reason is told; neither puts off a look', async () => {
    const shown = async () => (await amina(`/cases/${danger}`)).json();
    const stage = async (name) => (await shown()).deadlines.find((one) => one.stage === name);
    const words = { says: 'We wait canary-subiri', reason: 'She asked canary-ndani' };
    assert.equal((await amina(`/cases/${danger}/pause`, { code: 'lunch', ...words })).status, 400);
    assert.equal((await amina(`/cases/${danger}/pause`, { code: 'no_safe_way', says: 'x' })).status, 400, 'staff read why, too');
    assert.equal((await amina(`/cases/${danger}/pause`, { code: 'no_safe_way', says: 'Write when you can canary-salama', reason: 'He reads her phone canary-ndani' })).status, 200);
    assert.equal((await amina(`/cases/${danger}/pause`, { code: 'no_safe_way', ...words })).status, 409);
    assert.equal((await stage('contact')).paused, true);
    assert.equal((await stage('look')).paused, false);
    assert.ok((await stage('look')).due);
    assert.equal((await amina(`/cases/${danger}/resume`, {})).status, 200);
    assert.ok((await stage('contact')).due);
    assert.equal((await amina(`/cases/${danger}/pause`, { code: 'other_proceedings', ...words })).status, 200);
    await until(() => sent.some((one) => one.text.includes('canary-subiri')), { what: 'the text about the other reason' });
    assert.ok(!sent.some((one) => /canary-(salama|ndani)/.test(one.text)), 'no unsafe text, and nothing that is for staff');
    assert.match((await visitor.get(`/cases/${danger}`)).text, /The deadlines stand still[\s\S]*Other proceedings have to end first/);
  });

  it('the person reads why on the page of the receipt, and their words end what waited for them', async () => {
    const { receipt } = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'The well is dry canary-kisima', read_back: true } })).json();
    let mine;
    await until(async () => (mine = (await amina('/search', { words: 'canary' })).json().items.find((item) => item.channel !== 'sms')), { what: 'the case' });
    assert.equal((await amina(`/cases/${mine.case}/pause`, { code: 'waiting_for_you', says: 'Which well is it? canary-subiri', reason: 'Three wells canary-ndani' })).status, 200);
    const page = async () => (await ask(`${house.urls.intake}/receipt`, { body: new URLSearchParams({ receipt, step: 'look' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } })).text;
    const told = await page();
    assert.match(told, /id="pause"[\s\S]*stand still since[\s\S]*We need your answer before we can go on[\s\S]*Which well is it\? canary-subiri/);
    assert.doesNotMatch(told, /canary-ndani/);
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json().pause.code, 'waiting_for_you');
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text: 'The one behind the school canary-kisima' } })).status, 201);
    await until(async () => !/id="pause"/.test(await page()), { what: 'the end of the pause' });
    const { pauses } = (await amina(`/cases/${mine.case}`)).json();
    assert.equal(pauses.length, 1);
    assert.ok(pauses[0].to);
    well = mine.case;
  });

  it('a deadline that was missed by long is escalated once, until somebody does what it asks for', async () => {
    const escalated = async () => (await amina('/queue?lane=escalated')).json().items.map((item) => item.case);
    const lines = async () => (await amina(`/cases/${well}`)).json().history.filter((line) => line.what === 'Escalated: no safe contact in time').length;
    assert.deepEqual(await escalated(), []);
    const by = new Date(Date.now() - 3 * 3_600_000).toISOString().replace(/\.\d+/, '');
    assert.equal((await amina(`/cases/${well}/assessment`, { scale: 2, scope: 2, irremediability: 2, by, reason: 'It ran dry hours ago canary-ndani' })).status, 200);
    await until(async () => (await escalated()).includes(well), { what: 'the list of what was escalated' });
    const figures = (await visitor.get('/figures')).text;
    assert.match(figures, /escalated: 1<[\s\S]*id="breaches"[\s\S]*First safe contact<\/th><td class="n">\d+<\/td><td class="n">1<\/td>/);
    await pause(1500);
    assert.equal(await lines(), 1, 'once');
    assert.equal((await amina(`/cases/${well}/answers`, { text: 'We are on the way canary-kisima', language: 'en' })).status, 201);
    assert.deepEqual(await escalated(), []);
    assert.equal(to(ON_CALL).length, calls, 'nobody called again since it was acknowledged');
    await until(async () => (await house.metric('console', 'recourse_console_desks_locked')) === 0, { what: 'every desk to be open' });
    await until(async () => (await house.metric('console', 'recourse_console_desks_nobody_on_call')) === desks() - 1, { what: 'one desk with somebody on call' });
  });

  it('by e-mail where they chose so: over TLS, with the number of cases and nothing else', async () => {
    await visitor.get('/oncall');
    const juma = { name: 'Juma', channel: 'email', password: house.officer.password };
    assert.equal((await visitor.post('/oncall', { ...juma, to: 'juma@office.example\r\nBcc: x@y' })).status, 400);
    assert.equal((await visitor.post('/oncall', { ...juma, to: 'juma@office.example' })).status, 303);
    assert.equal((await text('n-5', 'they will kill us all canary-usiku', '+254733000777')).status, 200);
    await until(() => mails.length >= 1, { what: 'the mail' });
    const [mail] = mails;
    assert.ok(mail.secure);
    assert.equal(mail.hello, 'grievance.example', 'not the name of this machine');
    assert.match(mail.from, /^MAIL FROM:<desk@grievance\.example>/);
    assert.match(mail.to, /^RCPT TO:<juma@office\.example>/);
    assert.match(mail.text, /^Subject: recourse$/m);
    assert.match(mail.text, /\n\nrecourse: \d+ cases? waits? for a look now\. Sign in and say that you know\.\n$/);
    assert.equal(to(ON_CALL).length, calls);
  });

  it('a roster: who is told and in which order, the gaps of the week, and nothing typed is lost or written over', async () => {
    const password = house.officer.password;
    assert.equal((await visitor.post('/oncall', { to: '', password })).status, 303, 'nobody by name any more');
    const row = (n, fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [`roster.${n}.${key}`, value]));
    const juma = row(0, { name: 'Juma', to: ON_CALL, channel: 'sms', place: '1' });
    const halima = row(1, { name: 'Halima', to: SECOND, channel: 'sms', place: '2' });
    assert.equal((await visitor.post('/oncall/roster', { seen: '', ...juma, password: 'guessed' })).status, 403);
    assert.equal((await visitor.post('/oncall/roster', { seen: '', ...juma, ...row(1, { name: 'Halima', place: '2', channel: 'sms' }), password })).status, 400, 'a name without a telephone');
    assert.equal((await visitor.post('/oncall/roster', { seen: '', ...juma, 'roster.0.from': '18:00', password })).status, 400, 'one hour alone');
    assert.equal((await visitor.post('/oncall/roster', { seen: '', ...juma, 'roster.0.from_day': 'monday', 'roster.0.from': '08:00', 'roster.0.until_day': 'sunday', 'roster.0.until': '08:00', password })).status, 303);
    const week = (await visitor.get('/oncall')).text;
    assert.match(week, /Monday 08:00 until Sunday 08:00/);
    assert.match(week, /At these times nobody is on call:[\s\S]*<li>from Sunday \d{4}-\d\d-\d\d 08:00 until Monday \d{4}-\d\d-\d\d 08:00<\/li>/);
    assert.equal((await visitor.post('/oncall/roster', { seen: '', ...halima, password })).status, 409, 'somebody was faster');
    const [{ roster_at: seen, gaps, roster }] = (await described(house.urls.console)).check('GET', '/api/v1/oncall', await amina('/oncall'));
    assert.ok(gaps.length >= 1);
    assert.equal(roster[0].until_day, 'sunday');
    const office = row(2, { name: 'Juma', to: ON_CALL, channel: 'sms', place: '1', from_day: 'monday', from: '09:00', until_day: 'friday', until: '17:00', each_day: 'yes' });
    assert.equal((await visitor.post('/oncall/roster', { seen, ...juma, ...halima, ...office, password })).status, 303);
    const [kept] = (await described(house.urls.console)).check('GET', '/api/v1/oncall', await amina('/oncall'));
    assert.deepEqual(kept.roster.map((one) => one.each_day), [undefined, undefined, true]);
    const page = (await visitor.get('/oncall')).text;
    assert.match(page, /Monday to Friday, each day 09:00 until 17:00/);
    assert.match(page, /Juma<\/bdi>: at once[\s\S]*Halima<\/bdi>: after 1 minute without an answer[\s\S]*Somebody is on call at every hour/);
  });

  it('while the first does not answer, the second is told as well and can end it', async () => {
    const from = sent.length, after = (number) => sent.slice(from).filter((one) => one.to === number);
    await until(() => after(SECOND).length >= 1, { what: 'the second person' });
    assert.ok(after(ON_CALL).length >= 2, 'the first was told before, and again');
    const [said] = after(SECOND);
    assert.equal(said.text, after(ON_CALL).at(-1).text);
    assert.ok(said.at - sent.find((one) => one.to === ON_CALL && one.text === said.text).at > 4000, 'in their turn');
    assert.equal((await text('n-6', `OK ${said.text.match(/\d{6}/)[0]}`, SECOND)).status, 200);
    await until(async () => !/I know, and see to it/.test((await visitor.get('/queue')).text), { what: 'the acknowledgement' });
    await until(() => inbox() === 0, { what: 'the envelope dissolved' });
    const count = sent.length;
    await pause(2500);
    assert.equal(sent.length, count, 'silence for both');
  });

  it('where the first cannot be reached, the second is told at once', async () => {
    const { roster_at: seen } = (await amina('/oncall')).json();
    const rows = { 'roster.0.name': 'Juma', 'roster.0.to': DEAD, 'roster.0.channel': 'sms', 'roster.0.place': '1', 'roster.1.name': 'Halima', 'roster.1.to': SECOND, 'roster.1.channel': 'sms', 'roster.1.place': '2' };
    assert.equal((await visitor.post('/oncall/roster', { seen, ...rows, password: house.officer.password })).status, 303);
    const from = sent.length, after = (number) => sent.slice(from).filter((one) => one.to === number);
    assert.equal((await text('n-7', 'they will kill us, come canary-usiku', '+254733000666')).status, 200);
    await until(() => after(SECOND).length >= 1, { what: 'the second person' });
    assert.ok(after(SECOND)[0].at - after(DEAD)[0].at < 6000, 'before their turn');
    assert.match((await visitor.get('/queue')).text, /could not be delivered/);
    assert.equal((await visitor.post('/oncall/acknowledge')).status, 303);
    admit(house, 'Odile', 'auditor');
    const { items } = (await ask(`${house.urls.console}/api/v1/log?limit=100`, { headers: { authorization: `Bearer ${house.token('Odile')}` } })).json();
    assert.equal(items.filter(({ who, what }) => who === 'Amina' && what === 'oncall.roster').length, 3);
    assert.ok(items.some(({ who, what }) => who === 'Halima' && what === 'alarm.acknowledged'));
    for (const number of [ON_CALL, SECOND, DEAD]) assert.ok(!JSON.stringify(items).includes(number.slice(1)));
  });
});
