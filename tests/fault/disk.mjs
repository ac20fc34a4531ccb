// The disk under PostgreSQL lies: fsync fails (libfiu in the server; EIO of a block device), or everything takes long. PostgreSQL
// then ends itself rather than acknowledge, and nothing that was acknowledged is missing when it is back.
import { join } from 'node:path';
import { backInDatabase, onCluster, ownDatabase, pause, underReports, until } from './harness.mjs';
import { Device, cannotMount, moveOnto } from './volumes.mjs';

/* ---- fsync, by libfiu ---- */

// Decided at each start, because what libfiu is told later does not reach the processes that a server has forked.
const FSYNC = ['fiu-run', '-x', '-c', 'enable_random name=posix/io/sync/fsync,probability=0.02,failinfo=5', '-c', 'enable_random name=posix/io/sync/fdatasync,probability=0.02,failinfo=5'];

async function syncFails(place, times, say) {
  const { primary } = place;
  const problems = [];
  const verdict = await underReports(place, async () => {
    let panics = 0;
    for (let done = 0; done < times; done++) {
      await primary.stop();
      const from = primary.log().length;
      // It may fail in the recovery already: that is one too.
      await primary.start({ wrap: FSYNC }).catch(() => {});
      await until(() => primary.server.exitCode !== null || primary.server.signalCode !== null, { ms: 60_000, what: 'an fsync that fails' });
      const panicked = /PANIC: +could not (fsync|fdatasync|flush)|PANIC: .*(fsync|fdatasync)/.test(primary.log().slice(from));
      panics += panicked;
      if (!panicked && !/could not fsync|could not fdatasync/.test(primary.log().slice(from))) problems.push(`PostgreSQL ended without a word on fsync: ${primary.log().slice(from).slice(-500)}`);
      await primary.start();
      await backInDatabase(place);
      if ((done + 1) % 10 === 0 || done + 1 === times) say(`${done + 1} of ${times} failed, ${panics} PANICs`);
    }
    if (!panics) problems.push('PostgreSQL never panicked');
  });
  return { ...verdict, times, problems: [...verdict.problems, ...problems] };
}

export const fsyncFails = {
  name: 'fsync',
  title: 'fsync fails in PostgreSQL (libfiu), PANIC',
  times: { short: 3, long: 100 },
  perRound: 25,
  missing: () => '',
  begin: () => onCluster({ settings: '\nwal_sync_method = fsync\n' }),
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
      const repaired = await until(
        () => {
          try {
            place.device.repair();
            return true;
          } catch {
            return false;
          }
        },
        { ms: 30_000, what: 'the repair of the file system' },
      );
      say(`EIO ${done + 1} of ${times}: PostgreSQL ended ${place.crashes() - crashes} times, ${repaired ? 'repaired' : ''}`);
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
  if (verdict.slowestMs > 20_000) problems.push(`an answer took ${verdict.slowestMs} ms`);
  return { ...verdict, times: seconds, problems: [...verdict.problems, ...problems] };
}

export const slow = {
  name: 'slow-disk',
  title: 'a disk on which each write takes 20 ms (seconds)',
  times: { short: 10, long: 300 },
  perRound: 100,
  missing: () => cannotMount({ device: true }),
  begin: () => onDevice({ delay: 'wdelay=20ms' }),
  round: slowly,
};
