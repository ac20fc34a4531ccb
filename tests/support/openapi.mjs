// Real answers held against the document that the server itself serves.
//
//   const api = await described(house.urls.console);
//   api.check('GET', '/api/v1/queue', answer);      // status, content type, every member; throws with what is wrong
//
// A member that the document does not name is a fault here, though clients have to pass over it.
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import { ask } from './installation.mjs';

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

export async function described(url) {
  const document = (await ask(`${url}/api/v1/openapi.json`)).json();
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
    const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
    if (!compiled.has(text)) compiled.set(text, ajv.compile(JSON.parse(text)));
    return compiled.get(text);
  };
  const operation = (method, path) => {
    const found = document.paths[path]?.[method.toLowerCase()];
    assert.ok(found, `the document has ${method} ${path}`);
    return found;
  };
  return {
    document,
    seen,
    operation,
    check(method, path, answer) {
      const response = operation(method, path).responses[answer.status];
      assert.ok(response, `${method} ${path} may answer ${answer.status}: ${answer.text}`);
      seen.add(`${method} ${path} ${answer.status}`);
      const { content } = response.$ref ? at(document, response.$ref) : response;
      const type = answer.headers['content-type']?.split(';')[0];
      if (!content) return assert.equal(answer.text, '');
      assert.ok(content[type], `${method} ${path} answers ${type}`);
      if (!type.endsWith('json')) return [answer.text];
      const lines = type === 'application/x-ndjson' ? answer.text.trimEnd().split('\n').map((line) => JSON.parse(line)) : [JSON.parse(answer.text)];
      const valid = validator(shut(document, content[type].schema, true));
      for (const line of lines) assert.ok(valid(line), `${method} ${path} ${answer.status}: ${JSON.stringify(valid.errors)} in ${JSON.stringify(line).slice(0, 2000)}`);
      return lines;
    },
  };
}
