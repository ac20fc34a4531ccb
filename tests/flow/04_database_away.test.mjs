// While the database does not answer nobody is told "stored"; what was typed stays on the page; and the same report sent again
// when it is back is there once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ask, startInstallation, until } from '../support/installation.mjs';

const CANARY = 'canary-away the well is locked';

describe('a database that does not answer', () => {
  let house;
  before(async () => {
    house = await startInstallation();
  });
  after(() => house?.stop({ canaries: [CANARY] }));
  const cases = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());

  it('is never answered for: 503 and when to try again, by API and by page', async () => {
    const key = randomUUID();
    const report = () => ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: CANARY }, headers: { 'idempotency-key': key } });
    const page = () => ask(`${house.urls.intake}/report`, { body: new URLSearchParams({ step: 'report', lang: 'en', text: CANARY, kind: 'grievance' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const thaw = house.freezeDatabase();
    let answers;
    try {
      answers = await Promise.all([report(), page()]);
    } finally {
      thaw();
    }
    for (const answer of answers) {
      assert.equal(answer.status, 503, answer.text);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    assert.ok(answers[1].text.includes(CANARY), 'the words are still on the page');
    const before = cases();
    await until(async () => (await report()).status === 201, { ms: 40_000, what: 'the database' });
    const [first, again] = [await report(), await report()];
    assert.equal(first.json().receipt, again.json().receipt);
    assert.ok(cases() - before <= 1, 'once, whichever of the tries it was that came through');
  });
});
