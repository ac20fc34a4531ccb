// Who is on call: a text about danger arrives while nobody looks; their telephone is told how many cases wait and nothing else, and
// told again until it answers with the code. And a pause: for a reason that the person reads on the page of the receipt, and
// without a text where there is no safe way to reach them. And what is missed by long, shown to more people.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { TLSSocket } from 'node:tls';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, pause, until } from '../support/installation.mjs';
import { admit, signIn } from '../support/staff.mjs';

const ON_CALL = '+254700123456', PERSON = '+254733000888';
const CANARIES = ['canary-usiku', 'canary-kisima', 'canary-subiri', 'canary-salama', 'canary-ndani', 'canary-tena', ON_CALL, PERSON, 'juma@office.example'];

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
        sent.push({ to: req.headers['x-kannel-to'], text: body });
        res.writeHead(202, { 'content-type': 'text/plain' });
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
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[alarm]\nchannel = kannel\nemail_channel = mail\nlanguage = en\nrepeat_s = 2\ngather_s = 1\n[escalation]\ncontact_h = 1\n');
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
    assert.equal(await house.metric('console', 'recourse_console_desks_locked'), 0);
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
});
