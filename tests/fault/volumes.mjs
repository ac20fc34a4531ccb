// Small and faulty file systems under a folder of an installation: a tmpfs that is soon full, and ext4 on a loop device whose
// bytes come from nbdkit through nbdfuse, where a filter makes writes fail or slow.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot, pause, until } from '../support/installation.mjs';

function run(...args) {
  const done = spawnSync(args[0], args.slice(1), { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
  if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.error ?? ''}${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}

/** Why this machine cannot mount what is asked for, or ''. */
export function cannotMount({ device = false } = {}) {
  if (!asRoot) return 'mounting needs root';
  const place = mkdtempSync(join(tmpdir(), 'rc-try-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', place);
    run('umount', place);
  } catch {
    return 'this machine does not let file systems be mounted';
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  if (device && !existsSync('/dev/fuse')) return 'this machine has no /dev/fuse';
  if (device && !existsSync('/dev/loop-control')) return 'this machine has no loop devices';
  return '';
}

/** Put what is in `path` of a stopped installation on the file system that `mount(path, {uid, gid, mode})` puts there. */
export async function moveOnto(path, mount) {
  const { uid, gid, mode } = statSync(path);
  renameSync(path, `${path}.was`);
  mkdirSync(path);
  await mount(path, { uid, gid, mode: (mode & 0o777).toString(8) });
  run('cp', '-a', `${path}.was/.`, path);
  run('chown', `${uid}:${gid}`, path);
  run('chmod', (mode & 0o777).toString(8), path);
  rmSync(`${path}.was`, { recursive: true });
}

export const small = (size) => (path, { uid, gid, mode }) => void run('mount', '-t', 'tmpfs', '-o', `size=${size},uid=${uid},gid=${gid},mode=${mode}`, 'none', path);
export const unmount = (path) => void run('umount', path);

/** Fill the file system at `path` to the last byte, and again what is freed meanwhile; returns what makes room again. */
export function fill(path) {
  const filler = join(path, 'filler');
  const file = openSync(filler, 'a');
  const more = () => {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const bytes = Buffer.alloc(size);
      try {
        while (writeSync(file, bytes) === size);
      } catch (cause) {
        if (cause.code !== 'ENOSPC') throw cause;
      }
    }
  };
  more();
  const again = setInterval(more, 50);
  return () => {
    clearInterval(again);
    closeSync(file);
    rmSync(filler);
  };
}

/** ext4 on a device that can be told to fail (`breaks`) or that takes its time (`delay`, such as 'wdelay=20ms'). */
export class Device {
  static async make({ megabytes = 512, delay } = {}) {
    const device = new Device();
    device.dir = mkdtempSync(join(tmpdir(), 'rc-device-'));
    device.trigger = join(device.dir, 'breaks');
    device.image = join(device.dir, 'image');
    writeFileSync(device.image, '');
    run('truncate', '-s', `${megabytes}M`, join(device.dir, 'bytes'));
    const filters = delay ? ['--filter=delay'] : ['--filter=error'];
    const options = delay ? [delay] : ['error=EIO', 'error-pwrite-rate=100%', 'error-zero-rate=100%', `error-file=${device.trigger}`];
    device.server = spawn('nbdfuse', [device.image, '--command', 'nbdkit', '-s', '--exit-with-parent', ...filters, 'file', join(device.dir, 'bytes'), ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
    let says = '';
    device.server.stderr.on('data', (piece) => (says += piece));
    await until(() => statSync(device.image).size > 0, { what: 'nbdfuse' }).catch((cause) => {
      throw new Error(`${cause.message}: ${says}`);
    });
    device.loop = run('losetup', '-f', '--show', device.image);
    run('mkfs.ext4', '-q', '-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0', device.loop);
    return device;
  }

  mount(path) {
    this.path = path;
    run('mount', this.loop, path);
    // A folder of PostgreSQL must be empty at first, and one of ext4 is not.
    rmSync(join(path, 'lost+found'), { recursive: true, force: true });
  }

  breaks(yes) {
    if (yes) writeFileSync(this.trigger, '');
    else rmSync(this.trigger, { force: true });
  }

  /** What an operator does when the device is well again; who failed half-way does it again. */
  repair() {
    // What is busy now may be free the next time, but what is unmounted already can never be unmounted again.
    if (spawnSync('mountpoint', ['-q', this.path]).status === 0) run('umount', this.path);
    const done = spawnSync('e2fsck', ['-fy', this.loop], { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
    if (done.status > 2) throw new Error(`e2fsck: ${done.stdout}${done.stderr}`);
    run('mount', this.loop, this.path);
  }

  async end() {
    this.breaks(false);
    for (let i = 0; i < 50 && spawnSync('umount', [this.path]).status !== 0; i++) await pause(100);
    run('losetup', '-d', this.loop);
    run('umount', '-l', this.image);
    this.server.kill('SIGTERM');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
