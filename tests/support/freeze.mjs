// A process and its children stand still: nothing answers, nothing closes. Returns what lets them go on.
import { readFileSync } from 'node:fs';

// A child may end while we look: a server process of a psql that has just gone.
function tell(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (cause.code !== 'ESRCH') throw cause;
  }
}

export function freeze(main) {
  tell(main, 'SIGSTOP'); // first, so that no child is added
  const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  for (const pid of children) tell(pid, 'SIGSTOP');
  return () => {
    // Children first: the main process buries those that had ended before, and their numbers are nobody's then.
    for (const pid of [...children].reverse()) tell(pid, 'SIGCONT');
    tell(main, 'SIGCONT');
  };
}
