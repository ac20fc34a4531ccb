// What is hard to read: nobody is given more of it in a day than the office allows, however they came by it. Whoever wants to may
// still open any of it.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';
import { signIn } from '../support/staff.mjs';

const CANARIES = ['canary-shaft'];
const REPORTS = ['They beat my brother', 'They beat my cousin', 'They beat my neighbour', 'The well is dry'];

describe('what is hard to read', () => {
  let house, token, cases;
  const api = async (path, body) => {
    const answer = await ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return answer.json();
  };
  const takes = () => api('/queue/take', {});

  before(async () => {
    house = await startInstallation();
    appendFileSync(join(house.dir, 'recourse.ini'), '\n[office]\ngraphic_day = 2\n');
    await house.halt();
    await house.start();
    token = house.token(house.officer.name);
    for (const text of REPORTS) assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: `${text} at the mine canary-shaft` } })).status, 201);
    const { items } = await until(async () => { const queue = await api('/queue'); return queue.total === REPORTS.length && queue; }, { what: 'four reports' });
    cases = items.map((item) => item.case);
  });
  after(() => house?.stop({ canaries: CANARIES }));

  it('is taken with its group, and counts for the day; the next that is given is another', async () => {
    const light = await until(async () => (await api('/search', { words: 'well dry' })).items[0]?.case, { what: 'the one about the well' });
    const hard = cases.filter((id) => id !== light);
    assert.equal(hard.length, 3);
    for (const id of hard) await api(`/cases/${id}/graphic`, { on: true });
    const first = (await takes()).case;
    assert.ok(hard.includes(first));
    const [second, third] = hard.filter((id) => id !== first);
    const { group } = await api(`/cases/${first}/join`, { title: 'Beaten at the mine', reason: 'The same guards' });
    await api(`/cases/${second}/join`, { group, reason: 'The same guards' });
    await api(`/groups/${group}/take`, {});
    await until(async () => (await api(`/cases/${second}`)).taken_by === house.officer.name, { what: 'the other of the group' });
    assert.equal((await takes()).case, light);
    const visitor = await signIn(house, house.officer);
    const enough = await visitor.post('/queue/take', {});
    assert.equal(enough.status, 303);
    assert.match((await visitor.get(enough.headers.location)).text, /you have had as many of these today/);
    assert.match((await api(`/cases/${third}`)).conversation[0].text, /beat my/);
  });
});
