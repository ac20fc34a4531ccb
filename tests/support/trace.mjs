// Reads what strace -f has written down of an installation: which files each process left open to itself (Landlock), and what
// was refused to it once its system calls were filtered.
import { readFileSync } from 'node:fs';

/** `programs`: names of executables. {shut: [{program, pid, rules: ['r /path', 'w /path']}], refused: [{program, call, line}],
 *  called: {program: Set of the calls that it made from its start on}} */
export function readTrace(path, programs) {
  const processes = new Map(); // by pid
  const shut = [];
  const refused = [];
  const called = Object.fromEntries(programs.map((program) => [program, new Set()]));
  const unfinished = new Map();
  const of = (pid) => {
    if (!processes.has(pid)) processes.set(pid, { program: null, folders: new Map(), rules: [], filtered: false });
    return processes.get(pid);
  };
  for (const raw of readFileSync(path, 'utf8').split('\n')) {
    const begun = raw.match(/^(\d+) +(.*) <unfinished \.\.\.>$/);
    if (begun) {
      unfinished.set(begun[1], begun[2]);
      continue;
    }
    const resumed = raw.match(/^(\d+) +<\.\.\. \w+ resumed>(.*)$/);
    const line = resumed ? `${resumed[1]} ${unfinished.get(resumed[1]) ?? ''}${resumed[2]}` : raw;
    const parts = line.match(/^(\d+) +(\w+)\((.*)\) += (-?\w+)(.*)$/);
    if (!parts) continue;
    const [, pid, call, args, result, why] = parts;
    const process = of(pid);
    if (call === 'execve' && result === '0') {
      const name = args.match(/^"[^"]*\/([^"/]+)"/)?.[1];
      Object.assign(process, { program: programs.includes(name) ? name : null, rules: [], filtered: false });
    } else if (/^(clone3?|v?fork)$/.test(call) && Number(result) > 0) {
      const { program, filtered } = process;
      // What the child did before this line was read belongs to the program as well.
      const child = of(result);
      Object.assign(child, { program, filtered: child.filtered || (filtered && args.includes('CLONE_THREAD')) });
    }
    // A child may be heard before the line that says whose it is: what it opens and tells is kept all the same.
    if (call === 'openat' && args.includes('O_PATH')) process.folders.set(result, args.match(/"([^"]*)"/)?.[1]);
    else if (call === 'landlock_add_rule' && result === '0' && !args.includes('PATH_BENEATH')) process.rules.push('tcp');
    else if (call === 'landlock_add_rule' && result === '0') process.rules.push(`${args.includes('_WRITE_FILE') ? 'w' : 'r'} ${process.folders.get(args.match(/parent_fd=(\d+)/)?.[1])}`);
    if (!process.program) continue;
    called[process.program].add(call);
    if (call === 'landlock_restrict_self' && result === '0') {
      shut.push({ program: process.program, pid, rules: process.rules });
      process.rules = [];
    } else if (call === 'seccomp' && args.includes('SECCOMP_SET_MODE_FILTER') && args.includes('len=') && result === '0') process.filtered = true;
    else if (process.filtered && result === '-1' && why.includes('EPERM')) refused.push({ program: process.program, call, line: `${call}(${args}) = ${result}${why}`.slice(0, 200) });
  }
  return { shut, refused, called };
}
