// PostgreSQL is away and reports are spooled: a full disk and a failing fsync under the spool are refusals, never a "stored"; the
// spool goes on by itself within five seconds, and what it holds is in the database once when that is back.
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { backAfter, isLate, metrics, ownDatabase, pause, spoolBytes, underReports, until } from './harness.mjs';
import { Nth, Twin } from './twin.mjs';
import { cannotMount, fill, moveOnto, small, unmount } from './volumes.mjs';

/** End PostgreSQL and keep the launcher from starting it, until the returned function is called. */
async function away({ house }) {
  const [name, pid] = [join(house.dir, 'pg/PG_VERSION'), Number(readFileSync(join(house.dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0])];
  renameSync(name, `${name}.away`);
  process.kill(pid, 'SIGQUIT');
  await until(() => !existsSync(`/proc/${pid}`), { what: 'the end of PostgreSQL' });
  return () => renameSync(`${name}.away`, name);
}

/** Nothing is acknowledged for a while. */
async function isRefused(reporting, problems, what) {
  const refused = reporting.answers[503] ?? 0;
  await until(() => (reporting.answers[503] ?? 0) > refused, { ms: 30_000, what: `a refusal (${what})` });
  await pause(500); // what was on its way
  const stored = reporting.acknowledged.length;
  await pause(1500);
  if (reporting.acknowledged.length > stored) problems.push(`${reporting.acknowledged.length - stored} were told "stored" (${what})`);
}

function rounds(breaks, options = () => ({})) {
  return async (place, times, say) => {
    const problems = [];
    const verdict = await underReports(
      place,
      async (reporting) => {
        let backMs = 0;
        for (let done = 0; done < times; done++) {
          const begun = reporting.acknowledged.length;
          await until(() => reporting.acknowledged.length > begun + 100, { ms: 60_000, what: 'reports' });
          const bringBack = await away(place);
          try {
            await until(async () => (await spoolBytes(place.spooling ?? place.house)) > 0, { ms: 30_000, what: 'a spool in use' });
            const mend = await breaks(place);
            await isRefused(reporting, problems, place.what).finally(mend);
            const back = await backAfter(reporting);
            backMs = Math.max(backMs, back);
            if (isLate(back)) problems.push(`spooling again only after ${back} ms`);
            say(`${place.what}, ${done + 1} of ${times}: spooling again after ${back} ms`);
          } finally {
            bringBack();
          }
          await until(async () => (await spoolBytes(place.spooling ?? place.house)) === 0, { ms: 60_000, what: 'an empty spool' });
        }
        return { backMs };
      },
      options(place),
    );
    return { ...verdict, times, problems: [...verdict.problems, ...problems] };
  };
}

const without = async (place) => {
  if ((await spoolBytes(place.house)) === undefined) place.skip = 'this intake has no spool (its metrics name none)';
  return place;
};

export const spoolFull = {
  name: 'full-spool',
  title: 'disk full under the spool, PostgreSQL away',
  times: { short: 1, long: 10 },
  perRound: 5,
  missing: () => cannotMount(),
  async begin() {
    let spool;
    const place = await ownDatabase({
      async prepare(house) {
        const path = join(house.dir, 'spool/intake');
        if (!existsSync(path)) return;
        await moveOnto(path, small('8m'));
        spool = path;
      },
      undo: () => spool && unmount(spool),
    });
    return without(Object.assign(place, { full: spool, what: 'spool full' }));
  },
  round: rounds(async (place) => fill(place.full)),
};

export const spoolSync = {
  name: 'fsync-spool',
  title: 'an fsync that fails in the spool, PostgreSQL away',
  times: { short: 1, long: 20 },
  perRound: 5,
  missing: () => '',
  async begin() {
    const place = await without(await ownDatabase());
    if (place.skip) return place;
    const nth = new Nth();
    const twin = await new Twin(place.house, nth).start();
    const { end } = place;
    return Object.assign(place, {
      nth,
      twin,
      what: 'fsync fails',
      spooling: { ports: { intakeHealth: twin.health } },
      async end() {
        await twin.stop();
        nth.end();
        return end();
      },
    });
  },
  round: rounds(
    async ({ nth, spooling }) => {
      nth.arm('fsync', -1);
      return async () => {
        if (!nth.disarm().failed) throw new Error(`no fsync was called: ${(await metrics(spooling)).slice(0, 300)}`);
      };
    },
    ({ twin }) => ({ port: twin.port }),
  ),
};
