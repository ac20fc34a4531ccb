// Is a PostgreSQL cluster whole after what was done to it: every index and every row by amcheck while it runs, every page's
// checksum while it is stopped.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const version = readdirSync('/usr/lib/postgresql').map(Number).sort((a, b) => b - a)[0];
export const pgBin = (program) => `/usr/lib/postgresql/${version}/bin/${program}`;

const ran = (program, args, options) => {
  const done = spawnSync(program, args, { encoding: 'utf8', ...options });
  return done.status === 0 ? [] : [`${program}: ${done.error ?? ''}${done.stdout}${done.stderr}`.trim()];
};

/** What amcheck finds wrong (verify_heapam, bt_index_check with every row of the table), with libpq's own variables in `env`. */
export function rowsAndIndexes(env) {
  return ran(pgBin('pg_amcheck'), ['--install-missing', '--heapallindexed', env.PGDATABASE ?? 'recourse'], { env: { ...process.env, ...env } });
}

/** What pg_checksums finds wrong in the stopped cluster at `data`. Its own file says whose it is: it runs as that user. */
export function pages(data, user) {
  if (!existsSync(`${data}/PG_VERSION`)) return [`${data} is no cluster`];
  return user ? ran('setpriv', ['--reuid', user, '--regid', user, '--clear-groups', pgBin('pg_checksums'), '--check', '-D', data]) : ran(pgBin('pg_checksums'), ['--check', '-D', data]);
}
