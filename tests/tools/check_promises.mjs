// check_promises.mjs -- docs/promises.md and tests/promises/broken.mjs speak of the same sentences, the code that each change
// breaks is there exactly once, and so is the test that notices.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { broken } from '../promises/broken.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const page = readFileSync(join(root, 'docs/promises.md'), 'utf8');
const sentences = [...page.matchAll(/^(\d+)\. /gm)].map((m) => Number(m[1]));
const faults = [];
const fault = (entry, says) => faults.push(`sentence ${entry}: ${says}`);

const unitFiles = readdirSync(join(root, 'tests/unit'), { recursive: true }).filter((name) => name.endsWith('.c'));
const units = unitFiles.map((name) => readFileSync(join(root, 'tests/unit', name), 'utf8'));
const flows = readdirSync(join(root, 'tests/flow'));
const faultTests = readdirSync(join(root, 'tests/fault'));
const ctests = readFileSync(join(root, 'tests/tools/CMakeLists.txt'), 'utf8');

sentences.forEach((number, i) => number === i + 1 || fault(number, `is out of order on the page`));
for (const number of sentences) if (!broken.some((entry) => entry.sentence === number)) fault(number, 'has no change that breaks it');
for (const entry of broken) {
  if (!sentences.includes(entry.sentence)) fault(entry.sentence, 'is not on the page');
  const times = readFileSync(join(root, entry.file), 'utf8').split(entry.from).length - 1;
  if (times !== 1) fault(entry.sentence, `"${entry.from.slice(0, 50)}" stands in ${entry.file} ${times} times`);
  if (entry.unit && !units.some((text) => text.includes(`static void ${entry.unit[1]}(`))) fault(entry.sentence, `there is no test ${entry.unit[1]}`);
  if (entry.flow) {
    const file = flows.find((name) => name.startsWith(entry.flow[0]));
    if (!file || !readFileSync(join(root, 'tests/flow', file), 'utf8').includes(entry.flow[1])) fault(entry.sentence, `there is no story ${entry.flow.join(': ')}`);
  }
  if (entry.fault && !faultTests.includes(`${entry.fault}.mjs`)) fault(entry.sentence, `there is no fault ${entry.fault}`);
  if (entry.tool && !ctests.includes(entry.tool)) fault(entry.sentence, `there is no check ${entry.tool}`);
}
faults.forEach((text) => console.error(text));
if (faults.length) process.exit(1);
console.log(`${sentences.length} sentences, each with a change that breaks it and a test that notices.`);
