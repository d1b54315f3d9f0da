import type { CertificateFacts, LastGood, Metadata, RouteEvidence } from '../contracts/evidence';
import type { Forecast } from '../contracts/report';
import { listedSince, predecessor, signerThen, stsCertificates, successor, type StsCertificates } from './facts/sts-certificates';
import { duration, instant, shortThumbprint } from './facts/wording';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** AD FS looks at its certificates every 720 minutes (field guide §6.1), so each step comes up to this much after it is due. */
const checkHours = 12;
/** Two steps are still ahead: generation, then promotion. */
const twoStepHours = 2 * checkHours;
/** A certificate ends to the second; what is left are clocks. */
const endToleranceHours = 1;

/** After a promotion nobody reported for so long, an old certificate beside the new one no longer speaks of a rollover to be followed. */
const noticedAfterDays = 30;

/** AD FS's thresholds as configured (defaults 20, 5, 2), in days. */
export type RolloverSettings = RouteEvidence['settings']['rollover'];

/** What the forecast is made of. */
export interface ForecastInput {
  readonly stsMetadata: Metadata | null;
  readonly lastGood: LastGood | null;
  readonly rollover: RolloverSettings;
  /** ISO instant the forecast is made at, by AD FS's clock. */
  readonly now: string;
  /** A sign-in that works now shows that CRM knows the primary of now. */
  readonly signedIn: RouteEvidence['journey']['signedIn'];
}

const timeOf = (iso: string): number => new Date(iso).getTime();
const isoOf = (ms: number): string => new Date(ms).toISOString();

/**
 * Foretells when AD FS will promote its next signing certificate, which is when CRM breaks, or when the one in use ends (field guide §6.3,
 * formulas inferred from documented defaults). Dates are UTC: the break comes at `breaksAt` or up to `toleranceHours` later. Never throws.
 */
export function forecast({ stsMetadata, lastGood, rollover, now, signedIn }: ForecastInput): Forecast {
  const reading = stsCertificates(stsMetadata);
  if (!reading.known) {
    const keys = listedSince({ stsMetadata, lastGood, startedAt: now });
    return { state: 'unknown', breaksAt: null, toleranceHours: checkHours, why: `No forecast: ${reading.why}.${keys ? ` ${keys.said}.` : ''}` };
  }
  const found = judged(reading, { stsMetadata, lastGood, rollover, now, signedIn });
  // Nothing but its being alone says that it signs.
  return reading.primaryBy === 'only-key'
    ? { ...found, unsigned: true, why: `${found.why} This rests on metadata that is not signed: the only certificate it lists is taken for the one in use.` }
    : found;
}

function judged(reading: StsCertificates, { lastGood, rollover, now, signedIn }: ForecastInput): Forecast {
  const at = timeOf(now);
  const next = successor(reading);
  const left = promoted(reading, next, { lastGood, signedIn, rollover, at });
  if (left) return left;
  const { primary } = reading;
  const schedule = scheduleOf(primary, rollover);
  if (!isAutomatic(next ?? primary, rollover)) return byHand(primary, next, schedule, rollover, at);
  return next ? windowOpen(primary, next, schedule, rollover, at) : ahead(primary, schedule, rollover, at);
}

/** True when sign-in is about to break: a rollover is under way, or the date is nearer than `warnDays`. */
export function isNear({ state, breaksAt }: Forecast, now: string, warnDays: number): boolean {
  return state === 'window-open' || state === 'urgent' || (breaksAt !== null && timeOf(breaksAt) - timeOf(now) < warnDays * dayMs);
}

/** "sign-in will break about 2026-01-15 00:18 UTC (up to 12 h later), when AD FS promotes its next signing certificate" */
export function breakWords({ breaksAt, toleranceHours, event, why, unsigned }: Forecast): string {
  if (breaksAt === null) return why;
  const cause = event === 'end' ? 'at the latest, when the AD FS signing certificate ends' : 'when AD FS promotes its next signing certificate';
  return `sign-in will break about ${instant(breaksAt)} (up to ${toleranceHours} h later), ${cause}${unsigned ? ' (by metadata that is not signed)' : ''}`;
}

/** Instants that follow from the end of the primary, in ms. A generation due after the critical threshold never comes: then AD FS acts at once. */
interface Schedule {
  readonly end: number;
  readonly generation: number;
  readonly promotion: number;
  readonly critical: number;
}

function scheduleOf({ notAfter }: CertificateFacts, { generationDays, promotionDays, criticalDays }: RolloverSettings): Schedule {
  const end = timeOf(notAfter);
  const critical = end - criticalDays * dayMs;
  const generation = Math.min(end - generationDays * dayMs, critical);
  return { end, critical, generation, promotion: Math.min(generation + promotionDays * dayMs, critical) };
}

/** AD FS's own certificates are self-signed and valid for whole days to the second; it renews no others by itself (field guide §6.3). */
export function isAutomatic(certificate: CertificateFacts, { automatic }: RolloverSettings): boolean {
  const ofAdfs = certificate.selfSigned && (timeOf(certificate.notAfter) - timeOf(certificate.notBefore)) % dayMs === 0;
  return ofAdfs && automatic !== false;
}

interface Following extends Pick<ForecastInput, 'lastGood' | 'signedIn' | 'rollover'> {
  readonly at: number;
}

/** The new certificate signs already, and nothing shows that CRM has followed. */
function promoted(reading: StsCertificates, next: CertificateFacts | null, { lastGood, signedIn, rollover, at }: Following): Forecast | null {
  const { primary } = reading;
  const then = lastGood ? signerThen(lastGood) : null;
  if (signedIn === 'yes' || then === primary.sha1) return null;
  const says = (why: string): Forecast => ({ state: 'promoted', breaksAt: null, toleranceHours: checkHours, why });
  const signs = `The new certificate ${shortThumbprint(primary.sha1)} (since ${instant(primary.notBefore)}) already signs.`;
  if (lastGood !== null && then !== null)
    return says(`${signs} At the last good sign-in (${instant(lastGood.savedAt)}) it was ${shortThumbprint(then)}. CRM has to be told (KB 2686840).`);
  const old = predecessor(reading);
  const recent = at - timeOf(primary.notBefore) < (rollover.promotionDays + noticedAfterDays) * dayMs;
  if (old === null || next !== null || !recent || timeOf(old.notAfter) < at) return null;
  return says(
    `${signs} The older ${shortThumbprint(old.sha1)} is still listed beside it. Whether CRM has been told (KB 2686840) cannot be seen from outside ` +
      `without a sign-in: run signin-probe run.`,
  );
}

/** A newer certificate waits: S.NotBefore + promotionDays, but not beyond the critical threshold of the primary. */
function windowOpen(primary: CertificateFacts, next: CertificateFacts, { critical }: Schedule, { promotionDays }: RolloverSettings, at: number): Forecast {
  const made = timeOf(next.notBefore);
  const breaks = Math.max(made, Math.min(made + promotionDays * dayMs, critical));
  const left = breaks - at;
  const when =
    left < -checkHours * hourMs
      ? `overdue since ${duration(left)}; AD FS may have other thresholds, or rollover is switched off`
      : left < 0
        ? 'at any moment'
        : `in ${duration(left)}`;
  const why =
    `${shortThumbprint(next.sha1)} was made ${instant(next.notBefore)} and waits as secondary; ` +
    `AD FS makes it primary in place of ${shortThumbprint(primary.sha1)} about ${instant(isoOf(breaks))} (${when}).`;
  return { state: 'window-open', breaksAt: isoOf(breaks), toleranceHours: checkHours, event: 'promotion', why };
}

/** No newer certificate yet: P.NotAfter − generationDays + promotionDays; when that has passed, later; in the end, the end of the certificate. */
function ahead(
  primary: CertificateFacts,
  { end, generation, promotion, critical }: Schedule,
  { promotionDays, criticalDays }: RolloverSettings,
  at: number,
): Forecast {
  const ends = endsWords(primary, end, at);
  const atEnd = { breaksAt: isoOf(end), toleranceHours: endToleranceHours, event: 'end' } as const;
  if (at >= end) return { state: 'urgent', ...atEnd, why: `${ends} and no successor is published: AD FS may refuse to issue tokens at all.` };
  const late = checkHours * hourMs;
  if (at >= critical + late)
    return {
      state: 'urgent',
      ...atEnd,
      why: `${ends} and no successor is published, although one was due ${instant(isoOf(generation))}: rollover is off or fails.`,
    };
  const promotion24 = { toleranceHours: twoStepHours, event: 'promotion' } as const;
  if (at >= critical)
    return {
      state: 'urgent',
      breaksAt: isoOf(critical),
      ...promotion24,
      why:
        `${ends} and no successor is published: within ${criticalDays} days of the end AD FS makes a new one and promotes it at once. ` +
        `If rollover is off, sign-in ends with the certificate.`,
    };
  if (at < generation + late)
    return {
      state: 'steady',
      breaksAt: isoOf(promotion),
      ...promotion24,
      why: `${ends}; by AD FS's thresholds a successor is made about ${instant(isoOf(generation))} and promoted about ${instant(isoOf(promotion))}.`,
    };
  // Nothing is promoted that was not published before: a successor made now would wait its days first.
  const earliest = Math.min(Math.max(promotion, at + promotionDays * dayMs), critical);
  return {
    state: 'steady',
    breaksAt: isoOf(earliest),
    ...promotion24,
    why:
      `${ends}; a successor was due ${instant(isoOf(generation))} and is not published. Rollover may be off or failing. ` +
      `Made now, it would be promoted about ${instant(isoOf(earliest))}; at the latest ${instant(isoOf(critical))} AD FS acts at once.`,
  };
}

/** Rollover is off, or the certificate is not AD FS's own: what is certain is the end. */
function byHand(primary: CertificateFacts, next: CertificateFacts | null, { end, critical }: Schedule, { automatic }: RolloverSettings, at: number): Forecast {
  const reason = automatic === false ? 'Automatic rollover is off (rollover.automatic)' : 'AD FS did not make this certificate and does not renew it by itself';
  const what = { breaksAt: isoOf(end), toleranceHours: endToleranceHours, event: 'end' } as const;
  const ends = endsWords(primary, end, at);
  if (next)
    return {
      state: 'window-open',
      ...what,
      why:
        `${ends}; ${shortThumbprint(next.sha1)} (made ${instant(next.notBefore)}) waits as secondary. ${reason}: ` +
        `sign-in breaks when somebody promotes it, at the latest when the old one ends.`,
    };
  return {
    state: at >= critical ? 'urgent' : 'steady',
    ...what,
    why: `${ends}. ${reason}: whoever replaces it breaks CRM on that day, and with its end AD FS may refuse to issue tokens at all.`,
  };
}

const endsWords = ({ sha1 }: CertificateFacts, end: number, at: number): string =>
  `${shortThumbprint(sha1)} ${at < end ? 'ends' : 'ended'} ${instant(isoOf(end))}`;
