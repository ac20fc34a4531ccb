// PostgreSQL is stopped with `immediate`, its postmaster killed, or one of its backends; the launcher brings it back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backInDatabase, isLate, ownDatabase, pause, underReports, until } from './harness.mjs';

export const postmaster = ({ house }) => Number(readFileSync(join(house.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);

const WAYS = {
  immediate: (place) => process.kill(postmaster(place), 'SIGQUIT'),
  postmaster: (place) => process.kill(postmaster(place), 'SIGKILL'),
  // restart_after_crash is off: with one backend all of it ends.
  backend(place) {
    const pids = place.query("SELECT pid FROM pg_stat_activity WHERE usename = 'recourse_intake'").trim().split('\n').filter(Boolean);
    process.kill(Number(pids[Math.floor(Math.random() * pids.length)]), 'SIGKILL');
  },
};

async function killed(place, times, say) {
  const verdict = await underReports(place, async () => {
    let backMs = 0;
    for (let done = 0; done < times; ) {
      const way = Object.keys(WAYS)[done % 3];
      await pause(50 + Math.random() * 400);
      const crashes = place.crashes();
      try {
        WAYS[way](place);
      } catch {
        continue; // not yet there: later
      }
      done++;
      // It must have ended before an acknowledgement means that it is back.
      await until(() => place.crashes() > crashes, { what: 'the end of PostgreSQL' });
      backMs = Math.max(backMs, await backInDatabase(place));
      if (done % 10 === 0) say(`${done} of ${times} ended, back within ${backMs} ms`);
    }
    return { backMs };
  });
  const problems = isLate(verdict.backMs) ? [`writing again only after ${verdict.backMs} ms`] : [];
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export default {
  name: 'database',
  title: 'PostgreSQL stopped with immediate, postmaster killed, backend killed',
  times: { short: 20, long: 300 },
  perRound: 10,
  missing: () => '',
  begin: () => ownDatabase(),
  round: killed,
};
