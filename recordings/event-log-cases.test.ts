/** Event logs as people pasted them, kept outside the repository; each is CRM's refusal ID4175 at the token's POST of the run `run-kb401`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evidenceSchema } from '../contracts/evidence';
import type { Result } from '../contracts/report';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redaction/redact';
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

const kb = 'adfs-signing-cert-rolled';
const leads: readonly (readonly [file: string, run: string, first: string | null, said: RegExp, notAlso: string])[] = [
  ['kb401-keyset.xml', 'run-kb401', 'crm-encryption-key-inaccessible', /Keyset does not exist/, kb],
  ['kb401-id1073.xml', 'run-kb401', 'farm-session-key-mismatch', /ID1073/, kb],
  ['kb401-sql.xml', 'run-kb401', 'crm-internal-error', /SqlException/, kb],
  ['kb401-id1032.xml', 'run-kb401', null, /ID1032/, kb],
  ['kb401-sha256.xml', 'run-kb401', null, /SignatureDescription could not be created/, kb],
  ['adfs-page-event317.xml', 'run-adfs-error-page', 'crm-encryption-cert-expired-or-revoked', /revocation server was offline/,
    'adfs-issuance-authorization-denied'],
  ['adfs-page-invalid-auth-type-nocode.xml', 'run-adfs-error-page', 'claims-provider-method-refused', /InvalidAuthenticationTypePolicyException/,
    'adfs-issuance-authorization-denied'],
  ['adfs-page-msis7066.xml', 'run-adfs-error-page', null, /MSIS7066/, 'adfs-issuance-authorization-denied'],
  ['adfs-page-cp-id4175.xml', 'run-adfs-error-page', 'claims-provider-certificate-unknown', /ID4175/, 'adfs-issuance-authorization-denied'],
  ['form-locked-342.xml', 'run-form-refused', 'account-locked-disabled-restricted', /locked out/, kb],
  ['form-expired-111.xml', 'run-form-refused', 'password-expired-or-must-change', /has expired/, kb],
]; // prettier-ignore
for (const [file, run, first, said, notAlso] of leads)
  test(`the event of ${file} leads to ${first ?? 'no known cause'}, is shown in its own words, and ${notAlso} is not named`, () => {
    for (const result of resultsOf(run, file).filter(({ serverEvents }) => serverEvents.length > 0 || run === 'run-kb401')) {
      expect(result.causes[0]?.id ?? null).toBe(first);
      expect(result.causes.map(({ id }) => id)).not.toContain(notAlso);
      expect(result.events[0]?.text).toMatch(said);
      if (first === null) expect(result.summary).toMatch(said);
    }
  });
