// The database stops answering and closes nothing: every request is answered by its total deadline, and nothing is answered for.
import { backInDatabase, isLate, ownDatabase, pause, underReports, until } from './harness.mjs';

const ANSWER_MS = 12_000; // LIMIT_STORE_MS, two ticks, and a busy machine

async function frozen(place, times, say) {
  const problems = [];
  const verdict = await underReports(place, async (reporting) => {
    let backMs = 0;
    for (let done = 0; done < times; done++) {
      const begun = reporting.acknowledged.length;
      await until(() => reporting.acknowledged.length > begun + 100, { ms: 60_000, what: 'reports' });
      const thaw = place.house.freezeDatabase();
      const seconds = [12, 0.3, 3, 12][done % 4];
      await pause(seconds * 1000);
      thaw();
      const back = await backInDatabase(place);
      backMs = Math.max(backMs, back);
      if (isLate(back)) problems.push(`writing again only ${back} ms after the database went on`);
      say(`silent for ${seconds} s, ${done + 1} of ${times}: writing again after ${back} ms, slowest answer ${reporting.slowest} ms`);
    }
    return { backMs };
  });
  if (isLate(verdict.slowestMs, ANSWER_MS)) problems.push(`an answer took ${verdict.slowestMs} ms`);
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export default {
  name: 'silent',
  title: 'a database that stops answering without closing',
  times: { short: 1, long: 40 },
  perRound: 4,
  missing: () => '',
  begin: () => ownDatabase(),
  round: frozen,
};
