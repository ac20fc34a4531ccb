// Speaks to a desk's vault as its console does, for tests that do not trust the console: frames over its unix socket, as the
// console's user where each process has one.
//
//   const vault = openVault(house, 'usual');
//   await vault.ask({ op: 'whoami', session });
//   vault.close();
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { asRoot } from './installation.mjs';

/** In a process of its own, with the uid that the vault expects: lines of JSON in; out the request's number and its answer. */
const SPEAKER = `
const socket = require('node:net').connect(process.argv[1]);
let number = 0, rest = Buffer.alloc(0);
socket.on('error', () => process.exit(1));
socket.on('end', () => process.exit(1));
socket.on('data', (piece) => {
  rest = Buffer.concat([rest, piece]);
  while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(0)) {
    const end = 8 + rest.readUInt32BE(0);
    process.stdout.write(rest.readUInt32BE(4) + ' ' + rest.subarray(8, end).toString('utf8') + '\\n');
    rest = rest.subarray(end);
  }
});
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const payload = Buffer.from(line), head = Buffer.alloc(8);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(++number, 4);
  socket.write(Buffer.concat([head, payload]));
}).on('close', () => process.exit(0));
`;

const idOf = (user, flag) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout.trim());

export function openVault(house, desk) {
  const who = asRoot ? { uid: idOf('recourse-triage', '-u'), gid: idOf('recourse-triage', '-g') } : {};
  const speaker = spawn(process.execPath, ['-e', SPEAKER, join(house.dir, `run/vault-${desk}/console.sock`)], { ...who, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let number = 0;
  createInterface({ input: speaker.stdout }).on('line', (line) => {
    const space = line.indexOf(' ');
    waiting.get(Number(line.slice(0, space)))?.done(JSON.parse(line.slice(space + 1)));
    waiting.delete(Number(line.slice(0, space)));
  });
  speaker.on('exit', () => {
    for (const { fail } of waiting.values()) fail(new Error(`the vault of ${desk} ended the connection`));
  });
  return {
    ask: (body) =>
      new Promise((done, fail) => {
        waiting.set(++number, { done, fail });
        speaker.stdin.write(`${JSON.stringify(body)}\n`);
      }),
    close: () => speaker.stdin.end(),
  };
}
