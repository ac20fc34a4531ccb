// The judge itself: what is taken away is lost, what was never begun is one too many, what lies under another receipt is torn.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { countStored, judge, post, startReporting, wordsOf } from '../support/journal.mjs';
import { ownDatabase } from './harness.mjs';

test('a judge sees what is lost, twice and torn', { timeout: 300_000 }, async () => {
  const place = await ownDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'rc-journal-'));
  const journalPath = join(folder, 'journal');
  const port = place.house.ports.intake;
  const before = countStored(place.query);
  const verdict = async () => {
    const { lost, twice, torn } = await judge({ port, journalPath, query: place.query, before });
    return { lost, twice, torn };
  };
  try {
    const reporting = startReporting({ port, journalPath, clients: 2 });
    while (reporting.acknowledged.length < 6) await new Promise((done) => setTimeout(done, 20));
    await reporting.stop();
    assert.deepEqual(await verdict(), { lost: 0, twice: 0, torn: 0 });

    const whole = readFileSync(journalPath, 'utf8');
    const stored = whole.split('\n').filter((line) => line.startsWith('stored '));
    const [, , ...receipt] = stored[0].split(' ');
    const [, key] = stored[1].split(' ');
    writeFileSync(journalPath, whole.replace(stored[1], `stored ${key} ${receipt.join(' ')}`));
    assert.deepEqual(await verdict(), { lost: 0, twice: 1, torn: 1 }, 'another report under this receipt, and one receipt for two');
    writeFileSync(journalPath, whole);

    await post(port, '/api/v1/reports', { kind: 'grievance', language: 'en', text: wordsOf('nobody'), read_back: true });
    const extra = await verdict();
    assert.equal(extra.lost + extra.torn, 0);
    assert.equal(extra.twice, 2, 'a case and a message that nobody began');

    appendFileSync(journalPath, 'begin nobody\n');
    place.query("DELETE FROM recourse.message WHERE pos = (SELECT min(pos) FROM recourse.message WHERE author = 1)");
    const less = await verdict();
    assert.equal(less.lost, 1, 'its receipt opens nothing any more');
    assert.equal(less.torn, 1, 'and a case has no words');
  } finally {
    rmSync(folder, { recursive: true });
    await place.end();
  }
});
