// Two desks side by side. What goes to safeguarding is opened there and nowhere else: not by the usual desk's officers, not with
// its vault's database role, not with its keys, even when a database administrator hands it the rows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, pause, startInstallation, until } from '../support/installation.mjs';

const SECRET = 'he waits behind the food tent canary-safeguard';
const USUAL = 'the tap is dry canary-usual';

describe('two desks', () => {
  let house, usual, protectedDesk, theirs, ours, impact;
  const officer = (token, desk) => (path, body) => ask(`${house.urls.console}/api/v1${path}${path.includes('?') ? '&' : '?'}desk=${desk}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${token}` } });

  before(async () => {
    house = await startInstallation();
    house.cli('staff', 'add', '--name', 'Amara', '--role', 'officer', '--desk', 'safeguarding');
    usual = officer(house.token(house.officer.name), 'usual');
    protectedDesk = officer(house.token('Amara', '--desk', 'safeguarding'), 'safeguarding');
  });
  after(() => house?.stop({ canaries: ['canary-girl', 'canary-safeguard', 'canary-usual', 'canary-move', 'canary-note', 'canary-answer', 'canary-again', 'canary-stay', 'canary-oversight'] }));

  it('a desk without members is not offered; one with members is', async () => {
    await until(
      async () => {
        const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: SECRET, desk: 'safeguarding' } });
        assert.ok([201, 400].includes(answer.status), answer.text);
        return answer.status === 201;
      },
      { ms: 90_000, every: 500, what: 'the offer of the protected desk' },
    );
    const nobody = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: SECRET, desk: 'oversight' } });
    assert.equal(nobody.status, 400);
    assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: USUAL } })).status, 201);
  });

  it('each officer is given the cases of their own desk', async () => {
    await until(async () => (await protectedDesk('/queue')).json().total === 1 && (await usual('/queue')).json().total === 1, { what: 'one case at each desk' });
    const [a, b] = [await protectedDesk('/queue/take', {}), await usual('/queue/take', {})];
    assert.equal(a.status, 200, a.text);
    assert.equal(b.status, 200, b.text);
    [theirs, ours] = [a.json(), b.json()];
    assert.equal(theirs.desk, 'safeguarding');
    assert.ok(theirs.conversation[0].text.includes('canary-safeguard'));
    assert.ok(ours.conversation[0].text.includes('canary-usual'));
  });

  it('who is under 18 is told first who reads it; the protection team is chosen for her, and she may choose another', async () => {
    const page = (path, fields) => ask(`${house.urls.intake}${path}`, { body: fields && new URLSearchParams({ lang: 'en', ...fields }).toString(), headers: fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {} });
    // Each worker learns by itself that the desk has members now.
    const shows = (what, path, fields) => until(async () => what.test((await page(path, fields)).text), { every: 300, what: `${what} on ${path}` });
    await shows(/name="under_18"[\s\S]*the protection team reads it/, '/report?lang=en');
    await shows(/name="under_18" value="yes"[\s\S]*value="safeguarding" checked/, '/report', { step: 'danger', go: 'all', under_18: 'yes' });
    await shows(/value="usual" checked/, '/report', { step: 'danger', go: 'all' });
    await shows(/value="usual" checked/, '/report', { step: 'report', text: '', under_18: 'yes', desk: 'usual' });
    const sent = { step: 'report', text: 'my aunt locks me in canary-girl', under_18: 'yes', desk: 'safeguarding', retaliation: 'yes' };
    await until(async () => (await page('/report', sent)).status === 201, { every: 300, what: 'the receipt' });
    const found = await until(async () => (await protectedDesk('/search', { words: 'aunt' })).json().items[0], { what: 'her report' });
    const { answers } = (await protectedDesk(`/cases/${found.case}`)).json();
    assert.deepEqual([answers.under_18, answers.retaliation], [true, 'yes']);
  });

  it("the usual desk's officer finds nothing of the other, in no way the API has", async () => {
    assert.equal((await usual(`/cases/${theirs.case}`)).status, 404);
    assert.equal((await usual(`/cases/${theirs.case}/answers`, { text: 'x', language: 'en' })).status, 404);
    assert.equal((await usual('/search', { words: 'food tent' })).json().total, 0);
    const stranger = await ask(`${house.urls.console}/api/v1/cases/${theirs.case}?desk=safeguarding`, { headers: { authorization: `Bearer ${house.token(house.officer.name)}` } });
    assert.equal(stranger.status, 401, 'a token of one desk is nobody at the other');
  });

  it('a case is moved by who holds it: the other desk has all of it, this one nothing, and the person writes on as before', async () => {
    const text = 'one of your own people asks for money canary-move';
    const told = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text, read_back: true } })).json();
    let mine;
    await until(async () => { const taken = await usual('/queue/take', {}); if (taken.status === 200 && taken.text.includes('canary-move')) mine = taken.json(); return mine; }, { what: 'the case' });
    assert.equal((await usual(`/cases/${mine.case}/notes`, { text: 'He named a colleague canary-note' })).status, 201);
    assert.equal((await usual(`/cases/${mine.case}/answers`, { text: 'We have read it canary-answer', language: 'en', state: 'acknowledged' })).status, 201);
    assert.equal((await usual(`/cases/${mine.case}/move`, { to: 'oversight', reason: 'about staff' })).status, 409, 'nobody works there');
    assert.equal((await usual(`/cases/${mine.case}/move`, { to: 'usual', reason: 'x' })).status, 400);
    assert.equal((await usual(`/cases/${mine.case}/move`, { to: 'safeguarding' })).status, 400, 'not without a reason');
    assert.equal((await usual(`/cases/${mine.case}/move`, { to: 'safeguarding', reason: 'a person is at risk' })).status, 200);
    assert.equal((await usual(`/cases/${mine.case}`)).status, 404);
    assert.equal((await usual('/search', { words: 'canary-move' })).json().total, 0);
    assert.ok(!(await usual('/queue?lane=mine')).text.includes(mine.case));

    await until(async () => (await protectedDesk(`/cases/${mine.case}`)).status === 200, { what: 'the case at the other desk' });
    const there = (await protectedDesk(`/cases/${mine.case}`)).json();
    assert.deepEqual(there.conversation.map((m) => [m.from, m.text]), [['you', text], ['staff', 'We have read it canary-answer']]);
    assert.ok(there.notes[0].text.includes('canary-note'));
    assert.equal(there.taken_by, null);
    await until(async () => (await protectedDesk('/search', { words: 'canary-move' })).json().total === 1, { what: 'its words' });

    const thread = () => ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt: told.receipt } });
    assert.deepEqual((await thread()).json().messages.map((m) => m.text), [text, 'We have read it canary-answer'], 'the answer of the first desk still counts');
    assert.equal((await ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt: told.receipt, text: 'he came again canary-again' } })).status, 201);
    await until(async () => (await protectedDesk(`/cases/${mine.case}`)).text.includes('canary-again'), { what: 'what the person wrote since' });
    assert.equal((await protectedDesk(`/cases/${mine.case}/answers`, { text: 'Stay with a friend canary-stay', language: 'en' })).status, 201);
    assert.equal((await thread()).json().messages.at(-1).text, 'Stay with a friend canary-stay');

    await house.halt();
    await house.start();
    usual = officer(house.token(house.officer.name), 'usual');
    protectedDesk = officer(house.token('Amara', '--desk', 'safeguarding'), 'safeguarding');
    await until(async () => (await protectedDesk(`/cases/${mine.case}`)).text.includes('canary-stay'), { what: 'the case after a restart' });
    assert.equal((await usual(`/cases/${mine.case}`)).status, 404);
    assert.match(house.cli('audit', 'verify'), /Nothing is wrong/);
  });

  function asVault(desk, sql) {
    const password = readFileSync(join(house.dir, `secrets/vault-${desk}/db.password`), 'utf8').trim();
    return spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql], {
      env: { ...process.env, PGHOST: join(house.dir, 'run/pg'), PGUSER: `recourse_vault_${desk}`, PGDATABASE: house.databaseName, PGPASSWORD: password },
      encoding: 'utf8',
    });
  }

  it("the register is the office's: both desks write it, the second is told, and neither learns of the other's cases", async () => {
    const facts = { title: 'The food tent', what: 'What is asked for food there', state: 'actual', rights: ['food'], scale: 2, scope: 2, irremediability: 1 };
    ({ impact } = (await usual('/impacts', facts)).json());
    const { entity } = (await usual(`/impacts/${impact}/entities`, { name: 'The kitchen' })).json();
    assert.equal((await usual(`/impacts/${impact}/actions`, { entity, type: 'prevent', what: 'Two at the counter, always', due: '2099-01-01' })).status, 201);
    const { version } = (await usual(`/impacts/${impact}`)).json();
    await until(async () => (await protectedDesk(`/impacts/${impact}`)).json()?.version === version, { what: 'the impact at the other desk' });
    const both = await Promise.all([usual, protectedDesk].map((desk, i) => desk(`/impacts/${impact}`, { ...facts, version, people_low: 10 + i })));
    assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409], both.map((answer) => answer.text).join());
    const added = await Promise.all([usual, protectedDesk].map((desk, i) => desk(`/impacts/${impact}/entities`, { name: `Entity ${i}`, involvement: 'linked', said_by: 'x' })));
    assert.deepEqual(added.map((answer) => answer.status), [201, 201], added.map((answer) => answer.text).join());
    for (const desk of [usual, protectedDesk]) await until(async () => (await desk(`/impacts/${impact}`)).json().entities.length === 3, { what: 'both entities at each desk' });
    assert.equal((await protectedDesk(`/cases/${theirs.case}/impacts`, { impact, confirm: true, reason: 'x' })).status, 200);
    assert.equal((await protectedDesk(`/cases/${theirs.case}/assessment`, { scale: 4, scope: 1, irremediability: 3, grave: true, danger_now: false, reason: 'x' })).status, 200);
    const seen = await until(async () => ((await usual(`/impacts/${impact}`)).json().rolled?.scale === 4 ? usual(`/impacts/${impact}`) : null), { what: 'the level that the other desk publishes' });
    assert.deepEqual([seen.json().count, seen.json().cases, seen.json().severity.grave], [0, [], true], 'a level, and nothing of the case');
    assert.ok(!seen.text.includes(theirs.case) && !seen.text.includes('safeguarding'), seen.text);
  });

  it("the usual vault's database role is refused the other's rows", () => {
    for (const table of ['sealed_case', 'case_key', 'message', 'inbox', 'case_state', 'record', 'audit_leaf', 'outbox']) {
      assert.notEqual(asVault('usual', `SELECT * FROM recourse.${table}`).status, 0, table);
    }
    const own = asVault('safeguarding', `SELECT count(*) FROM door_vault.case_rows('${theirs.case}')`);
    const other = asVault('usual', `SELECT count(*) FROM door_vault.case_rows('${theirs.case}')`);
    assert.equal(own.status, 0, own.stderr);
    assert.ok(Number(own.stdout.trim()) >= 1);
    assert.ok(other.status !== 0 || Number(other.stdout.trim()) === 0, other.stdout);
  });

  it('rows handed over by a database administrator stay closed, of the desk that is told about us too: the key is another', async () => {
    house.cli('staff', 'add', '--name', 'Ona', '--role', 'officer', '--desk', 'oversight');
    const oversight = officer(house.token('Ona', '--desk', 'oversight'), 'oversight');
    await until(async () => (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: 'The head of this office takes money canary-oversight', desk: 'oversight' } })).status === 201, { ms: 90_000, every: 500, what: 'the offer of the third desk' });
    const about = (await until(async () => (await oversight('/queue')).json().items?.[0], { what: 'the report at the third desk' })).case;
    assert.ok((await oversight(`/cases/${about}`)).text.includes('canary-oversight'));
    assert.equal((await usual(`/cases/${about}`)).status, 404);
    await house.halt();
    const cluster = await house.start();
    assert.ok(cluster);
    for (const id of [theirs.case, about]) {
      for (const table of ['sealed_case', 'case_state']) house.superuserQuery(`UPDATE recourse.${table} SET desk = 'usual' WHERE case_id = '${id}'`);
      house.superuserQuery(`INSERT INTO recourse.inbox (desk, row_id) SELECT 'usual', row_id FROM recourse.message WHERE case_id = '${id}' ON CONFLICT DO NOTHING`);
    }
    await house.halt();
    await house.start();
    usual = officer(house.token(house.officer.name), 'usual');
    await until(async () => (await usual('/queue')).status === 200, { what: 'the usual desk' });
    await pause(3000);
    for (const [id, canary, words] of [[theirs.case, 'canary-safeguard', 'food tent'], [about, 'canary-oversight', 'takes money']]) {
      const shown = await usual(`/cases/${id}`);
      assert.notEqual(shown.status, 200);
      assert.ok(!shown.text.includes(canary));
      assert.equal((await usual('/search', { words })).json().total, 0);
    }
    assert.equal((await usual(`/cases/${ours.case}`)).status, 200, 'and its own case is as it was');
    const register = (await usual(`/impacts/${impact}`)).json();
    assert.deepEqual([register.entities.length, register.actions.length, register.rolled.scale], [3, 1, 4], 'and so is the register');
  });
});
