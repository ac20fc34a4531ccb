// Two people in one case: somebody reports as a representative on the web, the affected person writes from her own telephone, an
// officer puts the two together. What is offered is offered to both; his yes is noted and does not count against her no. She ends
// it, and nothing more goes to him, who is not told. Names of staff in one hide both, and both go to another desk.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, until } from '../support/installation.mjs';
import { admit } from '../support/staff.mjs';

const PERSON = '+254733000777', BROTHER = '+254733000778';
const CANARIES = ['canary-brother', 'canary-sister', 'canary-offer', 'canary-take', 'canary-after', 'canary-agreed', 'canary-waits', PERSON, BROTHER];

describe('two people in one case', () => {
  let house, kannel, key, amina, joseph, zawadi, his, hers, hisReceipt, herReceipt;
  const sent = [];
  const asStaff = (token, desk = 'usual') => (path, body) => ask(`${house.urls.console}/api/v1${path}${path.includes('?') ? '&' : '?'}desk=${desk}`, { body, method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}` } });
  let taken = 202;
  const texts = async (id, words, from = PERSON) =>
    assert.equal((await ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=${id}&time=1795335793`, { body: words, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': from, 'x-kannel-to': '12345' } })).status, 200);
  const thread = async (receipt) => (await ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } })).json();
  const writes = async (receipt, words) => assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, language: 'en', ...words } })).status, 201);
  const shown = async (id, who = amina) => (await who(`/cases/${id}`)).json();
  const said = async (path, body) => {
    const answer = await amina(path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
  };

  before(async () => {
    kannel = createServer((req, res) => {
      let body = '';
      req.on('data', (piece) => (body += piece));
      req.on('end', () => {
        if (taken === 202) sent.push(body);
        res.writeHead(taken, { 'content-type': 'text/plain' });
        res.end('0: Accepted for delivery');
      });
    }).listen(0, '127.0.0.1');
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', `http://127.0.0.1:${kannel.address().port}/cgi-bin/sendsms`, '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    await house.start();
    key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    await until(() => { try { return admit(house, 'Amina', 'officer'); } catch { return null; } }, { every: 300, what: 'the vault' });
    admit(house, 'Joseph Otieno', 'officer');
    house.cli('staff', 'add', '--name', 'Zawadi', '--role', 'officer', '--desk', 'safeguarding');
    [amina, joseph, zawadi] = [asStaff(house.token('Amina')), asStaff(house.token('Joseph Otieno')), asStaff(house.token('Zawadi', '--desk', 'safeguarding'), 'safeguarding')];
  });
  after(async () => {
    kannel.close();
    await house?.stop({ canaries: CANARIES });
  });

  it('both come by the ordinary door, and an officer puts the one with the other', async () => {
    hisReceipt = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They keep the pay of my sister canary-brother', answers: { speaking_as: 'representative' }, read_back: true } })).json().receipt;
    await until(async () => (await amina('/queue')).json().total === 1, { what: 'his report' });
    his = (await amina('/queue/take', {})).json().case;
    assert.equal((await shown(his)).participant.say, 'no_mandate', 'nobody wrote down that she agreed');
    await texts(1, 'My brother wrote to you for me, this is Grace canary-sister');
    await until(async () => { hers = (await amina('/queue')).json().items[0]?.case; return hers; }, { what: 'her text' });
    const joins = (body) => amina(`/cases/${his}/participants`, { other: hers, role: 'affected', reason: 'She named him', ...body });
    assert.equal((await joins({ role: 'boss' })).status, 400);
    assert.equal((await joins({ other: his })).status, 400, 'nobody stands beside themself');
    assert.equal((await joins({ other: '01010101-0101-0101-0101-010101010101' })).status, 404);
    assert.equal((await joins({})).status, 200);
    await until(async () => (await shown(his)).participant.others.length === 1, { what: 'both in one case' });
    const { participant, taken_by: holder } = await shown(hers);
    assert.deepEqual([participant.role, participant.say, participant.others[0].role, participant.others[0].say], ['affected', 'decides', 'representative', 'beside']);
    assert.equal(holder, 'Amina', 'one case, one officer');
    assert.equal((await joins({})).status, 409, 'she takes part already');
  });

  it('she is told that somebody speaks for her; neither reads a word of the other', async () => {
    await texts(2, 'RECEIPT');
    await until(() => { herReceipt = sent.join('\n').match(/(\d{4} ){6}\d{4}/)?.[0]; return herReceipt; }, { what: 'her receipt' });
    await until(async () => (await thread(herReceipt)).represented === 'now', { what: 'what she is told' });
    const [he, she] = [await thread(hisReceipt), await thread(herReceipt)];
    assert.ok(she.can.includes('alone') && !he.can.includes('alone'));
    assert.equal(he.speaks_for, true);
    assert.ok(!JSON.stringify(he).includes('canary-sister') && !JSON.stringify(she).includes('canary-brother'));
    const page = await ask(`${house.urls.intake}/receipt`, { body: new URLSearchParams({ receipt: herReceipt, step: 'look', lang: 'en' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.match(page.text, /Somebody speaks for you in this/);
  });

  it('what is offered is offered to both, and her no stands whatever he says', async () => {
    await said(`/cases/${his}/offer`, { types: ['money'], what: 'Half of the pay', text: 'We can get half of it back canary-offer', language: 'en', others: true });
    await until(() => sent.some((text) => text.includes('canary-offer')), { what: 'the offer on her telephone' });
    await writes(hisReceipt, { act: 'accept', text: 'Take it canary-take' });
    await until(async () => (await shown(his)).participant.noted?.length === 1, { what: 'what he says' });
    assert.equal((await shown(his)).state, 'remedy_offered');
    assert.equal((await shown(his)).remedies[0].answer, undefined);
    assert.equal((await shown(hers)).participant.others[0].remedy, 'says_yes');
    assert.equal((await amina(`/cases/${his}/heard`, { said: 'accept', words: 'He said so' })).status, 409, 'nor does it count where staff heard it');
    await texts(3, 'No');
    await until(async () => (await shown(hers)).state === 'declined', { what: 'her no' });
    assert.equal((await amina('/remedies')).json().total, 0, 'nothing is promised');
    assert.equal((await thread(hisReceipt)).state, 'remedy_offered', 'and he learns nothing of her answer');
    assert.equal((await amina(`/cases/${his}/consent/answer`, { purpose: 'A visit', what: 'canary-agreed', answer: 'yes', how: 'He said so' })).status, 409);
  });

  it('she ends it: nothing more goes to him, and he is not told; what he writes is read', async () => {
    const before = await thread(hisReceipt);
    const ends = await ask(`${house.urls.intake}/receipt`, { body: new URLSearchParams({ receipt: herReceipt, step: 'alone', lang: 'en' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(ends.status, 201);
    assert.match(ends.text, /You speak for yourself from now on/);
    await until(async () => (await shown(his)).participant.ended, { what: 'the end of his part' });
    assert.equal((await thread(herReceipt)).represented, 'ended');
    for (const [path, body] of [['answers', { text: 'x', language: 'en' }], ['offer', { types: ['money'], what: 'x', text: 'x', language: 'en' }], ['consent', { purpose: 'x', what: 'x' }], ['participant', { role: 'representative', reason: 'x' }]]) assert.equal((await amina(`/cases/${his}/${path}`, body)).status, 409, path);
    await said(`/cases/${hers}/offer`, { types: ['money'], what: 'All of it', text: 'All of it canary-offer', language: 'en', others: true });
    await until(() => sent.filter((text) => text.includes('canary-offer')).length === 2, { what: 'the better offer' });
    assert.deepEqual(await thread(hisReceipt), before);
    await writes(hisReceipt, { text: 'Why does nobody answer me canary-after' });
    await until(async () => (await shown(his)).conversation.at(-1).text.includes('canary-after'), { what: 'what he writes' });
    assert.equal((await thread(hisReceipt)).state, before.state);
    assert.equal((await shown(his)).remedies.length, 1);
  });

  it('whom one of them names sees neither, and both go to another desk', async () => {
    assert.equal((await joseph(`/cases/${his}`)).status, 200);
    await texts(4, 'Joseph Otieno asked me for money when I came to the office');
    await until(async () => (await joseph(`/cases/${hers}`)).status === 404, { what: 'hers to be gone for him' });
    assert.equal((await joseph(`/cases/${his}`)).status, 404);
    await until(async () => (await amina(`/cases/${hers}/move`, { to: 'safeguarding', reason: 'She is at risk' })).status === 200, { ms: 90_000, every: 500, what: 'the move' });
    await until(async () => (await zawadi(`/cases/${his}`)).status === 200 && (await zawadi(`/cases/${hers}`)).status === 200, { ms: 30_000, what: 'both at the other desk' });
    for (const id of [his, hers]) assert.equal((await amina(`/cases/${id}`)).status, 404);
    const { participant } = await shown(hers, zawadi);
    assert.deepEqual([participant.alone !== undefined, participant.others.length, participant.others[0].say], [true, 1, 'ended']);
  });

  it('who texts for somebody is not sent either what waited when she ended it', async () => {
    herReceipt = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They keep my pay canary-sister', read_back: true } })).json().receipt;
    await until(async () => (await amina('/queue')).json().total === 1, { what: 'her report' });
    hers = (await amina('/queue/take', {})).json().case;
    await texts(5, 'They keep the pay of my sister canary-brother', BROTHER);
    his = await until(async () => (await amina('/queue')).json().items[0]?.case, { what: 'his text' });
    await said(`/cases/${hers}/participants`, { other: his, role: 'representative', reason: 'He named her' });
    await until(async () => (await shown(hers)).participant.others.length === 1, { what: 'both in one case' });
    taken = 503;
    await said(`/cases/${his}/answers`, { text: 'We look for her employer canary-waits', language: 'en' });
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim() === '1', { what: 'a text that waits' });
    await writes(herReceipt, { act: 'alone' });
    await until(async () => (await shown(his)).participant.ended, { what: 'the end of his part' });
    taken = 202;
    await until(() => house.superuserQuery('SELECT count(*) FROM recourse.outbox').trim() === '0', { ms: 60_000, what: 'an empty outbox' });
    assert.ok(!sent.some((text) => text.includes('canary-waits')));
  });
});
