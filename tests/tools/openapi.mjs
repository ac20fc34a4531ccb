// docs/openapi.json: both parts of the API in one document, put together from what each server serves: the console's made from
// its tables (triage/console/openapi.c), intake's written by hand and held here against its routes.
//
//   node tests/tools/openapi.mjs BUILD           fails where docs/openapi.json is not what it should be
//   node tests/tools/openapi.mjs BUILD --write   writes it
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const target = join(root, 'docs/openapi.json');
const [build, flag] = process.argv.slice(2);
const read = (path) => readFileSync(join(root, path), 'utf8');
const LINE = 150;
// What each server says of itself is "/", where the document came from; in one document for both, where a fresh installation has them.
const AT = { public: 'localhost:8443', staff: 'localhost:8444' };

/** Objects and lists on one line where that fits. */
function laidOut(value, depth = 0) {
  const one = JSON.stringify(value);
  if (one.length + depth <= LINE || value === null || typeof value !== 'object') return one;
  const indent = ' '.repeat(depth + 1);
  const parts = Array.isArray(value) ? value.map((each) => laidOut(each, depth + 1)) : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${laidOut(each, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map((part) => indent + part).join(',\n')}\n${' '.repeat(depth)}${close}`;
}

/** Every {"$ref"} leads somewhere, and every named schema is led to. */
function check(document, name) {
  const used = new Set();
  const walk = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') {
      used.add(value.$ref);
      assert.ok(value.$ref.slice(2).split('/').reduce((at, key) => at?.[key], document), `${name}: nothing at ${value.$ref}`);
    }
    Object.values(value).forEach(walk);
  };
  walk(document);
  for (const schema of Object.keys(document.components.schemas)) assert.ok(used.has(`#/components/schemas/${schema}`), `${name}: nobody uses ${schema}`);
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  assert.equal(new Set(ids).size, ids.length, `${name}: an operationId stands twice`);
}

/** The same document with its schemas, responses and operations named after its part. */
function renamed(document, part) {
  const text = JSON.stringify(document).replace(/"#\/components\/(schemas|responses|parameters|securitySchemes)\/(\w+)"/g, `"#/components/$1/${part}_$2"`);
  const copy = JSON.parse(text);
  for (const [kind, rows] of Object.entries(copy.components)) copy.components[kind] = Object.fromEntries(Object.entries(rows).map(([key, value]) => [`${part}_${key}`, value]));
  copy.servers = [{ url: `https://{${part}}`, description: copy.servers[0].description, variables: { [part]: { default: AT[part] } } }];
  for (const path of Object.values(copy.paths)) {
    for (const operation of Object.values(path)) {
      operation.operationId = `${part}_${operation.operationId}`;
      const security = operation.security ?? copy.security;
      operation.security = security.map((each) => Object.fromEntries(Object.entries(each).map(([key, value]) => [`${part}_${key}`, value])));
    }
    path.servers = copy.servers;
  }
  return copy;
}

const printed = spawnSync(join(build, 'recourse-triage'), ['--print-openapi', join(root, 'triage/console/pages')], { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
assert.equal(printed.status, 0, printed.stderr);
const staff = JSON.parse(printed.stdout), people = JSON.parse(read('intake/pages/openapi.json'));
check(staff, 'console');
check(people, 'intake');

const routes = [...read('intake/routes.c').matchAll(/\{HTTP_(\w+), "(\/api\/v1\/[^"]+)"/g)].map(([, method, path]) => `${method} ${path}`).filter((route) => !route.endsWith('/openapi.json'));
const described = Object.entries(people.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
assert.deepEqual(described.sort(), routes.sort(), 'intake/pages/openapi.json describes the routes of intake/routes.c and no others');
const named = Object.keys(JSON.parse(read('triage/console/pages/openapi.json')).operations);
assert.deepEqual(named.sort(), Object.values(staff.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId)).sort(), 'triage/console/pages/openapi.json describes the operations that there are');

const parts = [renamed(people, 'public'), renamed(staff, 'staff')];
const kinds = [...new Set(parts.flatMap(({ components }) => Object.keys(components)))];
const document = {
  openapi: '3.1.0',
  info: { ...people.info, title: 'recourse', summary: 'Both APIs: for the public (intake) and for staff\'s programs (the console).' },
  servers: parts[0].servers,
  paths: Object.assign({}, ...parts.map(({ paths }) => paths)),
  components: Object.fromEntries(kinds.map((kind) => [kind, Object.assign({}, ...parts.map(({ components }) => components[kind] ?? {}))])),
};
assert.equal(Object.keys(document.paths).length, parts.reduce((sum, { paths }) => sum + Object.keys(paths).length, 0));
const text = `${laidOut(document)}\n`;
if (flag === '--write') writeFileSync(target, text);
else assert.ok(text === readFileSync(target, 'utf8'), 'docs/openapi.json is old: node tests/tools/openapi.mjs build-asan --write');
