// The database goes away, hangs, comes back. Whoever reports meanwhile sees no difference except the time: the report lies sealed
// on the server's disk and is in the database, once, as soon as there is one. Nobody is told "stored" of what is not, and nobody
// who has a receipt is told that it is unknown.
// Alone: says how fast an answer is while the database is away.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask, processesOf, startInstallation, until } from '../support/installation.mjs';

const CANARY = 'canary-away the well is locked';

describe('a database that is away', () => {
  let house;
  before(async () => {
    house = await startInstallation();
  });
  after(() => house?.stop({ canaries: [CANARY] }));

  const cases = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
  const report = (text, key = randomUUID()) => ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: `${CANARY} ${text}`, read_back: true }, headers: { 'idempotency-key': key } });
  const page = (text) => ask(`${house.urls.intake}/report`, { body: new URLSearchParams({ step: 'report', lang: 'en', text: `${CANARY} ${text}`, kind: 'grievance' }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  /** The same step by step: what is not sent yet needs no database. */
  const stepByStep = async (text) => {
    const key = randomUUID();
    const step = (fields) => ask(`${house.urls.intake}/report`, { body: new URLSearchParams({ key, lang: 'en', ...fields }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.match((await step({ step: 'story', go: 'check', text: `${CANARY} ${text}` })).text, new RegExp(text));
    return step({ step: 'check', go: 'send', kept: '1' });
  };
  const thread = (receipt) => ask(`${house.urls.intake}/api/v1/thread`, { body: { receipt } });
  const drained = () => until(async () => (await house.metric('intake', 'recourse_intake_spool_rows')) === 0 && (await house.metric('intake', 'recourse_intake_spool_bytes')) === 0, { ms: 40_000, what: 'an empty spool' });

  it('hangs: reports by API and by page are kept within moments, shown in the metrics, and stored once', async () => {
    const before = cases();
    const key = randomUUID();
    const thaw = house.freezeDatabase();
    let answers, receipt, again;
    const began = Date.now();
    try {
      answers = await Promise.all([report('by API', key), page('by page'), stepByStep('step by step')]);
      assert.ok(Date.now() - began < 8000, 'nobody waits for the whole deadline');
      again = await report('by API', key);
      assert.equal(await house.metric('intake', 'recourse_intake_spool_rows'), 4);
      assert.ok((await house.metric('intake', 'recourse_intake_spool_bytes')) > 3000);
      assert.equal((await ask(`http://127.0.0.1:${house.ports.intakeHealth}/readyz`)).status, 200, 'it takes reports');
      receipt = answers[0].json().receipt;
      const [meanwhile, other] = await Promise.all([thread(receipt), thread('0000 0000 0000 0000 0000 0000 0000')]);
      assert.deepEqual([meanwhile.status, meanwhile.json()], [200, { state: 'received', since: null, messages: [], can: ['add'], stored: true }], 'whichever worker is asked');
      assert.equal(other.status, 503, 'of any other it cannot be said now');
      assert.ok(Number(other.headers['retry-after']) > 0);
    } finally {
      thaw();
    }
    assert.deepEqual(answers.map((a) => a.status), [201, 201, 201]);
    assert.match(answers[1].text, /\d{4}/, 'the page shows a receipt');
    assert.equal(again.json().receipt, receipt, 'the same key gives the same receipt, database or not');
    await drained();
    const opened = await thread(receipt);
    assert.equal(opened.status, 200);
    assert.ok(opened.json().messages.some((m) => m.text.includes('by API')), 'the receipt opens the very words');
    assert.equal(cases() - before, 3, 'once each');
  });

  it('hangs for those who come back with a receipt: what they add is kept and joins its conversation, read back or not', async () => {
    const told = async (text, readBack) => (await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: `${CANARY} ${text}`, read_back: readBack } })).json().receipt;
    const add = (receipt, text) => ask(`${house.urls.intake}/api/v1/thread/messages`, { body: { receipt, text: `${CANARY} ${text}`, language: 'en' } });
    const open = await told('mine to read', true);
    const shut = await told('not to be read back', false);
    await until(async () => Number(house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim()) === 0, { what: 'an empty inbox' });
    const rows = () => Number(house.superuserQuery('SELECT count(*) FROM recourse.message WHERE author = 1').trim());
    const before = [cases(), rows()];
    const thaw = house.freezeDatabase();
    let added;
    try {
      added = await Promise.all([add(open, 'and one thing more'), add(shut, 'more for the desk'), add('0000 0000 0000 0000 0000 0000 0000', 'to nobody')]);
    } finally {
      thaw();
    }
    assert.deepEqual(added.map((a) => a.status), [201, 201, 201], 'whether a receipt leads anywhere cannot be known now');
    await drained();
    const texts = async (receipt) => (await thread(receipt)).json().messages.map((m) => m.text);
    await until(async () => (await texts(open)).length === 2, { what: 'the words in the conversation' });
    assert.deepEqual((await texts(open)).map((t) => t.replace(`${CANARY} `, '')), ['mine to read', 'and one thing more']);
    assert.deepEqual(await texts(shut), [], 'who did not want to read their words back does not');
    await until(async () => Number(house.superuserQuery('SELECT count(*) FROM recourse.inbox').trim()) === 0, { what: 'an empty inbox' });
    assert.deepEqual([cases(), rows()], [before[0], before[1] + 2], 'no case of their own, one row each, and none for a receipt that nobody has');
    const token = house.token(house.officer.name);
    const officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: `Bearer ${token}` } });
    const queue = [];
    for (let taken; (taken = await officer('/queue/take', {})).status === 200; ) queue.push(taken.text);
    assert.ok(queue.some((item) => item.includes('not to be read back') && item.includes('more for the desk')), 'the officer reads both in one case');
  });

  it('is killed: what was acknowledged survives the end of every worker too', async () => {
    const before = cases();
    const wake = house.holdDatabaseDown();
    const kept = [];
    try {
      for (let i = 0; i < 5; i++) kept.push(await report(`while it is down ${i}`));
      assert.deepEqual(kept.map((a) => a.status), [201, 201, 201, 201, 201]);
      assert.ok(readdirSync(join(house.dir, 'spool/intake')).length > 0);
      for (const { pid, command } of processesOf(house.dir)) if (command.includes('recourse-intake')) process.kill(pid, 'SIGKILL');
      const key = randomUUID();
      await until(async () => (await report('after the kill', key).catch(() => ({}))).status === 201, { ms: 30_000, what: 'a new worker' });
    } finally {
      wake();
    }
    await drained();
    for (const answer of kept) {
      const opened = await until(async () => { const a = await thread(answer.json().receipt); return a.status === 200 && !a.json().stored && a; }, { what: 'the conversation' });
      assert.ok(opened.json().messages[0].text.includes('while it is down'));
    }
    assert.equal(cases() - before, 6);
  });

  it('and the disk too: then nobody is told "stored", and the words stay on the page', async () => {
    const folder = join(house.dir, 'spool/intake');
    const before = cases();
    const thaw = house.freezeDatabase();
    let answers;
    try {
      chmodSync(folder, 0o500);
      answers = await Promise.all([report('nowhere'), page('nowhere')]);
    } finally {
      chmodSync(folder, 0o700);
      thaw();
    }
    for (const answer of answers) {
      assert.equal(answer.status, 503, answer.text);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    assert.ok(answers[1].text.includes(CANARY), 'the words are still on the page');
    await until(async () => (await report('later')).status === 201, { ms: 40_000, what: 'an answer' });
    assert.ok(cases() - before >= 1);
  });
});
