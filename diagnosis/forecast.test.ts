import { expect, test } from '@playwright/test';
import { forecast } from './forecast';
import { certificate, lastGood, newSigning, oldSigning, signing, stsMetadata } from './testing/sample-evidence';

const rollover = { generationDays: 20, promotionDays: 5, criticalDays: 2 };
const base = { stsMetadata: stsMetadata(), lastGood: null, rollover, now: '2026-03-02T09:00:00.000Z', signedIn: 'unknown' as const };

test('steady: fifteen days before the end of the only certificate', () => {
  expect(forecast(base)).toMatchObject({ state: 'steady', breaksAt: '2026-08-17T00:00:00.000Z', toleranceHours: 12 });
});

test('window-open: five days after the newer certificate began', () => {
  expect(forecast({ ...base, stsMetadata: stsMetadata(oldSigning, newSigning), now: '2026-02-21T00:00:00.000Z' })).toMatchObject({
    state: 'window-open',
    breaksAt: '2026-02-25T00:00:00.000Z',
  });
  expect(forecast({ ...base, stsMetadata: stsMetadata(oldSigning, newSigning) }).why).toContain('overdue');
});

test('the thresholds of the configuration count', () => {
  const { breaksAt } = forecast({ ...base, stsMetadata: stsMetadata(oldSigning, newSigning), rollover: { ...rollover, promotionDays: 12 } });
  expect(breaksAt).toBe('2026-03-04T00:00:00.000Z');
});

test('promoted: the newer certificate signs and no sign-in shows that CRM followed', () => {
  const after = { ...base, stsMetadata: stsMetadata(newSigning, oldSigning) };
  expect(forecast(after).state).toBe('promoted');
  expect(
    forecast({ ...base, stsMetadata: stsMetadata(newSigning), lastGood: lastGood('ifd', { stsPrimarySha1: oldSigning.sha1 }), signedIn: 'no' }).state,
  ).toBe('promoted');
  expect(forecast({ ...after, signedIn: 'yes' })).toMatchObject({ state: 'steady', breaksAt: '2027-02-05T00:00:00.000Z' });
  expect(forecast({ ...after, lastGood: lastGood('ifd', { stsPrimarySha1: newSigning.sha1 }) }).state).toBe('steady');
});

test('urgent: within the critical days of the end without a successor', () => {
  expect(forecast({ ...base, now: '2026-08-30T12:00:00.000Z' })).toMatchObject({ state: 'urgent', breaksAt: '2026-08-30T00:00:00.000Z' });
});

test('a successor that is due and missing is said so', () => {
  const late = forecast({ ...base, now: '2026-08-20T00:00:00.000Z' });
  expect(late).toMatchObject({ state: 'steady', breaksAt: '2026-08-30T00:00:00.000Z' });
  expect(late.why).toContain('not published');
});

test('no prediction for a certificate AD FS did not make, or without readable metadata', () => {
  expect(forecast({ ...base, stsMetadata: stsMetadata(certificate('bought', { selfSigned: false })) })).toMatchObject({ state: 'steady', breaksAt: null });
  expect(forecast({ ...base, stsMetadata: null })).toMatchObject({ state: 'unknown', breaksAt: null });
  const unsigned = { ...stsMetadata(signing, newSigning), signature: { status: 'absent', signerSha1: null } } as ReturnType<typeof stsMetadata>;
  expect(forecast({ ...base, stsMetadata: unsigned }).state).toBe('unknown');
});
