// The descriptions of the API as the linter sees them (@redocly/cli, its recommended rules, tests/tools/redocly.yaml): what each
// server serves, and docs/openapi.json. A warning fails as an error does. Nothing is asked of the network.
//
//   node tests/tools/lint_openapi.mjs BUILD
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [build] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'rc-lint-'));
// No figures sent home, no look for a newer one; and where it tried, nobody would be there.
const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', NO_COLOR: '1' };

function lint(path) {
  const args = ['lint', '--config', join(root, 'tests/tools/redocly.yaml'), '--format', 'json', '--max-problems', '1000', path];
  const done = spawnSync(process.execPath, [join(root, 'tests/node_modules/@redocly/cli/bin/cli.js'), ...args], { env, encoding: 'utf8', cwd: folder, maxBuffer: 1 << 26 });
  assert.ok(done.stdout.trimStart().startsWith('{'), `the linter did not run: ${done.error ?? done.stderr}`);
  return JSON.parse(done.stdout).problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`);
}

try {
  const printed = spawnSync(join(build, 'recourse-triage'), ['--print-openapi', join(root, 'triage/console/pages')], { encoding: 'utf8', env });
  assert.equal(printed.status, 0, printed.stderr);
  const staff = join(folder, 'staff.json');
  writeFileSync(staff, printed.stdout);
  const found = [join(root, 'intake/pages/openapi.json'), staff, join(root, 'docs/openapi.json')].flatMap((path) => lint(path).map((says) => `${path}: ${says}`));
  assert.deepEqual(found, []);
  // That it finds something where there is something to find.
  const broken = JSON.parse(readFileSync(join(root, 'intake/pages/openapi.json'), 'utf8'));
  broken.paths['/api/v1/reports'].post.responses = [];
  broken.components.schemas.Nobody = { type: 'object' };
  const worse = join(folder, 'broken.json');
  writeFileSync(worse, JSON.stringify(broken));
  const told = lint(worse).join('\n');
  for (const rule of ['struct', 'no-unused-components']) assert.match(told, new RegExp(`^${rule}:`, 'm'));
} finally {
  rmSync(folder, { recursive: true });
}
