// The launcher itself is killed: all of its children end with it, and `recourse up`, called again at once as a supervisor does,
// brings everything back.
import { backInDatabase, isLate, ownDatabase, pause, underReports } from './harness.mjs';

async function killed(place, times, say) {
  const verdict = await underReports(place, async () => {
    let backMs = 0;
    for (let done = 0; done < times; done++) {
      await pause(300 + Math.random() * 1500);
      await place.house.halt('SIGKILL');
      await place.house.start();
      backMs = Math.max(backMs, await backInDatabase(place));
      say(`${done + 1} of ${times}: writing again within ${backMs} ms of being up`);
    }
    return { backMs };
  });
  return { ...verdict, times, problems: [...verdict.problems, ...(isLate(verdict.backMs) ? [`writing again only after ${verdict.backMs} ms`] : [])] };
}

export default {
  name: 'launcher',
  title: 'kill -9 of the launcher, started again at once',
  times: { short: 2, long: 50 },
  perRound: 5,
  missing: () => '',
  begin: () => ownDatabase(),
  round: killed,
};
