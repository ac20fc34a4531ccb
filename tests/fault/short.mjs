// The short form of every fault, as tests; `tests/fault/run --long` is the long one. In two files, because most of the time of most
// faults is waiting: node runs them beside each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from './faults.mjs';
import { runFault } from './harness.mjs';

export function shortForms(half) {
  for (const fault of faults.filter((_, i) => i % 2 === half))
    test(`${fault.title}: none lost, none twice, none torn`, { timeout: 600_000 }, async (t) => {
      const missing = await fault.missing();
      if (missing) return t.skip(missing);
      const total = await runFault(fault, fault.times.short, { say: (text) => t.diagnostic(text) });
      if (total.skipped) return t.skip(total.skipped[0]);
      const { lost, twice, torn, unexpected, problems, unanswered } = total;
      assert.deepEqual({ lost, twice, torn, unexpected, unanswered, problems }, { lost: 0, twice: 0, torn: 0, unexpected: 0, unanswered: 0, problems: [] });
      assert.ok(total.acknowledged > 0, 'something was acknowledged');
    });
}
