import { expect, test } from '@playwright/test';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { sampleOutcome } from '../testing/sample-result';
import type { Claim } from '../store/lifecycle/claim';
import { type JobSource, type Runner, WorkerPool } from './worker-pool';

const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
const claim: Claim = { slotId: 'slot', claim: 'claim', target: 'contoso', route: 'ifd', location: 'hq', slotAt: '2026-11-23T12:00:00.000Z', attempt: 1 };

/** Gives out one slot when it is told to; notes what is done with it. */
function source(): { jobs: JobSource; give: () => void; did: string[]; asked: Promise<void> } {
  const did: string[] = [];
  let give: () => void = () => undefined;
  let ask: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const jobs: JobSource = {
    claim: async () => {
      ask();
      await given;
      return did.length === 0 ? [claim] : [];
    },
    renew: async () => [],
    finish: async () => (did.push('finished'), 'healthy'),
    handBack: async () => void did.push('handed back'),
    leave: async () => void did.push('left'),
  };
  return { jobs, give, did, asked };
}

test('a slot that comes while the process is told to stop is handed back at once, and nobody signs in for it', async () => {
  const { jobs, give, did, asked } = source();
  const runner: Runner = async () => (did.push('signed in'), [sampleOutcome('healthy')]);
  const pool = new WorkerPool({ source: jobs, runner, capacity: () => 1, log, renewEveryMs: 60_000 });
  pool.start();
  await asked;
  const stopped = pool.stop(1_000);
  give();
  await stopped;
  expect(did).toEqual(['handed back', 'left']);
});
