// Whatever a person writes comes back byte for byte, in any script, and whatever a stranger sends wrong is told so in a sentence.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { ask, root, startInstallation } from '../support/installation.mjs';

// The file is a list, or has one under `strings`.
const file = JSON.parse(readFileSync(join(root, 'tests/vectors/blns.json'), 'utf8'));
const strings = (Array.isArray(file) ? file : file.strings).filter((text) => text.trim().length > 0);

describe('any text', () => {
  let house;
  before(async () => {
    house = await startInstallation();
  });
  after(() => house?.stop());
  const api = (path, body, headers) => ask(`${house.urls.intake}/api/v1${path}`, { body, headers });

  it(`${strings.length} naughty strings come back as they were`, { timeout: 240_000 }, async () => {
    assert.ok(strings.length > 500);
    let next = 0;
    let same = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (next < strings.length) {
          const text = strings[next++];
          const stored = await api('/reports', { kind: 'grievance', language: 'en', text, read_back: true });
          assert.equal(stored.status, 201, stored.text);
          const thread = await api('/thread', { receipt: stored.json().receipt });
          assert.equal(thread.status, 200);
          assert.equal(thread.json().messages[0].text, text);
          same++;
        }
      }),
    );
    assert.equal(same, strings.length);
  });

  it('the same key gives the same receipt, another body 422, a weak key 400', async () => {
    const key = { 'idempotency-key': 'f47ac10b-58cc-4372-a567-0e02b2c3d479' };
    const body = { kind: 'grievance', language: 'en', text: 'once' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => api('/reports', body, key)));
    assert.ok(answers.every((answer) => answer.status === 201));
    assert.equal(new Set(answers.map((answer) => answer.json().receipt)).size, 1);
    assert.equal((await api('/reports', { ...body, text: 'twice' }, key)).status, 422);
    assert.equal((await api('/reports', body, { 'idempotency-key': 'short' })).status, 400);
  });

  it('what is wrong is said, with the field at fault', async () => {
    for (const [body, field] of [
      [{ kind: 'grievance', language: 'en' }, 'text'],
      [{ kind: 'revenge', language: 'en', text: 'x' }, 'kind'],
      [{ kind: 'grievance', language: 'en', text: 'x', answers: { danger_now: 'perhaps' } }, 'answers.danger_now'],
      [{ kind: 'grievance', language: 'en', text: 'x'.repeat(20_001) }, 'text'],
    ]) {
      const answer = await api('/reports', body);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json().field, field);
      assert.equal(answer.headers['content-type'].split(';')[0], 'application/problem+json');
    }
    assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: '{"kind":', headers: { 'content-type': 'application/json' } })).status, 400);
    assert.equal((await ask(`${house.urls.intake}/nowhere`)).status, 404);
    assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { method: 'DELETE' })).status, 405);
    assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: Buffer.alloc(80 * 1024, 120), headers: { 'content-type': 'application/json' } })).status, 413);
  });

  it('a malformed request gets 400, a sentence, the security headers, and the end of the connection', async () => {
    const answer = await new Promise((done, fail) => {
      let text = '';
      const socket = connect({ host: '127.0.0.1', port: house.ports.intake, rejectUnauthorized: false, servername: 'localhost' }, () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'));
      socket.on('data', (piece) => (text += piece));
      socket.on('end', () => done(text));
      socket.on('error', fail);
    });
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /content-security-policy: /i);
    assert.match(answer, /\r\n\r\n.*\w/s);
  });
});
