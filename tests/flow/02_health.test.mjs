// What an operator's monitoring asks, on loopback ports of their own: alive, ready, and counts that say nothing of anybody.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readFileSync } from 'node:fs';
import { ask, startInstallation, until } from '../support/installation.mjs';

const CANARY = 'canary-health the bridge fell';

describe('health and metrics', () => {
  let house;
  before(async () => {
    house = await startInstallation();
  });
  after(() => house?.stop({ canaries: [CANARY] }));
  const health = (room, path) => ask(`http://127.0.0.1:${house.ports[`${room}Health`]}${path}`);

  for (const room of ['intake', 'console', 'sms']) {
    it(`${room} says that it lives, that it is ready, and counts`, async () => {
      assert.equal((await health(room, '/healthz')).status, 200);
      await until(async () => (await health(room, '/readyz')).status === 200, { what: `${room} ready` });
      const metrics = await health(room, '/metrics');
      assert.equal(metrics.status, 200);
      assert.match(metrics.text, /^# TYPE recourse_\w+ (counter|gauge)$/m);
    });

    it(`${room} answers these on loopback and on no public port`, async () => {
      const listening = readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((f) => f[3] === '0A' && parseInt(f[1]?.split(':')[1], 16) === house.ports[`${room}Health`])
        .map((f) => f[1].split(':')[0]);
      assert.deepEqual([...new Set(listening)], ['0100007F']);
      assert.equal((await ask(`${house.urls[room]}/metrics`)).status, 404);
    });
  }

  it('a stored report is counted, and nothing of it is told', async () => {
    const before = (await health('intake', '/metrics')).text;
    assert.equal((await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: CANARY } })).status, 201);
    const after = (await health('intake', '/metrics')).text;
    assert.notEqual(after, before);
    assert.ok(!after.includes('canary'));
  });
});
