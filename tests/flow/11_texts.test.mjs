// Texts, one by one: what providers send and repeat, what strangers try, what happens while the database is away, and how an
// answer leaves through Twilio. (Kannel itself is in 10_.)
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freeze } from '../support/freeze.mjs';
import { holdWrites } from '../support/hold.mjs';
import { ask, pause, processesOf, startInstallation, until } from '../support/installation.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';
const CANARIES = ['canary-pilipili', 'canary-mouette', 'canary-retour', 'canary-offre', 'canary-virement', 'canary-hamisha', 'canary-tena', 'canary-tisho', 'canary-pamoja', 'canary-kisima', 'canary-tunakuja', '+254733000999', 'canary-puits', 'canary-demain', '+33644000888', '+254733000777', '+254733000111', '+33644000222', '+254733000666'];
const form = (fields) => new URLSearchParams(fields).toString();

describe('texts', () => {
  let house, twilio, key, officer, officerToken, french;
  const sent = [];
  const publicUrl = 'https://texts.example.org/sms/twilio';

  before(async () => {
    // Stands where Twilio's API stands, and writes down what it is asked.
    twilio = createServer((req, res) => {
      let body = '';
      req.on('data', (piece) => (body += piece));
      req.on('end', () => {
        sent.push({ url: req.url, authorization: req.headers.authorization, fields: Object.fromEntries(new URLSearchParams(body)) });
        const first = sent.filter((s) => s.fields.To === sent.at(-1).fields.To).length === 1;
        res.writeHead(first ? 503 : 201, { 'content-type': 'application/json' });
        res.end(first ? '{}' : '{"sid":"SM1"}');
      });
    }).listen(0, '127.0.0.1');
    house = await startInstallation();
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, TOKEN, { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'sw', '--send-url', 'http://127.0.0.1:9/', '--username', 'recourse', '--password-file', secretFile);
    house.cli('channel', 'add', 'twilio', '--kind', 'twilio', '--number', '+15005550006', '--language', 'fr', '--account', 'AC123', '--token-file', secretFile, '--public-url', publicUrl, '--send-url', `http://127.0.0.1:${twilio.address().port}`);
    rmSync(secretFile);
    await house.halt();
    await house.start();
    key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    const token = (officerToken = house.token(house.officer.name));
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });
  after(async () => {
    twilio.close();
    await house?.stop({ canaries: CANARIES });
  });

  const kannel = (id, text, { secret = key, from = '+254733000111' } = {}) =>
    ask(`${house.urls.smsPlain}/sms/kannel?key=${secret}&id=${id}&time=1795335793`, { body: text, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': from, 'x-kannel-to': '12345' } });
  const signed = (fields, token = TOKEN) => {
    const said = publicUrl + Object.keys(fields).sort().map((name) => name + fields[name]).join('');
    return createHmac('sha1', token).update(said).digest('base64');
  };
  const fromTwilio = (fields, signature = signed(fields)) => ask(`${house.urls.sms}/sms/twilio`, { body: form(fields), headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature } });
  const stored = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.message WHERE door = 2').trim());

  it('are stored before they are acknowledged, and once however often they are delivered', async () => {
    const [first, ...again] = await Promise.all(Array.from({ length: 8 }, () => kannel('a-1', 'maji hakuna canary-pilipili')));
    for (const answer of [first, ...again]) assert.equal(answer.status, 200);
    assert.equal([first, ...again].filter((answer) => answer.text.length > 0).length, 1, 'one acknowledgement');
    assert.equal(house.superuserQuery('SELECT count(*) FROM recourse.sms_seen').trim(), '1');
    await until(() => stored() <= 1, { what: 'one row' });
    assert.equal((await kannel('a-2', 'bado hakuna canary-pilipili')).text, '', 'acknowledged once a day');
  });

  it('from anyone without the secret are refused with 403 and leave nothing', async () => {
    const before = house.superuserQuery('SELECT count(*) FROM recourse.sms_seen').trim();
    const refused = await kannel('b-1', 'x', { secret: 'not-the-secret-of-this-channel' });
    assert.equal(refused.status, 403);
    assert.equal(refused.text, '', 'no error page that a gateway would text to the person');
    const fields = { MessageSid: 'SM9', From: '+33644000222', To: '+15005550006', Body: 'faux' };
    assert.equal((await fromTwilio(fields, signed(fields, 'another token'))).status, 403);
    assert.equal((await fromTwilio({ ...fields, Body: 'vrai' }, signed(fields))).status, 403);
    assert.equal((await ask(`${house.urls.smsPlain}/sms/unknown`, { body: 'x' })).status, 404);
    assert.equal(house.superuserQuery('SELECT count(*) FROM recourse.sms_seen').trim(), before);
  });

  it('that are only STOP get no acknowledgement', async () => {
    const answer = await kannel('c-1', 'ACHA', { from: '+254733000333' });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '');
  });

  it('come from Twilio too, are answered in TwiML, and go back through its API, tried again when it is busy', async () => {
    const fields = { MessageSid: 'SM1', From: '+33644000222', To: '+15005550006', Body: "on m'a pris ma carte canary-mouette" };
    const answer = await fromTwilio(fields);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /<Response><Message>Votre message est arrivé/);
    let mine;
    await until(
      async () => {
        const taken = await officer('/queue/take', {});
        if (taken.status === 200 && taken.text.includes('canary-mouette')) mine = taken.json();
        return mine;
      },
      { what: 'the case' },
    );
    assert.equal((await officer(`/cases/${mine.case}/answers`, { text: 'Nous vous rappelons canary-retour', language: 'fr' })).status, 201);
    await until(() => sent.length >= 2, { ms: 40_000, what: 'two tries' });
    assert.equal(sent[1].fields.To, '+33644000222');
    assert.equal(sent[1].fields.From, '+15005550006');
    assert.ok(sent[1].fields.Body.includes('canary-retour'));
    assert.equal(sent[1].url, '/2010-04-01/Accounts/AC123/Messages.json');
    assert.equal(sent[1].authorization, `Basic ${Buffer.from(`AC123:${TOKEN}`).toString('base64')}`);
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim() === '0', { what: 'the end of the row' });
    await pause(1500);
    assert.equal(sent.length, 2, 'sent once');
    // A decision says all in one text; who has no page writes back, and the case is open again.
    const decision = { state: 'out_of_scope', reason: 'Not ours', text: 'Ce n’est pas de notre ressort canary-retour', open_remedies: 'Le médiateur', language: 'fr' };
    assert.equal((await officer(`/cases/${mine.case}/decision`, decision)).status, 200);
    await until(() => sent.length >= 3, { what: 'the decision' });
    assert.match(sent[2].fields.Body, /^Ce n’est pas de notre ressort canary-retour\n\nLe médiateur\n\nSi vous pensez que c'est une erreur, répondez/);
    await fromTwilio({ ...fields, MessageSid: 'SM2', Body: 'mais si canary-mouette' });
    await until(async () => (await officer(`/cases/${mine.case}`)).json().state === 'reopened', { what: 'opening it again' });
    // A question says by text only that it waits, or what the officer chose to say to whoever holds the phone.
    const question = { purpose: 'Une visite canary-retour', what: 'Que nous venions chez vous canary-retour' };
    assert.equal((await officer(`/cases/${mine.case}/consent`, question)).status, 201);
    await until(() => sent.length >= 4, { what: 'the question' });
    assert.match(sent[3].fields.Body, /^Il y a une question pour vous/);
    assert.ok(!sent[3].fields.Body.includes('canary'), 'nothing of what it is about');
    assert.equal((await officer(`/cases/${mine.case}/consent`, { ...question, sms: 'Pouvons-nous passer lundi ?' })).status, 201);
    await until(() => sent.length >= 5, { what: 'the other one' });
    assert.equal(sent[4].fields.Body, 'Pouvons-nous passer lundi ?\n\nRépondez OUI 2 ou NON 2.');
    // It can be answered, and taken back, by a text with its number; the other one was not asked by text.
    const consent = async () => (await officer(`/cases/${mine.case}`)).json().consents[1];
    await fromTwilio({ ...fields, MessageSid: 'SM3', Body: 'Oui 2' });
    await until(async () => (await consent()).answer === 'yes', { what: 'the yes' });
    await until(() => sent.length >= 6, { what: 'that it was noted' });
    assert.equal(sent[5].fields.Body, 'Merci. Noté : OUI 2. Vous pouvez revenir dessus à tout moment : envoyez NON 2.');
    await fromTwilio({ ...fields, MessageSid: 'SM4', Body: 'non 2' });
    await until(async () => (await consent()).revoked?.via === 'text', { what: 'taking it back' });
    await until(() => sent.length >= 7, { what: 'that this was noted' });
    assert.equal(sent[6].fields.Body, 'Merci. Noté : NON 2. Votre OUI est annulé.');
    assert.equal((await officer(`/cases/${mine.case}`)).json().consents[0].answer, '');
    french = { id: mine.case, fields };
  });

  it('answer with one word what a remedy asks, once each, and are told that it was understood', async () => {
    const shown = async () => (await officer(`/cases/${french.id}`)).json();
    const becomes = (state) => until(async () => (await shown()).state === state, { what: state });
    const next = async (count) => { await until(() => sent.length >= count, { what: `text ${count}` }); return sent[count - 1].fields.Body; };
    const says = (id, Body) => fromTwilio({ ...french.fields, MessageSid: id, Body });
    const offer = { types: ['money'], what: '300', by: '2031-01-02', text: 'Nous remboursons canary-offre', language: 'fr' };
    const before = sent.length;
    await says('R0', 'oui'); // nothing was asked
    await until(async () => (await shown()).conversation.at(-1).text === 'oui', { what: 'the message' });
    assert.equal((await shown()).state, 'reopened');
    assert.equal((await officer(`/cases/${french.id}/offer`, { ...offer, types: ['none_offered'] })).status, 400);
    assert.equal((await officer(`/cases/${french.id}/offer`, { ...offer, by: '2021-01-02' })).status, 400, 'a year that was mistyped is promised to nobody');
    assert.equal((await officer(`/cases/${french.id}/offer`, offer)).status, 200);
    assert.equal(await next(before + 1), 'Nous remboursons canary-offre\n\nAcceptez-vous ? Répondez OUI ou NON.');
    assert.equal((await officer(`/cases/${french.id}/offer`, offer)).status, 409, 'one question at a time');
    await says('R1', 'NON.');
    await says('R1', 'NON.');
    await becomes('declined');
    assert.match(await next(before + 2), /^Merci. Noté : NON/);
    assert.equal((await officer(`/cases/${french.id}/offer`, { ...offer, what: '500' })).status, 200);
    await next(before + 3);
    await says('R2', 'Oui!');
    await becomes('in_action');
    assert.match(await next(before + 4), /^Merci. Noté : OUI/);
    const { items, overdue } = (await officer('/remedies')).json();
    assert.deepEqual([items.map((item) => [item.case, item.promised.map((one) => one.number), item.is_late]), overdue], [[[french.id, [2], false]], 0]);
    assert.equal((await officer(`/cases/${french.id}/deliver`, { evidence: 'Le virement canary-virement' })).status, 200);
    assert.match(await next(before + 5), /\n\nCela a-t-il aidé \? Répondez OUI ou NON\.$/);
    await says('R3', 'OUI');
    await until(async () => (await shown()).wish?.act === 'helped', { what: 'the wish' });
    assert.equal((await shown()).state, 'delivered', 'what ends a case waits');
    await next(before + 6);
    await says('R4', 'non');
    await becomes('in_action');
    await next(before + 7);
    const { remedies, wish } = await shown();
    assert.deepEqual(remedies.map((one) => [one.answer.accepted, one.answer.via, one.verified?.helped]), [[false, 'text', undefined], [true, 'text', false]]);
    assert.equal(wish, null);
    // A decision that it is delivered asks in the same text. A day that they chose is waited for, and a yes before it is a message.
    assert.equal((await officer(`/cases/${french.id}/offer`, offer)).status, 200);
    await next(before + 8);
    assert.equal((await officer(`/cases/${french.id}/decision`, { state: 'delivered', reason: 'seen', text: 'C’est fait', language: 'fr' })).status, 200);
    assert.equal(await next(before + 9), 'C’est fait\n\nCela a-t-il aidé ? Répondez OUI ou NON.');
    await says('R5', 'Non');
    await becomes('in_action');
    await next(before + 10);
    assert.equal((await officer(`/cases/${french.id}/offer`, offer)).status, 200);
    await next(before + 11);
    assert.equal((await officer(`/cases/${french.id}/deliver`, { evidence: 'vu', ask_on: new Date(Date.now() + 3000).toISOString().replace(/\.\d+/, '') })).status, 200);
    await says('R6', 'oui');
    await until(async () => (await shown()).conversation.at(-1).text === 'oui', { what: 'the message' });
    assert.equal((await shown()).remedies.at(-1).asked, undefined);
    assert.match(await next(before + 12), /Cela a-t-il aidé/);
    assert.ok((await shown()).remedies.at(-1).asked);
    await says('R7', 'oui');
    await until(async () => (await shown()).wish?.act === 'helped', { what: 'the wish' });
    await next(before + 13);
    assert.equal(sent.length, before + 13, 'each is told once');
  });

  it('are told why on the page, and on the phone nothing that somebody else may not read', async () => {
    const waiting = () => house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim();
    assert.equal((await officer(`/cases/${french.id}/why`)).status, 409, 'nobody has assessed it');
    assert.equal((await officer(`/cases/${french.id}/assessment`, { scale: 3, scope: 4, irremediability: 2, grave: false, danger_now: false, ongoing: true, reason: 'canary-retour' })).status, 200);
    const { is_theirs, is_older, ...words } = (await officer(`/cases/${french.id}/why`)).json();
    assert.deepEqual([is_theirs, is_older, words.language, words.page_only], [true, false, 'fr', true]);
    assert.match(words.text, /Nous pensons que c'est sérieux\.[\s\S]*Que cela continue\.[\s\S]*écrivez-nous ici/);
    assert.match(words.sms, /^Nous avons lu votre message\./);
    for (const text of [words.text, words.sms]) assert.doesNotMatch(text, /canary|\d/);
    assert.doesNotMatch(words.sms, /urgent|sérieux/);
    await until(() => waiting() === '0', { what: 'what came before' });
    const before = sent.length;
    assert.equal((await officer(`/cases/${french.id}/answers`, words)).status, 201);
    await until(() => sent.length > before, { what: 'the text' });
    assert.equal(sent[before].fields.Body, words.sms);
    await until(() => waiting() === '0', { what: 'the end of the row' });
    assert.equal((await officer(`/cases/${french.id}/answers`, { text: 'Encore canary-retour', language: 'fr', page_only: true })).status, 201);
    assert.equal(waiting(), '0', 'no text');
    assert.deepEqual((await officer(`/cases/${french.id}`)).json().conversation.slice(-2).map(({ text }) => text), [words.text, 'Encore canary-retour']);
  });

  it('go on to the desk that their case was moved to, also after a restart, and leave nothing at the one before', async () => {
    house.cli('staff', 'add', '--name', 'Amara', '--role', 'officer', '--desk', 'safeguarding');
    const at = (desk, name) => {
      const token = house.token(name, '--desk', desk);
      return (path, body) => ask(`${house.urls.console}/api/v1${path}${path.includes('?') ? '&' : '?'}desk=${desk}`, { body, headers: { authorization: `Bearer ${token}` } });
    };
    const usual = at('usual', house.officer.name);
    let safeguarding = at('safeguarding', 'Amara');
    const from = '+254733000666';
    assert.equal((await kannel('m-1', 'mfanyakazi wenu anataka pesa canary-hamisha', { from })).status, 200);
    let mine;
    await until(
      async () => {
        const taken = await usual('/queue/take', {});
        if (taken.status === 200 && taken.text.includes('canary-hamisha')) mine = taken.json();
        return mine;
      },
      { what: 'the case' },
    );
    await until(async () => (await usual(`/cases/${mine.case}/move`, { to: 'safeguarding', reason: 'about one of us' })).status === 200, { every: 300, what: 'the move' });
    const there = async (words) => { const shown = await safeguarding(`/cases/${mine.case}`); return shown.status === 200 && shown.text.includes(words); };
    await until(() => there('canary-hamisha'), { what: 'the case at the other desk' });
    const cases = () => Number(house.superuserQuery("SELECT count(*) FROM recourse.sealed_case WHERE desk = 'usual'").trim());
    const before = cases();
    assert.equal((await kannel('m-2', 'amekuja tena canary-tena', { from })).status, 200);
    await until(() => there('canary-tena'), { what: 'the second text' });
    await house.halt();
    await house.start();
    safeguarding = at('safeguarding', 'Amara');
    assert.equal((await kannel('m-3', 'ametisha canary-tisho', { from })).status, 200);
    await until(() => there('canary-tisho'), { what: 'the third text' });
    const conversation = (await safeguarding(`/cases/${mine.case}`)).json().conversation.map((message) => message.text);
    assert.deepEqual(conversation, ['mfanyakazi wenu anataka pesa canary-hamisha', 'amekuja tena canary-tena', 'ametisha canary-tisho']);
    await until(() => cases() === before, { what: 'no case at the usual desk' });
    const again = at('usual', house.officer.name);
    for (const words of ['canary-hamisha', 'canary-tena', 'canary-tisho']) assert.equal((await again('/search', { words })).json().total, 0, words);
    const token = (officerToken = house.token(house.officer.name));
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  });

  it('that went out while the database kept nothing are known to have gone, and go once', { timeout: 90_000 }, async () => {
    assert.equal((await fromTwilio({ MessageSid: 'SM77', From: '+33644000888', To: '+15005550006', Body: 'le puits est sec canary-puits' })).status, 200);
    let mine;
    await until(async () => { const taken = await officer('/queue/take', {}); if (taken.status === 200 && taken.text.includes('canary-puits')) mine = taken.json(); return mine; }, { what: 'the case' });
    const went = () => sent.filter(({ fields }) => fields.To === '+33644000888' && fields.Body.includes('canary-demain')).length;
    assert.equal((await officer(`/cases/${mine.case}/answers`, { text: 'Nous venons canary-demain', language: 'fr' })).status, 201);
    await until(() => went() === 1, { ms: 20_000, what: 'the first try, which is refused' });
    // From here on no state can be written, while the gateway tries again and says what became of it.
    const release = await holdWrites(house, 'case_state');
    const hangs = "FROM pg_stat_activity WHERE usename = 'recourse_vault_usual' AND wait_event_type = 'Lock'";
    try {
      await until(() => went() === 2 && house.superuserQuery(`SELECT (SELECT count(*) FROM recourse.outbox), (SELECT count(*) ${hangs})`).trim() === '0|1', { ms: 30_000, what: 'the vault to be told' });
      // And what hangs there comes to nothing, for longer than a vault tries.
      for (const until_ = Date.now() + 13_000; Date.now() < until_; await pause(200)) house.superuserQuery(`SELECT count(pg_terminate_backend(pid)) ${hangs}`);
    } finally {
      await release();
    }
    const moves = async () => (await officer(`/cases/${mine.case}/move`, { to: 'oversight', reason: 'x' })).text;
    await until(async () => /Nobody works at that desk/.test(await moves()), { ms: 30_000, every: 500, what: 'no text of the case under way' });
    assert.equal(went(), 2);
  });

  it('that wait together for the vault, of one person, are one case', async () => {
    const { pid } = processesOf(house.dir).find(({ command }) => /recourse-vault.*vault-usual/.test(command) && !/sequencer/.test(command));
    const total = async () => (await officer('/search', { words: 'canary-pamoja' })).json().total;
    const goOn = freeze(pid);
    for (const [n, text] of ['Nasubiri maji canary-pamoja', 'Tangu jana canary-pamoja', 'ACHA'].entries()) assert.equal((await kannel(`w-${n}`, text, { from: '+254733000777' })).status, 200);
    await until(() => Number(house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim()) === 3, { what: 'three that wait' });
    goOn();
    await until(() => Number(house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim()) === 0, { what: 'all to be taken' });
    await until(async () => (await total()) > 0, { what: 'their words' });
    assert.equal(await total(), 1);
    const [{ case: id }] = (await officer('/search', { words: 'canary-pamoja' })).json().items;
    assert.deepEqual((await ask(`${house.urls.console}/api/v1/cases/${id}`, { headers: { authorization: `Bearer ${officerToken}` } })).json().conversation.map(({ text }) => text.split(' ')[0]).sort(), ['ACHA', 'Nasubiri', 'Tangu'], 'and what she says last is not lost on a number that nobody knew');
  });

  it('hold their case where it is, also when one is written while it is on its way to another desk', { timeout: 90_000 }, async () => {
    assert.equal((await kannel('h-1', 'kisima kimefungwa canary-kisima', { from: '+254733000999' })).status, 200);
    let mine;
    await until(async () => { const taken = await officer('/queue/take', {}); if (taken.status === 200 && taken.text.includes('canary-kisima')) mine = taken.json(); return mine; }, { what: 'the case' });
    // A case that texts is moved in two steps, of which the first is a record. Between them she answers.
    const release = await holdWrites(house, 'record');
    const moves = officer(`/cases/${mine.case}/move`, { to: 'safeguarding', reason: 'x' });
    await pause(1000);
    const answers = officer(`/cases/${mine.case}/answers`, { text: 'Tunakuja canary-tunakuja', language: 'sw' });
    await pause(1000);
    await release();
    assert.equal((await answers).status, 201);
    assert.equal((await moves).status, 503, (await moves).text);
    assert.equal((await ask(`${house.urls.console}/api/v1/cases/${mine.case}`, { headers: { authorization: `Bearer ${officerToken}` } })).status, 200, 'it is here still');
  });

  it('are kept on disk while the database is away, acknowledged, and stored once when it is back', async () => {
    const before = stored();
    const thaw = house.freezeDatabase();
    const night = () => kannel('d-1', 'usiku canary-pilipili', { from: '+254733000444' });
    let answers;
    try {
      answers = [await night(), await night()];
      assert.equal(await house.metric('sms', 'recourse_sms_spool_rows'), 2);
    } finally {
      thaw();
    }
    assert.deepEqual(answers.map((answer) => answer.status), [200, 200]);
    assert.ok(answers[0].text.length > 0 && answers[1].text === '', 'acknowledged once');
    await until(async () => (await house.metric('sms', 'recourse_sms_spool_bytes')) === 0, { ms: 40_000, what: 'an empty spool' });
    assert.equal(stored() - before, 1);
    assert.equal((await night()).status, 200);
    assert.equal(stored() - before, 1, 'a repeat is known though it came another way');
  });

  it('are answered 503 when the disk has no room either', async () => {
    const folder = join(house.dir, 'spool/sms');
    const thaw = house.freezeDatabase();
    let answer;
    try {
      chmodSync(folder, 0o500);
      answer = await kannel('e-1', 'mchana canary-pilipili', { from: '+254733000555' });
    } finally {
      chmodSync(folder, 0o700);
      thaw();
    }
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    await until(async () => (await kannel('e-1', 'mchana canary-pilipili', { from: '+254733000555' }).catch(() => ({}))).status === 200, { ms: 40_000, what: 'the database' });
  });
});
