// The faults named, or all of them, until each was done as often as wanted. `run` beside this file is the command.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { root } from '../support/installation.mjs';
import { NOTHING, runFault } from './harness.mjs';
import { faults } from './faults.mjs';

const words = process.argv.slice(2);
const long = words.includes('--long');
const names = words.filter((word) => !word.startsWith('--'));
const countsPath = resolve(root, process.env.RECOURSE_BUILD ?? 'build', `fault/counts-${long ? 'long' : 'short'}.json`);
const strange = [...names.filter((name) => !faults.some((fault) => fault.name === name)), ...words.filter((word) => word.startsWith('--') && !['--long', '--again'].includes(word))];
if (strange.length) {
  console.error(`There is no ${strange.join(', ')}. Faults: ${faults.map(({ name }) => name).join(' ')}`);
  process.exit(2);
}

const read = () => (existsSync(countsPath) ? JSON.parse(readFileSync(countsPath, 'utf8')) : {});
let counts = read();
function keep(name, total) {
  // Another run may be at other faults.
  counts = { ...read(), [name]: total };
  mkdirSync(dirname(countsPath), { recursive: true });
  writeFileSync(`${countsPath}.new`, JSON.stringify(counts, null, 2));
  renameSync(`${countsPath}.new`, countsPath);
}

// So that what was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const wanted = faults.filter(({ name }) => !names.length || names.includes(name));
for (const fault of wanted) {
  const times = fault.times[long ? 'long' : 'short'];
  const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${fault.name}: ${text}`);
  const missing = await fault.missing();
  if (words.includes('--again')) delete counts[fault.name];
  if (missing) {
    say(`skipped: ${missing}`);
    keep(fault.name, { ...NOTHING, skipped: [missing] });
    continue;
  }
  const already = counts[fault.name]?.skipped?.length ? NOTHING : (counts[fault.name] ?? NOTHING);
  if (already.times >= times) continue;
  say(`${already.times} of ${times} done`);
  try {
    const total = await runFault(fault, times, {
      say,
      already,
      isLong: long,
      onRound(total) {
        keep(fault.name, total);
        say(`${total.times} of ${times} done, ${total.acknowledged} acknowledged, ${total.lost} lost, ${total.twice} twice, ${total.torn} torn, ${total.unexpected} unexpected`);
      },
    });
    if (total.skipped) {
      say(`skipped: ${total.skipped[0]}`);
      keep(fault.name, total);
    }
  } catch (cause) {
    keep(fault.name, { ...(counts[fault.name] ?? NOTHING), problems: [...(counts[fault.name]?.problems ?? []), String(cause.stack ?? cause)] });
    say(`stopped: ${cause.stack ?? cause}`);
  }
}

// None seen in n: with 95 % certainty fewer than 3/n (the rule of three), of what was acknowledged.
const row = (fault) => {
  const t = { ...NOTHING, ...counts[fault.name] };
  if (t.skipped?.length) return [fault.title, 'skipped', t.skipped[0], '', '', '', '', '', ''];
  const bad = t.lost + t.twice + t.torn;
  return [fault.title, t.injected ?? t.times, t.acknowledged, t.lost, t.twice, t.torn, t.unexpected, t.backMs ?? '', bad || !t.times ? '' : `< ${Math.min(1, 3 / (t.injected ?? t.times)).toPrecision(2)}`];
};
console.log('\n| fault | times | acknowledged | lost | twice | torn | unexpected | writing again within, ms | chance that one does harm (3/n) |\n|---|---|---|---|---|---|---|---|---|');
for (const fault of wanted) console.log(`| ${row(fault).join(' | ')} |`);
const problems = wanted.flatMap(({ name }) => (counts[name]?.problems ?? []).map((problem) => `${name}: ${problem}`));
const bad = wanted.some(({ name }) => ['lost', 'twice', 'torn', 'unexpected'].some((what) => counts[name]?.[what]));
if (problems.length) console.log(`\n${problems.join('\n')}`);
process.exit(problems.length || bad ? 1 : 0);
