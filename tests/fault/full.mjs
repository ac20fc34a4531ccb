// A disk is full: the database's, its WAL's, the spool's. Nobody is told "stored" for what is not, and writing goes on by itself
// within five seconds of the space coming back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backInDatabase, isLate, ownDatabase, pause, underReports, until } from './harness.mjs';
import { cannotMount, fill, moveOnto, small, unmount } from './volumes.mjs';

/** Reports that are refused, or a server that ended, show that the disk is full. */
const isFelt = (place, reporting, before) => (reporting.answers[503] ?? 0) > before.refused || place.crashes() > before.crashes;

async function filled(place, times, say) {
  let problems = [];
  const verdict = await underReports(place, async (reporting) => {
    let backMs = 0;
    for (let done = 0; done < times; done++) {
      await until(() => reporting.acknowledged.length > 200 * (done + 1), { ms: 60_000, what: 'reports' });
      const before = { refused: reporting.answers[503] ?? 0, crashes: place.crashes() };
      const makeRoom = fill(place.full);
      try {
        await until(() => isFelt(place, reporting, before), { ms: 60_000, what: 'a full disk that is felt' });
        // Where nothing can be written the launcher, too, must not stumble over a file that it would write.
        if (place.endsToo) process.kill(Number(readFileSync(join(place.house.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
        await pause(1500);
      } finally {
        makeRoom();
      }
      const back = await backInDatabase(place);
      backMs = Math.max(backMs, back);
      if (isLate(back)) problems.push(`writing again only ${back} ms after there was room`);
      say(`full ${done + 1} of ${times}: ${(reporting.answers[503] ?? 0) - before.refused} refused, PostgreSQL ended ${place.crashes() - before.crashes} times, writing again after ${back} ms`);
    }
    return { backMs };
  });
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

const shape = { times: { short: 1, long: 10 }, perRound: 5, missing: () => cannotMount(), round: filled };

export const dataFull = {
  ...shape,
  name: 'full-data',
  title: 'disk full under the tables, and PostgreSQL ended meanwhile',
  async begin() {
    const mounts = [];
    const place = await ownDatabase({
      async prepare(house) {
        const [data, wal] = [join(house.dir, 'pg'), join(house.dir, 'pg/pg_wal')];
        await moveOnto(data, small('120m'));
        await moveOnto(wal, small('1g'));
        mounts.push(wal, data);
      },
      undo: () => mounts.forEach(unmount),
    });
    return Object.assign(place, { full: mounts[1], endsToo: true });
  },
};

export const walFull = {
  ...shape,
  name: 'full-wal',
  title: 'disk full under the WAL',
  async begin() {
    const mounts = [];
    const place = await ownDatabase({
      settings: { max_wal_size: "'64MB'", min_wal_size: "'32MB'" },
      async prepare(house) {
        mounts.push(join(house.dir, 'pg/pg_wal'));
        await moveOnto(mounts[0], small('160m'));
      },
      undo: () => mounts.forEach(unmount),
    });
    return Object.assign(place, { full: mounts[0] });
  },
};
