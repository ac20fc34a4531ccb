// Answers of an API held against its description (OpenAPI 3.1), with no member that is not named there.
//
//   const api = against(document);
//   api.check('POST', '/api/v1/reports', answer);     the path as the document has it; returns the JSON values of the answer
//   api.hold('POST', '/api/v1/thread?x=1', answer);   any address of the server under /api/
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const isObject = (schema) => schema !== null && typeof schema === 'object';

/** Whether an object of this schema has members that are named; one that has none named may be anything. */
function names(document, schema) {
  if (schema.$ref) return names(document, at(document, schema.$ref));
  return schema.properties !== undefined || (schema.allOf ?? []).some((each) => names(document, each));
}
const at = (document, ref) => ref.slice(2).split('/').reduce((value, key) => value[key], document);

/** The same schema, shut: where a value stands, all its members must have been named. */
function shut(document, schema, isWhole) {
  if (!isObject(schema)) return schema;
  const copy = { ...schema };
  for (const key of ['items', 'additionalProperties']) if (isObject(copy[key])) copy[key] = shut(document, copy[key], true);
  if (copy.properties) copy.properties = Object.fromEntries(Object.entries(copy.properties).map(([key, each]) => [key, shut(document, each, true)]));
  if (copy.anyOf) copy.anyOf = copy.anyOf.map((each) => shut(document, each, true));
  if (copy.allOf) copy.allOf = copy.allOf.map((each) => shut(document, each, false));
  const isOpen = copy.anyOf || copy.additionalProperties || !names(document, schema);
  return isWhole && !isOpen ? { ...copy, unevaluatedProperties: false } : copy;
}

export function against(document) {
  // Not before it is needed: benches and loads, which measure and judge nothing, come without npm's packages.
  const { default: Ajv } = createRequire(import.meta.url)('ajv/dist/2020.js');
  const ajv = new Ajv({ strict: false, allErrors: false, formats: {
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    date: /^\d{4}-\d\d-\d\d$/,
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  } });
  const schemas = Object.fromEntries(Object.entries(document.components.schemas).map(([key, schema]) => [key, shut(document, schema, false)]));
  ajv.addSchema({ $id: 'api', components: { ...document.components, schemas } });
  const compiled = new Map();
  const seen = new Set();
  const validator = (schema) => {
    if (!compiled.has(schema)) compiled.set(schema, ajv.compile(JSON.parse(JSON.stringify(shut(document, schema, true)).replaceAll('"#/', '"api#/'))));
    return compiled.get(schema);
  };
  const operation = (method, path) => {
    const found = document.paths[path]?.[method.toLowerCase()];
    assert.ok(found, `the document has ${method} ${path}`);
    return found;
  };
  const resolved = (response) => (response?.$ref ? at(document, response.$ref) : response);

  /** The answer is what the response says: headers, type, body. */
  function fits(where, response, answer) {
    const { content, headers = {} } = response;
    for (const [name, { required, schema }] of Object.entries(headers)) {
      const value = answer.headers[name.toLowerCase()];
      assert.ok(value === undefined ? !required : validator(schema)(value), `${where}: ${name} is ${value}`);
    }
    if (!content) return assert.equal(answer.text, '', where);
    const type = answer.headers['content-type']?.split(';')[0];
    assert.ok(content[type], `${where} answers ${type}`);
    if (!type.endsWith('json')) return [answer.text];
    const lines = type === 'application/x-ndjson' ? answer.text.trimEnd().split('\n').map((line) => JSON.parse(line)) : [JSON.parse(answer.text)];
    const valid = validator(content[type].schema);
    for (const line of lines) {
      assert.ok(valid(line), `${where}: ${JSON.stringify(valid.errors)} in ${JSON.stringify(line).slice(0, 2000)}`);
      if (type === 'application/problem+json') assert.equal(line.status, answer.status, where);
    }
    return lines;
  }

  const patterns = Object.keys(document.paths).map((path) => [path, new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)]);
  const api = {
    document,
    seen,
    operation,
    check(method, path, answer) {
      const where = `${method} ${path} ${answer.status}`;
      const { responses } = operation(method, path);
      const response = resolved(responses[answer.status] ?? (answer.status >= 400 ? responses.default : undefined));
      assert.ok(response, `${method} ${path} may answer ${answer.status}: ${answer.text}`);
      seen.add(where);
      return fits(where, response, answer);
    },
    /** What nothing describes is refused with a problem of the list. */
    hold(method, url, answer) {
      if (method === 'HEAD') return undefined;
      const [path] = url.split('?');
      const [described] = patterns.find(([, pattern]) => pattern.test(path)) ?? [];
      if (described && document.paths[described][method.toLowerCase()]) return api.check(method, described, answer);
      if (answer.status < 400) return undefined; // the document itself, and OPTIONS
      const { responses } = document.components;
      return fits(`${method} ${path} ${answer.status}`, responses[answer.status] ?? responses.default, answer);
    },
  };
  return api;
}

// Ports at which some intake of this test answers. What stands in the tree is what it serves (tests/flow/32_*).
const doors = new Set();
let publicApi;
export const isIntake = (port) => doors.add(Number(port));

/** Every answer of an intake under /api/, whoever asked for it; in tests (node --test). */
export function holdIntake(method, port, path, answer) {
  if (!process.env.NODE_TEST_CONTEXT || !doors.has(Number(port)) || !path.startsWith('/api/')) return;
  publicApi ??= against(JSON.parse(readFileSync(new URL('../../intake/pages/openapi.json', import.meta.url), 'utf8')));
  publicApi.hold(method, path, answer);
}
