import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { sampleOutcome } from '../../monitor/testing/sample-result';
import type { Runner } from '../../monitor/slots/worker-pool';

/**
 * For load on scheduler, queue and fleet only: no browser and no sign-in. Notes that it began, waits as long as a sign-in would about take, and says healthy.
 * Each line says who ran what from where, so that the store's word can be checked against it.
 */
export function lightRunner(journal: string, place: string, durationMs: { readonly from: number; readonly to: number }): Runner {
  const note = (line: object): void => appendFileSync(journal, `${JSON.stringify(line)}\n`);
  return async ({ slotId, location, attempt }) => {
    note({ event: 'begun', slotId, location, place, attempt, pid: process.pid });
    await pause(durationMs.from + Math.random() * (durationMs.to - durationMs.from));
    note({ event: 'ended', slotId, location, place, attempt, pid: process.pid });
    return [sampleOutcome('healthy')];
  };
}
