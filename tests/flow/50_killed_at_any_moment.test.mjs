// Any of our processes dies at any moment, a hundred times, while people report. Nothing that was acknowledged is missing,
// nothing is there twice, and everything is acknowledged in the end.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { startInstallation } from '../support/installation.mjs';
import { post, reportUntil } from '../support/journal.mjs';

const KILLS = Number(process.env.RECOURSE_KILLS ?? 100);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Our own processes of this installation and no others: the launcher and PostgreSQL stay.
function ours(dir) {
  const names = ['recourse-intake', 'recourse-sms', 'recourse-triage', 'recourse-vault', 'recourse-keys'];
  return spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().match(/^(\d+) (.*)$/))
    .filter((m) => m && m[2].includes(dir) && names.some((name) => m[2].includes(`/${name} `)))
    .map((m) => Number(m[1]));
}

test(`${KILLS} kills: none lost, none twice`, { timeout: 600_000 }, async () => {
  const installation = await startInstallation();
  try {
    const journalPath = join(installation.dir, 'client-journal');
    let killed = 0;
    let stop = false;
    const people = reportUntil({
      port: installation.ports.intake,
      journalPath,
      clients: 16,
      until: () => stop,
      text: (person, key) => `Report ${key} of person ${person}`,
    });
    while (killed < KILLS) {
      await pause(20 + Math.random() * 250);
      const list = ours(installation.dir);
      if (!list.length) continue;
      try {
        process.kill(list[Math.floor(Math.random() * list.length)], 'SIGKILL');
        killed++;
      } catch {
        // it had ended by itself; another one then
      }
    }
    stop = true;
    const { acknowledged, unexpected } = await people;
    assert.deepEqual(unexpected, []);
    assert.ok(acknowledged.length > KILLS / 2, `only ${acknowledged.length} reports got through`);

    const cases = Number(installation.superuserQuery('SELECT count(*) FROM recourse.sealed_case').trim());
    const rows = Number(installation.superuserQuery('SELECT count(*) FROM recourse.message WHERE author = 1').trim());
    assert.equal(cases, acknowledged.length, 'as many cases as acknowledged reports');
    assert.equal(rows, acknowledged.length, 'one row of words for each');
    assert.equal(new Set(acknowledged.map((a) => a.receipt)).size, acknowledged.length);

    // The journal, not our memory of it, is what a person would hold up; each receipt opens its own report.
    const stored = readFileSync(journalPath, 'utf8').split('\n').filter((line) => line.startsWith('stored '));
    assert.equal(stored.length, acknowledged.length);
    for (const line of stored) {
      const [, key, ...groups] = line.split(' ');
      const answer = await retried(() => post(installation.ports.intake, '/api/v1/thread', { receipt: groups.join(' ') }));
      assert.equal(answer.status, 200);
      assert.ok(JSON.parse(answer.text).messages.some((m) => m.text.includes(key)), 'the receipt opens its own report');
    }
  } finally {
    await installation.stop();
  }
});

async function retried(ask) {
  for (let i = 0; i < 40; i++) {
    const answer = await ask();
    if (answer.status === 200) return answer;
    await pause(250);
  }
  return ask();
}
