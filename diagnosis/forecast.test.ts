import { expect, test } from '@playwright/test';
import { forecast, isNear } from './forecast';
import { certificate, lastGood, newSigning, oldSigning, signing, stsMetadata } from './testing/sample-evidence';

const rollover = { generationDays: 20, promotionDays: 5, criticalDays: 2 };
const base = { stsMetadata: stsMetadata(), lastGood: null, rollover, now: '2026-03-02T09:00:00.000Z', signedIn: 'unknown' as const };

test('steady: fifteen days before the end of the only certificate, two steps of up to twelve hours ahead', () => {
  expect(forecast(base)).toMatchObject({ state: 'steady', breaksAt: '2026-08-17T00:00:00.000Z', toleranceHours: 24, event: 'promotion' });
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

test('urgent: within the critical days of the end without a successor, then the end itself', () => {
  expect(forecast({ ...base, now: '2026-08-30T11:00:00.000Z' })).toMatchObject({ state: 'urgent', breaksAt: '2026-08-30T00:00:00.000Z', event: 'promotion' });
  expect(forecast({ ...base, now: '2026-08-31T00:00:00.000Z' })).toMatchObject({ state: 'urgent', breaksAt: '2026-09-01T00:00:00.000Z', event: 'end' });
  expect(forecast({ ...base, now: '2026-09-02T00:00:00.000Z' }).why).toContain('ended 2026-09-01');
});

test('a successor that is due and missing is said so; made now, it would still wait its days, and the critical threshold comes at the latest', () => {
  const late = forecast({ ...base, now: '2026-08-15T00:00:00.000Z' });
  expect(late).toMatchObject({ state: 'steady', breaksAt: '2026-08-20T00:00:00.000Z' });
  expect(late.why).toContain('not published');
  expect(forecast({ ...base, now: '2026-08-28T00:00:00.000Z' })).toMatchObject({ state: 'steady', breaksAt: '2026-08-30T00:00:00.000Z' });
});

test('the critical threshold comes first where it lies before promotion or generation', () => {
  const short = { generationDays: 4, promotionDays: 5, criticalDays: 2 };
  expect(forecast({ ...base, rollover: short }).breaksAt).toBe('2026-08-30T00:00:00.000Z');
  expect(forecast({ ...base, rollover: { ...short, generationDays: 1 } }).breaksAt).toBe('2026-08-30T00:00:00.000Z');
  const made = certificate('late', { notBefore: '2026-08-28T00:00:00.000Z', notAfter: '2027-08-28T00:00:00.000Z' });
  expect(forecast({ ...base, stsMetadata: stsMetadata(signing, made), now: '2026-08-28T12:00:00.000Z', rollover: short }).breaksAt).toBe(
    '2026-08-30T00:00:00.000Z',
  );
});

test('a certificate AD FS did not make, or with rollover off, ends when it ends', () => {
  const end = '2026-09-01T00:00:00.000Z';
  for (const [stsPrimary, rolloverNow] of [
    [certificate('bought', { selfSigned: false }), rollover],
    [certificate('by hand', { notBefore: '2025-08-31T23:50:00.000Z' }), rollover],
    [signing, { ...rollover, automatic: false }],
  ] as const)
    expect(forecast({ ...base, stsMetadata: stsMetadata(stsPrimary), rollover: rolloverNow })).toMatchObject({
      state: 'steady',
      breaksAt: end,
      event: 'end',
      toleranceHours: 1,
    });
  const waiting = forecast({ ...base, stsMetadata: stsMetadata(oldSigning, newSigning), rollover: { ...rollover, automatic: false } });
  expect(waiting).toMatchObject({ state: 'window-open', breaksAt: oldSigning.notAfter, event: 'end' });
  expect(waiting.why).toContain('rollover.automatic');
});

test('without history a promotion is doubted for a while only, and says that it cannot be seen', () => {
  const after = { ...base, stsMetadata: stsMetadata(newSigning, oldSigning) };
  expect(forecast({ ...after, now: '2026-03-02T00:00:00.000Z' }).why).toContain('cannot be seen');
  expect(forecast({ ...after, now: '2026-03-13T00:00:00.000Z' }).state).toBe('steady'); // the old one has ended
  const longer = certificate('longer', { notBefore: '2025-03-12T00:00:00.000Z', notAfter: '2027-03-12T00:00:00.000Z' });
  expect(forecast({ ...base, stsMetadata: stsMetadata(newSigning, longer), now: '2026-04-01T00:00:00.000Z' }).state).toBe('steady');
});

test('a last good sign-in with another certificate outweighs a successor that already waits again', () => {
  const third = certificate('third', { notBefore: '2027-02-01T00:00:00.000Z', notAfter: '2028-02-01T00:00:00.000Z' });
  const stale = {
    ...base,
    stsMetadata: stsMetadata(newSigning, third),
    lastGood: lastGood('ifd', { stsPrimarySha1: oldSigning.sha1 }),
    now: '2027-02-02T00:00:00.000Z',
  };
  expect(forecast(stale).state).toBe('promoted');
});

test('no forecast without readable metadata or with an unsigned one that lists two keys', () => {
  expect(forecast({ ...base, stsMetadata: null })).toMatchObject({ state: 'unknown', breaksAt: null });
  const unsigned = { ...stsMetadata(signing, newSigning), signature: { status: 'absent', signerSha1: null } } as ReturnType<typeof stsMetadata>;
  expect(forecast({ ...base, stsMetadata: unsigned }).state).toBe('unknown');
});

test('near is: a window open, urgent, or a date within warnDays', () => {
  const steady = forecast(base);
  expect(isNear(steady, '2026-07-17T00:00:00.000Z', 30)).toBe(false);
  expect(isNear(steady, '2026-07-19T00:00:00.000Z', 30)).toBe(true);
  expect(isNear(forecast({ ...base, stsMetadata: stsMetadata(oldSigning, newSigning), rollover: { ...rollover, promotionDays: 45 } }), base.now, 1)).toBe(true);
});

test('unsigned metadata is said to be that, and a signer that is no longer listed has been replaced', () => {
  const unsigned = (...certificates: Parameters<typeof stsMetadata>) => {
    const metadata = stsMetadata(...certificates);
    return metadata.ok ? { ...metadata, signature: { status: 'absent' as const, signerSha1: null } } : metadata;
  };
  const rollover = { generationDays: 20, promotionDays: 5, criticalDays: 2 };
  const before = lastGood('ifd', { stsPrimarySha1: null, tokenSignerSha1: null });
  const input = { rollover, now: '2026-03-02T09:00:00.000Z', signedIn: 'unknown' as const };
  const same = forecast({ ...input, stsMetadata: unsigned(signing), lastGood: before });
  expect(same.why).toContain('metadata that is not signed');
  expect(same.state).not.toBe('promoted');
  const replaced = forecast({ ...input, stsMetadata: unsigned(newSigning), lastGood: before });
  expect(replaced.state).toBe('promoted');
});
