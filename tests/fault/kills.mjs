// Any of our processes is killed at any moment.
import { spawnSync } from 'node:child_process';
import { ownDatabase, pause, underReports } from './harness.mjs';

const PROGRAMS = ['recourse-intake', 'recourse-sms', 'recourse-triage', 'recourse-vault', 'recourse-keys', 'recourse-cleaner'];

// Of this installation and no other; the launcher and PostgreSQL stay (database.mjs, launcher.mjs).
function ours(dir, program) {
  return spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().match(/^(\d+) (.*)$/))
    .filter((found) => found && found[2].includes(dir) && found[2].includes(`/${program} `))
    .map((found) => Number(found[1]));
}

/** Kills `times` of a house's processes, each up to `apart` ms after the one before. */
export async function killSome(house, times, say, { apart = 250 } = {}) {
  for (let done = 0; done < times; ) {
    await pause(20 + Math.random() * apart);
    const list = ours(house.dir, PROGRAMS[Math.floor(Math.random() * PROGRAMS.length)]);
    if (!list.length) continue;
    try {
      process.kill(list[Math.floor(Math.random() * list.length)], 'SIGKILL');
      if (++done % 25 === 0) say(`${done} of ${times} killed`);
    } catch {
      // it had ended by itself; another one then
    }
  }
}

async function killed(place, times, say) {
  const problems = [];
  const crashes = place.crashes();
  const verdict = await underReports(place, () => killSome(place.house, times, say));
  if (place.crashes() !== crashes) problems.push('PostgreSQL ended, though nobody touched it');
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export default {
  name: 'kills',
  title: 'kill -9 of any process of ours',
  times: { short: 80, long: 2000 },
  perRound: 100,
  missing: () => '',
  begin: () => ownDatabase(),
  round: killed,
};
