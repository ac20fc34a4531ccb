// The disk under PostgreSQL lies: fsync fails (in the server; by EIO of a block device), or everything takes long. PostgreSQL
// then ends itself rather than acknowledge, and nothing that was acknowledged is missing when it is back.
import { join } from 'node:path';
import { backInDatabase, isLate, onCluster, ownDatabase, pause, underReports, until } from './harness.mjs';
import { Nth } from './twin.mjs';
import { Device, cannotMount, moveOnto } from './volumes.mjs';

/* ---- fsync ---- */

// By nth.c and not by libfiu: libfiu's preloaded library and PostgreSQL both export hash_create(), and the server crashes at its
// start. One call fails and the next would succeed, as it is on Linux: who tries again would believe what is not so.
async function syncFails(place, times, say) {
  const { primary, nth } = place;
  const problems = [];
  const verdict = await underReports(place, async () => {
    let panics = 0;
    for (let done = 0; done < times; done++) {
      const from = primary.log().length;
      const hasEnded = () => primary.server.exitCode !== null || primary.server.signalCode !== null;
      while (!hasEnded()) {
        // Not every file is one on which a server must end: then the next.
        nth.arm('fsync', 1 + Math.floor(Math.random() * 30));
        await until(() => hasEnded() || nth.get('failed'), { ms: 60_000, what: 'an fsync' });
        await until(hasEnded, { ms: 1500 }).catch(() => {});
      }
      nth.disarm();
      panics += /PANIC: /.test(primary.log().slice(from));
      if (!/could not (fsync|fdatasync)/.test(primary.log().slice(from))) problems.push(`PostgreSQL ended without a word on fsync: ${primary.log().slice(from).slice(-500)}`);
      await primary.start({ env: nth.env });
      await backInDatabase(place);
      if ((done + 1) % 10 === 0 || done + 1 === times) say(`${done + 1} of ${times} failed, ${panics} PANICs`);
    }
    if (!panics) problems.push('PostgreSQL never panicked');
  });
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export const fsyncFails = {
  name: 'fsync',
  title: 'an fsync that fails in PostgreSQL, PANIC',
  times: { short: 3, long: 100 },
  perRound: 5,
  missing: () => '',
  async begin() {
    const place = await onCluster();
    const { end } = place;
    place.nth = new Nth({ withoutMalloc: true });
    await place.primary.stop();
    await place.primary.start({ env: place.nth.env });
    place.end = async () => {
      const problems = await end();
      place.nth.end();
      return problems;
    };
    return place;
  },
  round: syncFails,
};

/* ---- a block device that answers EIO, or late ---- */

async function onDevice(options, settings) {
  let device;
  const place = await ownDatabase({
    settings,
    async prepare(house) {
      device = await Device.make(options);
      await moveOnto(join(house.dir, 'pg'), (path) => device.mount(path));
    },
    undo: () => device.end(),
  });
  return Object.assign(place, { device });
}

async function deviceFails(place, times, say) {
  const problems = [];
  const verdict = await underReports(place, async (reporting) => {
    for (let done = 0; done < times; done++) {
      const [begun, crashes] = [reporting.acknowledged.length, place.crashes()];
      await until(() => reporting.acknowledged.length > begun + 200, { ms: 60_000, what: 'reports' });
      place.device.breaks(true);
      await until(() => place.crashes() > crashes, { ms: 60_000, what: 'PostgreSQL that ends because of EIO' });
      await pause(500);
      place.device.breaks(false);
      // A file system that met EIO stays as it is until someone looks after it; the launcher tries to start all the while.
      let inTheWay = '';
      const repaired = () => {
        try {
          place.device.repair();
          return true;
        } catch (cause) {
          inTheWay = cause.message;
          return false;
        }
      };
      await until(repaired, { ms: 90_000, what: 'the repair of the file system' }).catch((cause) => {
        throw new Error(`${cause.message}: ${inTheWay}`);
      });
      say(`EIO ${done + 1} of ${times}: PostgreSQL ended ${place.crashes() - crashes} times, repaired`);
      await backInDatabase(place);
    }
    if (!/PANIC/.test(place.house.logs('postgresql'))) problems.push('PostgreSQL never panicked');
  });
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export const eio = {
  name: 'eio',
  title: 'a block device that answers EIO (nbdkit, nbdfuse, loop, ext4), PANIC',
  times: { short: 1, long: 20 },
  perRound: 5,
  missing: () => cannotMount({ device: true }),
  begin: () => onDevice({}),
  round: deviceFails,
};

async function slowly(place, seconds, say) {
  const problems = [];
  const verdict = await underReports(place, async (reporting) => {
    await pause(seconds * 1000);
    say(`${seconds} s on a slow disk, slowest answer ${reporting.slowest} ms`);
    if (!reporting.acknowledged.length) problems.push('nothing got through');
  });
  if (isLate(verdict.slowestMs, 20_000)) problems.push(`an answer took ${verdict.slowestMs} ms`);
  return { ...verdict, times: seconds, problems: [...verdict.problems, ...problems] };
}

export const slow = {
  name: 'slow-disk',
  title: 'a disk on which each write takes 10 ms (seconds)',
  times: { short: 5, long: 300 },
  perRound: 25,
  missing: () => cannotMount({ device: true }),
  begin: () => onDevice({ delay: 'wdelay=10ms' }),
  round: slowly,
};
