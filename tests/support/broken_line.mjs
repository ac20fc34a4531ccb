// A line to a server that breaks: bytes pass as they are (TLS stays whole), and each time that many have gone up all connections on it are
// reset, without a word to either side.
//
//   const line = await openLine(house.ports.intake);
//   line.breakAfter(200_000, 300_000);   // from now on: breaks twice, then holds
//   ask(`https://localhost:${line.port}/...`);  line.breaks;  await line.close();
import { connect, createServer } from 'node:net';

export async function openLine(port) {
  const open = new Set();
  let left = [], carried = 0, breaks = 0;
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  const server = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' });
    for (const [from, to] of [[near, far], [far, near]]) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => { open.delete(from); to.destroy(); });
      from.on('data', (piece) => {
        if (from === near) carried += piece.length;
        if (left.length && carried >= left[0]) {
          left.shift();
          breaks += 1;
          carried = 0;
          cut();
        } else if (!to.write(piece)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
      from.on('end', () => to.end());
    }
  });
  server.unref();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    breakAfter(...bytes) {
      left = bytes;
      carried = 0;
    },
    get breaks() {
      return breaks;
    },
    close() {
      cut();
      return new Promise((done) => server.close(done));
    },
  };
}
