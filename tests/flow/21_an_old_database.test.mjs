// Someone puts an old backup back under the running system, and everybody goes on writing, even the same words in the same place.
// No random bytes, and so no subkey, are used a second time. (That the audit sees such a thing is in 40_.)
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';

const TABLES = ['sealed_case', 'case_key', 'message', 'inbox', 'case_state', 'record', 'impact', 'once_record', 'audit_leaf', 'audit_pending', 'audit_seq', 'audit_checkpoint', 'desk', 'door_count'];

describe('an old database', () => {
  let house, officer, receipt, first;
  const salts = new Map();
  const thread = (text) => ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text } });
  // Format and suite are two bytes, then the 32 random ones from which the row's subkey comes.
  const gather = () =>
    ['message', 'case_state'].flatMap((table) =>
      house
        .superuserQuery(`SELECT '${table}', ${table === 'message' ? 'row_id' : "case_id || '/' || version"}, encode(substr(body, 3, 32), 'hex'), md5(body) FROM recourse.${table}`)
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('|')),
    );
  const remember = () => {
    for (const [, , salt, body] of gather()) {
      const before = salts.get(salt);
      assert.ok(before === undefined || before === body, 'random bytes were used for two different rows');
      salts.set(salt, body);
    }
  };

  before(async () => {
    house = await startInstallation();
    const token = house.token(house.officer.name);
    officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { method: body ? 'POST' : 'GET', body, headers: { authorization: `Bearer ${token}` } });
    const answer = await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'The pump is dry', read_back: true } });
    ({ receipt } = answer.json());
    await until(async () => (await officer('/queue')).json().total === 1, { what: 'the case' });
    first = (await officer('/queue/take', {})).json();
  });
  after(() => house?.stop());

  async function everybodyWrites() {
    for (let i = 0; i < 3; i++) {
      await until(async () => (await thread('the same words')).status === 201, { what: 'a message' });
      await until(async () => (await officer(`/cases/${first.case}/answers`, { text: 'the same answer', language: 'en' })).status === 201, { ms: 40_000, every: 300, what: 'an answer' });
    }
    remember();
  }

  it('goes back under the running system, and nothing is sealed under old random bytes', async () => {
    remember();
    const backup = house.superuserCommand('pg_dump', ['--data-only', ...TABLES.flatMap((table) => ['-t', `recourse.${table}`])]);
    await everybodyWrites();
    const rows = Number(house.superuserQuery('SELECT count(*) FROM recourse.message').trim());
    house.superuserCommand('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-1'], { input: `SET session_replication_role = replica;\n${TABLES.map((t) => `DELETE FROM recourse.${t};`).join('\n')}\n${backup}` });
    assert.ok(Number(house.superuserQuery('SELECT count(*) FROM recourse.message').trim()) < rows);
    await everybodyWrites();
    assert.ok(salts.size >= 12, `${salts.size} rows were compared`);
  });
});
