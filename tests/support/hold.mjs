// A table that can be read and not written, for as long as a transaction of ours stands in the way: what a vault writes hangs there.
//
//   const release = await holdWrites(house, 'record');  ...  await release();
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from './installation.mjs';

export async function holdWrites(house, table) {
  const env = { ...process.env, PGHOST: join(house.dir, 'run/pg'), PGUSER: 'recourse-db', PGDATABASE: house.databaseName };
  const psql = spawn('psql', ['-X', '-q', '-A', '-t'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise((done) => psql.once('exit', done));
  let said = '';
  psql.stdout.on('data', (piece) => (said += piece));
  psql.stdin.write(`BEGIN; LOCK TABLE recourse.${table} IN SHARE MODE; SELECT 'held';\n`);
  await until(() => said.includes('held'), { what: `${table} to be held` });
  return () => {
    psql.stdin.end();
    return gone;
  };
}
