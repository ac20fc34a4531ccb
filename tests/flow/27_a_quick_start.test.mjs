// A vault that comes back remembers: what it kept sealed beside it is read, the database is asked what changed since, and
// nobody sees a difference but the time: all that officers are shown is held against a start without it. A file that somebody
// changed costs nothing but that time.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, makeInstallation, pause, until } from '../support/installation.mjs';
import { admit } from '../support/staff.mjs';
import { pidsOf } from '../bench/tools.mjs';

const TEXTS = ['The ferryman Odhiambo keeps our fares', 'Guards at the Kerio quarry beat my brother', 'No water in the Tamboura barracks', 'Our Tamboura foreman was paid to be silent'];
const PERSON = '+254733000818', NAMED = 'Wekesa Simiyu';

describe('a vault that comes back', () => {
  let house, amina, named, quarry, water, ferry, text, referral, whole;
  const asStaff = (token) => (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
  const api = (path, body) => amina(path, body);
  const done = async (path, body, who = amina) => {
    const answer = await who(path, body);
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return answer.text.startsWith('{') ? answer.json() : {};
  };
  const report = async (text) => assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, answers: { wish: 'Wekesa should know' } } })).status, 201);
  const inQueue = (count) => until(async () => (await api('/queue')).json().total === count, { what: `${count} cases in the queue` });
  const found = async (words) => (await api('/search', { words })).json().items.map((item) => item.case).sort();
  const lines = () => house.logs('vault-usual').split('\n');
  const told = (what) => lines().filter((line) => line.includes(`what=${what} `)).map((line) => Object.fromEntries([...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value])));
  const files = () => ['a', 'b'].map((slot) => join(house.dir, 'snapshot/vault-usual', `usual.${slot}`)).filter((path) => existsSync(path));
  const file = () => files().find((path) => statSync(path).size > 0);
  const empty = () => files().forEach((path) => truncateSync(path));
  /** A snapshot of so many cases is there, written since the vault came last. */
  const kept = (count) => until(() => {
    const since = lines().slice(lines().findLastIndex((line) => line.includes('what=vault_open ')));
    return since.findLast((line) => line.includes('what=snapshot '))?.includes(`cases=${count}`);
  }, { ms: 30_000, what: 'a snapshot' });
  /** Nothing changes any more, and the last snapshot has all of it. */
  const settled = () => until(async () => {
    const before = told('snapshot').length;
    await pause(1500);
    return told('snapshot').length === before;
  }, { ms: 60_000, what: 'quiet' });
  /** All that is shown: to who holds the cases, and to who is named in two of them. */
  const shown = async () => {
    const lists = ['/queue', '/queue?lane=escalated', '/referrals', '/remedies', '/groups', '/checkins', '/translations', '/second', '/figures', '/figures/flow'];
    const all = [];
    for (const who of [amina, named])
      for (const path of [...lists, ...[quarry, water, ferry, text].flatMap((id) => [`/cases/${id}`, `/cases/${id}/why`])]) {
        const answer = await who(path);
        assert.ok([200, 404, 409].includes(answer.status), `${path}: ${answer.status}`);
        all.push([path, answer.status, answer.status === 200 ? answer.json() : null]);
      }
    return all;
  };
  /** The vault dies and comes back; what it said since. */
  const again = async (meanwhile = () => {}) => {
    const before = lines().length, vault = pidsOf(`recourse-vault --config ${house.dir}/etc/vault-usual.ini`);
    await meanwhile(() => vault.forEach((pid) => process.kill(pid, 'SIGKILL')));
    await until(() => lines().slice(before).some((line) => line.includes('what=vault_open ')), { ms: 30_000, what: 'the vault' });
    await until(async () => (await api('/queue')).status === 200, { what: 'the console to find it again' });
    return lines().slice(before).filter((line) => /what=(snapshot_read|snapshot_refused|caught_up) /.test(line)).map((line) => line.replace(/.*what=/, '').replace(/ desk=\S+| (pid|room|level|at)=\S+/g, ''));
  };

  before(async () => {
    house = await makeInstallation();
    house.cli('init', '--port', String(house.base));
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[office]\nsnapshot_s = 1\n[escalation]\ncontact_h = 1\n');
    const secretFile = `${house.dir}.secret`;
    writeFileSync(secretFile, '0123456789abcdef', { mode: 0o600 });
    house.cli('channel', 'add', 'kannel', '--kind', 'kannel', '--number', '12345', '--language', 'en', '--send-url', 'http://127.0.0.1:9/', '--username', 'recourse', '--password-file', secretFile);
    rmSync(secretFile);
    await house.start();
    house.officer = { name: 'Amina', password: admit(house, 'Amina', 'officer') };
    admit(house, NAMED, 'officer');
    [amina, named] = [asStaff(house.token('Amina')), asStaff(house.token(NAMED))];
    for (const text of TEXTS.slice(0, 3)) await report(text);
    await inQueue(3);
  });
  after(async () => {
    await house?.stop({ canaries: TEXTS.flatMap((text) => text.split(' ').filter((word) => /^(Odhiambo|Kerio|Tamboura)$/.test(word))).concat(PERSON, 'Simiyu', 'Wekesa', 'Nanjala') });
  });

  it('what it kept is sealed', async () => {
    await kept(3);
    const bytes = readFileSync(file());
    for (const word of ['Odhiambo', 'grievance', 'tamboura', 'first_look']) assert.ok(!bytes.includes(word), word);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('it comes back with every case where it was, and finds their words', async () => {
    const before = (await api('/queue')).json();
    const said = await again((kill) => kill());
    assert.ok(said.some((line) => /^snapshot_read .*cases=3/.test(line)), said.join('; '));
    assert.ok(said.some((line) => /^caught_up .*wanted=0.*gone=0/.test(line)), said.join('; '));
    const now = (await api('/queue')).json();
    assert.deepEqual(now.items.map((item) => item.case), before.items.map((item) => item.case));
    assert.equal((await found('tamboura')).length, 1);
    assert.deepEqual(await found('"kerio quarry"'), (await found('kerio')));
    [quarry] = await found('kerio');
    [water] = await found('barracks');
    [ferry] = await found('odhiambo');
  });

  it('who stands together, whom it is hidden from, what was escalated and what waits for a receiver are there as without it', async () => {
    const key = readFileSync(join(house.dir, 'secrets/sms/channel-kannel.secret'), 'utf8').trim();
    assert.equal((await ask(`${house.urls.smsPlain}/sms/kannel?key=${key}&id=1&time=1795335793`, { body: `It was my brother whom they beat. ${NAMED} asked him for money`, headers: { 'content-type': 'text/plain; charset="UTF-8"', 'x-kannel-from': PERSON, 'x-kannel-to': '12345' } })).status, 200);
    text = await until(async () => (await found('brother')).find((id) => id !== quarry), { what: 'the text' });
    for (const { case: id } of (await api('/queue')).json().items) assert.ok(id && (await done('/queue/take', {})).case);
    await done(`/cases/${quarry}/participants`, { other: text, role: 'affected', reason: 'They came together' });
    await done(`/cases/${text}/answers`, { text: 'We look at it', language: 'en' }); // waits for a provider who does not answer
    const [certificate, fingerprint] = [['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Inspectorate', '-days', '30', '-keyout', '/dev/null'], ['x509', '-noout', '-fingerprint', '-sha256']].reduce((made, args) => [...made, execFileSync('openssl', args, { input: made[0], encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })], []);
    const { receiver } = await done('/receivers', { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', contact: 'x', certificate });
    await done(`/receivers/${receiver}/check`, { version: 1, fingerprint: fingerprint.split('=')[1].trim(), how: 'Called the switchboard' }, named);
    await done(`/cases/${ferry}/assessment`, { scale: 2, scope: 2, irremediability: 2, by: new Date(Date.now() - 3 * 3_600_000).toISOString().replace(/\.\d+/, ''), reason: 'It left hours ago' });
    await done(`/cases/${water}/consent/answer`, { receiver, purpose: 'An inspection', what: 'x', answer: 'yes', how: 'In person' });
    referral = await done(`/cases/${water}/referrals`, { consent: 1, messages: ['1'] });
    await done(`/cases/${water}/referral`, { ...referral, text: 'There is no water' });
    referral.edition = (await api(`/cases/${water}/referral?referral=${referral.referral}`)).json().edition;
    await done(`/cases/${water}/referral/approve`, { ...referral, reason: 'They inspect' });
    await done(`/cases/${water}/referral/send`, { referral: referral.referral, reason: 'By courier' });
    await until(async () => (await api('/queue?lane=escalated')).json().items.some((one) => one.case === ferry), { what: 'what is escalated' });
    await settled();
    whole = await shown();
    const of = (path, from = 0) => whole.slice(from).find((row) => row[0] === path);
    assert.equal(of(`/cases/${quarry}`)[2].participant.others.length, 1);
    assert.equal(of(`/cases/${quarry}`, whole.length / 2)[1], 404, 'whom one of them names sees neither');
    assert.equal(of('/referrals')[2].total, 1);
    assert.ok(of(`/cases/${water}`)[2].deadlines.some((one) => one.stage === 'receiver'));
    const said = await again((kill) => kill());
    assert.ok(said.some((line) => /^caught_up .*wanted=0.*gone=0/.test(line)), said.join('; '));
    assert.deepEqual(await shown(), whole);
    await again((kill) => {
      kill();
      empty();
    });
    assert.deepEqual(await shown(), whole);
  });

  it('what happened since is taken from the database', async () => {
    await kept(4);
    const path = file(), old = readFileSync(path), opened = () => told('vault_open').length;
    await done(`/cases/${text}/answers`, { text: 'Come to the office', language: 'en' });
    await done(`/cases/${ferry}/answers`, { text: 'We are on the way', language: 'en' });
    await done(`/cases/${water}/referral/note`, { referral: referral.referral, status: 'accepted', words: 'They come on Monday' });
    const said = await again(async (kill) => {
      kill();
      empty();
      writeFileSync(path, old);
      await report(TEXTS[3]);
    });
    assert.ok(said.some((line) => /^snapshot_read /.test(line)), said.join('; '));
    assert.ok(said.some((line) => /^caught_up .*wanted=3.*gone=0/.test(line)), said.join('; '));
    const once = opened();
    await until(async () => (await found('tamboura')).length === 2, { what: 'the new one, too' });
    assert.equal((await api('/figures')).json().cases, 5);
    assert.deepEqual((await api('/queue?lane=escalated')).json().items, []);
    assert.equal((await api('/referrals')).json().total, 0);
    await settled(); // the texts that wait were looked at, too
    whole = await shown();
    assert.ok(JSON.stringify(whole).includes('Come to the office'), 'the answer is there');
    assert.equal(opened(), once, 'it goes on');
    await again((kill) => {
      kill();
      empty();
    });
    assert.deepEqual(await shown(), whole);
  });

  it('a file that was changed is refused, and nothing is missing', async () => {
    // One with so many messages that it is read alone.
    const long = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'The mill is shut', answers: { where: 'Nanjala' } } });
    for (let n = 0; n < 35; n++) assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: long.json().receipt, text: `Still shut on day ${n}`, language: 'en' } })).status, 201);
    const [mill] = await until(async () => { const ids = await found('"day 34"'); return ids.length === 1 && ids; }, { what: 'all of it' });
    await kept(6);
    const said = await again((kill) => {
      kill();
      const path = file(), bytes = readFileSync(path);
      bytes[bytes.length - 40] ^= 1;
      writeFileSync(path, bytes);
    });
    assert.ok(said.some((line) => /^snapshot_refused /.test(line)), said.join('; '));
    assert.equal((await api('/figures')).json().cases, 6);
    await until(async () => (await found('tamboura')).length === 2, { what: 'the index' });
    assert.ok((await found('wekesa')).length >= 3, 'and what was answered besides');
    await until(async () => (await found('"day 34"'))[0] === mill, { what: 'the long one' });
    assert.deepEqual(await found('nanjala'), [mill]);
  });
});
