// Somebody sets the clock, of the door's machine or of the database's: by seconds, by days, over the end of the keys and back.
// Deadlines do not notice; reports are taken whenever there is a key for the day.
import { backAfter, isLate, onCluster, pause, underReports } from './harness.mjs';
import { Nth, Twin } from './twin.mjs';

const [SECOND, HOUR, DAY] = [1000, 3600_000, 86400_000];
const STEPS = [30 * SECOND, -30 * SECOND, HOUR, -HOUR, 26 * HOUR, -26 * HOUR, 40 * DAY, -40 * DAY, 4000 * DAY, -4000 * DAY];

async function stepped(place, times, say) {
  const problems = [];
  const clocks = { door: place.nth, database: place.databaseNth };
  const verdict = await underReports(
    place,
    async (reporting) => {
      let backMs = 0;
      for (let done = 0; done < times; done++) {
        const turn = (place.turns = (place.turns ?? -1) + 1);
        const whose = (turn + Math.floor(turn / STEPS.length)) % 2 === 0 ? 'door' : 'database';
        const step = STEPS[turn % STEPS.length];
        clocks[whose].set('clock_ms', step);
        await pause(300 + Math.random() * 500);
        clocks[whose].set('clock_ms', 0);
        const back = await backAfter(reporting);
        backMs = Math.max(backMs, back);
        if (isLate(back)) problems.push(`the ${whose}'s clock, ${step / 1000} s off: writing again only ${back} ms after it was right`);
      }
      say(`${times} steps, writing again within ${backMs} ms`);
      return { backMs };
    },
    { port: place.twin.port },
  );
  // In eleven years there is no key to seal to: the clock was really seen.
  if (times >= STEPS.length && !verdict.answers503) problems.push('a door was not refusing in a year for which it has no keys');
  if (isLate(verdict.slowestMs, 12_000)) problems.push(`an answer took ${verdict.slowestMs} ms`);
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export default {
  name: 'clock',
  title: 'clock steps of a door or of the database, 30 s to 11 years',
  times: { short: 10, long: 500 },
  perRound: 10,
  missing: () => '',
  async begin() {
    const place = await onCluster();
    const { end } = place;
    place.databaseNth = new Nth({ withoutMalloc: true });
    await place.primary.stop();
    await place.primary.start({ env: place.databaseNth.env });
    place.nth = new Nth();
    place.twin = await new Twin(place.house, place.nth).start();
    place.end = async () => {
      await place.twin.stop();
      const problems = await end();
      place.nth.end();
      place.databaseNth.end();
      return problems;
    };
    return place;
  },
  round: stepped,
};
