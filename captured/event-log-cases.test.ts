/** Event logs as people pasted them, kept outside the repository; each is CRM's refusal ID4175 at the token's POST of the run `run-kb401`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evidenceSchema } from '../contracts/evidence';
import type { Result } from '../contracts/report';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redact';
import { withServerEvents } from './match-events';
import { readEventLog } from './read-event-log';

const cases = join(__dirname, '../../shared/cases');
const logs = join(cases, 'event-logs');
const files = existsSync(logs) ? readdirSync(logs) : [];

function resultsOf(run: string, file: string): readonly Result[] {
  const evidence = evidenceSchema.parse(JSON.parse(readFileSync(join(cases, 'runs', run, 'evidence.json'), 'utf8')));
  const log = readEventLog(readFileSync(join(logs, file)));
  if (!log.ok) throw new Error(log.why);
  return diagnose({ ...evidence, results: evidence.results.map((result) => withServerEvents(result, log, createRedactor())) }).results;
}

test.skip(() => files.length === 0, 'the cases lie outside the repository');

test('whatever layout and language ID4175 was pasted in, the KB is confirmed and the event is shown', () => {
  for (const file of files.filter((name) => name.startsWith('eventlog-')))
    for (const result of resultsOf('run-kb401', file)) {
      expect(result.serverEvents, file).toMatchObject([{ codes: ['ID4175'] }]);
      expect(result.causes[0], file).toMatchObject({ id: 'adfs-signing-cert-rolled', kb: '2686840', certainty: 'confirmed' });
    }
});
