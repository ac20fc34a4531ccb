// A real Kannel on loopback: bearerbox, smsbox and its fake SMSC, from docs/kannel/kannel.conf with ports and secrets put in.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync, rmSync, existsSync, chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePortBase } from './installation.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const find = (...paths) => paths.find((path) => existsSync(path));

/** Starts Kannel. `gateway` is the loopback port of recourse-sms, `secret` what its channel expects, `channel` its name.
 *  send(from, text): a phone texts; received(): [{to, text}] that phones got. */
export async function startKannel({ gateway, secret, channel = 'kannel', sendsmsPort, sendsmsPassword, number = '12345' }) {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-kannel-'));
  chmodSync(dir, 0o755);
  const admin = await freePortBase(), [box, smsc] = [admin + 1, admin + 2]; // below those that connections take for themselves
  mkdirSync(join(dir, 'spool'));
  const replaced = [
    [/CHANGE-ME-1/g, 'admin-secret'],
    [/CHANGE-ME-2/g, sendsmsPassword],
    [/CHANGE-ME-3/g, secret],
    ['admin-port = 13000', `admin-port = ${admin}`],
    ['smsbox-port = 13001', `smsbox-port = ${box}`],
    ['port = 10000', `port = ${smsc}`],
    ['sendsms-port = 13013', `sendsms-port = ${sendsmsPort}`],
    ['127.0.0.1:8463/sms/kannel', `127.0.0.1:${gateway}/sms/${channel}`],
    ['/var/spool/kannel', join(dir, 'spool')],
    ['http-queue-delay = 10', 'http-queue-delay = 1'],
    ['default-sender = 12345', `default-sender = ${number}`],
  ];
  let conf = readFileSync(join(root, 'docs/kannel/kannel.conf'), 'utf8');
  for (const [from, to] of replaced) conf = conf.replace(from, () => to);
  const file = join(dir, 'kannel.conf');
  writeFileSync(file, conf);

  const logs = { text: '' };
  const children = [];
  const start = (command, args, options = {}) => {
    const child = spawn(command, args, { cwd: dir, ...options });
    child.stdout.on('data', (d) => (logs.text += d));
    child.stderr.on('data', (d) => (logs.text += d));
    children.push(child);
    return child;
  };
  start(find('/usr/sbin/bearerbox', '/usr/bin/bearerbox'), [file]);
  await pause(700);
  start(find('/usr/sbin/smsbox', '/usr/bin/smsbox'), [file]);
  await pause(700);
  // The fake SMSC takes one client at a time: a new one for each text, which stays to hear what is sent to phones.
  let phone = null;
  let heard = '';
  const connectPhone = async (...message) => {
    if (phone) {
      phone.kill('SIGTERM');
      await new Promise((done) => phone.once('exit', done));
    }
    phone = start('/usr/lib/kannel/test/fakesmsc', ['-H', '127.0.0.1', '-r', String(smsc), '-i', '0.05', '-m', '1', ...message]);
    const listen = (d) => (heard += d);
    phone.stdout.on('data', listen);
    phone.stderr.on('data', listen);
    await pause(900);
  };
  return {
    dir,
    logs,
    heard: () => heard,
    /** What phones were sent so far: [{to, text}]. */
    received: () =>
      [...heard.matchAll(/Got message \d+: <(\S+) (\S+) (\S+) ([^>]*)>/g)].map(([, from, to, type, text]) => ({
        from,
        to,
        text: type === 'text' ? text : Buffer.from(text.replace(/\+/g, ' ').replace(/%([0-9a-f]{2})/gi, (_, h) => String.fromCharCode(parseInt(h, 16))), 'latin1').swap16().toString('utf16le'),
      })),
    async send(from, text) {
      const ascii = /^[\x20-\x7e]*$/.test(text);
      const coded = ascii
        ? text
        : [...Buffer.from(text, 'utf16le').swap16()].map((b) => '%' + b.toString(16).padStart(2, '0')).join('');
      await connectPhone(`${from} ${number} ${ascii ? 'text' : 'ucs2'} ${coded}`);
    },
    async stop() {
      for (const child of children.reverse()) child.kill('SIGTERM');
      await pause(500);
      for (const child of children) child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
