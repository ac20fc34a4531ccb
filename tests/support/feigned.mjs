// The console alone, with a vault that is feigned: it answers each operation with what a test says. For pages of which a real
// desk has to be a year old.
//
//   const stage = await openStage({ whoami: {...}, 'figures.flow': (ask) => ({...}) });
//   await page.context().addCookies([stage.cookie]);
//   await page.goto(`${stage.url}/dashboard`);
//   await stage.close();
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, freePortBase, root, until } from './installation.mjs';

/** Frames (common/base/frame.h): length, number, payload. */
function listen(path, answers) {
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      rest = Buffer.concat([rest, piece]);
      while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(0)) {
        const end = 8 + rest.readUInt32BE(0);
        const question = JSON.parse(rest.subarray(8, end).toString('utf8'));
        const said = answers[question.op];
        const answer = said === undefined ? { ok: false, error: 'unknown', says: 'There is no such operation.' } : { ok: true, ...(typeof said === 'function' ? said(question) : said) };
        const payload = Buffer.from(JSON.stringify(answer)), head = Buffer.alloc(8);
        head.writeUInt32BE(payload.length, 0);
        rest.copy(head, 4, 4, 8);
        socket.write(Buffer.concat([head, payload]));
        rest = rest.subarray(end);
      }
    });
  });
  return new Promise((done) => server.listen(path, () => done(server)));
}

export async function openStage(answers) {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-stage-'));
  const port = await freePortBase();
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  const vault = await listen(join(dir, 'vault.sock'), answers);
  const files = join(root, 'triage');
  writeFileSync(join(dir, 'console.ini'), `[office]
name = Thornfield
[http]
address = 127.0.0.1
port = ${port}
health_port = 0
certificate = ${dir}/cert.pem
key = ${dir}/key.pem
[files]
pages = ${files}/console/pages
languages = ${files}/console/languages
codes = ${files}/codes
[desk usual]
socket = ${dir}/vault.sock
title = Grievances
`);
  const program = spawn(join(process.env.RECOURSE_BUILD ?? join(root, 'build-asan'), 'recourse-triage'), ['--config', join(dir, 'console.ini')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (piece) => (log += piece));
  const url = `https://localhost:${port}`;
  const ended = new Promise((done) => program.on('exit', done));
  await until(async () => (await ask(`${url}/signin`).catch(() => ({}))).status === 200, { what: 'the console' }).catch((error) => {
    throw new Error(`${error.message}\n${log}`);
  });
  return {
    url,
    cookie: { name: '__Host-session', value: 'usual.feigned', domain: 'localhost', path: '/', secure: true },
    async close() {
      program.kill('SIGTERM');
      await ended;
      vault.close();
      rmSync(dir, { recursive: true, force: true });
      if (/ERROR: |runtime error/.test(log)) throw new Error(log);
    },
  };
}
