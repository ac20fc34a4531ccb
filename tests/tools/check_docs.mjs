// check_docs.mjs -- whoever follows a reference to a document finds it: each page of docs/ that code, tests or other documents
// name is there, and so is the heading that is named behind it in quotation marks; each relative link leads to a file and each
// #anchor to a heading.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tree = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'common', 'containers', 'docs', 'intake', 'migrations', 'operator', 'sms-gateway', 'store', 'tests', 'triage'];
const files = execFileSync('find', [...tree, '(', '-name', 'node_modules', '-o', '-name', 'build*', '-type', 'd', ')', '-prune', '-o', '-type', 'f',
  '(', '-name', '*.md', '-o', '-name', '*.[ch]', '-o', '-name', '*.mjs', '-o', '-name', '*.sh', '-o', '-name', '*.sql', '-o', '-name', 'openapi.json', ')', '-print'],
{ cwd: root, encoding: 'utf8' }).trim().split('\n').sort();
const faults = [];

const headings = new Map(); // document -> headings as they are written
const headingsOf = (name) => {
  if (!headings.has(name)) {
    const text = readFileSync(join(root, name), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    headings.set(name, [...text.matchAll(/^#+ (.+)$/gm)].map((m) => m[1]));
  }
  return headings.get(name);
};
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

function look(file, text, at, document, heading) {
  const says = (what) => faults.push(`${file}:${text.slice(0, at).split('\n').length}: ${what}`);
  if (!existsSync(join(root, document))) says(`${document} is not there`);
  else if (heading && document.endsWith('.md') && !headingsOf(document).includes(heading)) says(`${document} has no heading "${heading}"`);
}

let followed = 0;
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  // A reference may go on in the next line of a comment.
  for (const m of text.matchAll(/\bdocs\/[\w./-]+\.(?:md|json)\b(?:,[\s*/]+\\?"([A-Z][^"\\\n]*)\\?")?/g)) {
    followed += 1;
    look(file, text, m.index, m[0].match(/^[\w./-]+/)[0], m[1]);
  }
  if (!file.endsWith('.md')) continue;
  for (const m of text.matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]+))?\)(?:, "([A-Z][^"\n]*)")?/g)) {
    followed += 1;
    const document = m[1] ? normalize(join(dirname(file), m[1])) : file;
    look(file, text, m.index, document, m[3]);
    if (m[2] && existsSync(join(root, document)) && !headingsOf(document).some((heading) => anchor(heading) === m[2])) faults.push(`${file}: ${document} has no heading for #${m[2]}`);
  }
}
if (followed < 100) faults.push(`only ${followed} references were found: this check looks for the wrong words`);
console.log(faults.join('\n') || `${followed} references lead somewhere`);
process.exit(faults.length ? 1 : 0);
