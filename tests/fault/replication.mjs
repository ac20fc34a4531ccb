// Streaming replication with a synchronous standby: the primary goes, the standby is promoted, libpq's string with both hosts finds
// it. What a COMMIT warns about ("may not have been replicated") is not known, and so never acknowledged on its strength.
import { PROMISED_MS, backInDatabase, isLate, onCluster, pause, underReports, until } from './harness.mjs';

const CONNECT_MS = 5000; // what store/pg_conn.c gives one attempt
const STORE_MS = 11_000; // its deadline for what was sent, until which nothing tells that the primary stands still

const waiting = ({ primary }) => primary.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'", 'postgres').trim().split('\n').filter(Boolean);

/** Each takes the primary away and returns how long the doors may take to find the other. */
const WAYS = {
  async killed({ primary }) {
    await primary.signal('SIGKILL');
    return PROMISED_MS;
  },
  async stopped({ primary }) {
    await primary.stop('immediate');
    return PROMISED_MS;
  },
  // The machine is there and says nothing, and closes nothing.
  async frozen({ primary }, after) {
    primary.freeze();
    after.push(() => primary.signal('SIGKILL'));
    return STORE_MS + CONNECT_MS + PROMISED_MS;
  },
  // COMMITs wait for a standby that does not answer; someone cancels the wait: committed here, a warning, and not there.
  async warned(place, after) {
    const thaw = place.standby.freeze();
    await until(() => waiting(place).length, { what: 'a COMMIT that waits for the standby' });
    for (let i = 0; i < 5; i++, await pause(100)) for (const pid of waiting(place)) place.primary.query(`SELECT pg_cancel_backend(${pid})`, 'postgres');
    await place.primary.signal('SIGKILL');
    thaw();
    after.length = 0;
    return PROMISED_MS;
  },
};

async function failedOver(place, times, say) {
  const problems = [];
  const verdict = await underReports(place, async (reporting) => {
    let backMs = 0;
    for (let done = 0; done < times; done++) {
      const way = Object.keys(WAYS)[(place.turns = (place.turns ?? -1) + 1) % 4];
      const begun = reporting.acknowledged.length;
      await until(() => reporting.acknowledged.length > begun + 100, { ms: 60_000, what: 'reports' });
      await pause(Math.random() * 500);
      place.standby = place.clusters.find((cluster) => cluster !== place.primary);
      const after = [];
      const limit = await WAYS[way](place, after);
      const old = place.primary;
      place.standby.promote();
      place.primary = place.standby;
      const back = await backInDatabase(place);
      say(`primary ${way}: writing again ${back} ms after the promotion`);
      if (isLate(back, limit)) problems.push(`primary ${way}: writing again only ${back} ms after the promotion`);
      backMs = Math.max(backMs, back);
      for (const step of after) await step();
      await old.follow(place.primary);
      await place.primary.waitForStandby();
    }
    return { backMs };
  });
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export default {
  name: 'replication',
  title: 'primary killed, stopped, frozen, COMMIT not replicated; synchronous standby promoted',
  times: { short: 4, long: 60 },
  perRound: 4,
  missing: () => '',
  begin: () => onCluster({ standby: true }),
  round: failedOver,
};
