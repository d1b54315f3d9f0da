import type { CertificateFacts, LastGood, Metadata, RouteEvidence } from '../contracts/evidence';
import type { Forecast } from '../contracts/report';
import { stsCertificates, successor } from './facts/sts-certificates';
import { duration, instant, shortThumbprint } from './facts/wording';

const dayMs = 86_400_000;

/** AD FS looks at its certificates every 720 minutes, so every date may be off by this much (field guide §6.1). */
const toleranceHours = 12;

/** What the forecast is made of. */
export interface ForecastInput {
  readonly stsMetadata: Metadata | null;
  readonly lastGood: LastGood | null;
  /** Days, AD FS's thresholds as configured (defaults 20, 5, 2). */
  readonly rollover: RouteEvidence['settings']['rollover'];
  /** ISO instant the forecast is made at. */
  readonly now: string;
  /** A sign-in that works now shows that CRM knows the primary of now. */
  readonly signedIn: RouteEvidence['journey']['signedIn'];
}

const plusDays = (iso: string, days: number): string => new Date(new Date(iso).getTime() + days * dayMs).toISOString();

/**
 * Foretells when AD FS will promote its next signing certificate, which is when CRM breaks (field guide §6.3, formulas inferred from
 * documented defaults). Dates are UTC, ±12 h. Never throws.
 */
export function forecast({ stsMetadata, lastGood, rollover, now, signedIn }: ForecastInput): Forecast {
  const reading = stsCertificates(stsMetadata);
  if (!reading.known) return { state: 'unknown', breaksAt: null, toleranceHours, why: `No forecast: ${reading.why}.` };
  const { primary } = reading;
  const next = successor(reading);
  if (next) return windowOpen(primary, next, rollover, now);
  const changed = lastGood !== null && lastGood.stsPrimarySha1 !== null && lastGood.stsPrimarySha1 !== primary.sha1;
  const older = reading.others.length > 0;
  const followed = signedIn === 'yes' || (lastGood !== null && lastGood.stsPrimarySha1 === primary.sha1);
  if ((changed || older) && !followed) {
    const then = changed
      ? ` At the last good sign-in (${instant(lastGood.savedAt)}) it was ${shortThumbprint(lastGood.stsPrimarySha1 ?? '')}.`
      : ' An older signing certificate is still listed beside it.';
    return {
      state: 'promoted',
      breaksAt: null,
      toleranceHours,
      why: `The new certificate ${shortThumbprint(primary.sha1)} (since ${instant(primary.notBefore)}) already signs.${then} CRM has to be told (KB 2686840).`,
    };
  }
  return ahead(primary, rollover, now);
}

/** A newer certificate waits: S.NotBefore + promotionDays. */
function windowOpen(primary: CertificateFacts, next: CertificateFacts, { promotionDays }: ForecastInput['rollover'], now: string): Forecast {
  const breaksAt = plusDays(next.notBefore, promotionDays);
  const leftMs = new Date(breaksAt).getTime() - new Date(now).getTime();
  const when =
    leftMs < -toleranceHours * 3_600_000
      ? `overdue since ${duration(leftMs)}; AD FS may have other thresholds, or rollover is switched off`
      : leftMs < 0
        ? 'at any moment'
        : `in ${duration(leftMs)}`;
  const why = `${shortThumbprint(next.sha1)} was made ${instant(next.notBefore)} and waits as secondary; AD FS makes it primary in place of ${shortThumbprint(primary.sha1)} about ${instant(breaksAt)} (${when}).`;
  return { state: 'window-open', breaksAt, toleranceHours, why };
}

/** No newer certificate yet: P.NotAfter − generationDays + promotionDays, or the critical threshold when that has passed. */
function ahead(primary: CertificateFacts, { generationDays, promotionDays, criticalDays }: ForecastInput['rollover'], now: string): Forecast {
  const at = new Date(now).getTime();
  const ends = `${shortThumbprint(primary.sha1)} ends ${instant(primary.notAfter)}`;
  if (!primary.selfSigned)
    return {
      state: 'steady',
      breaksAt: null,
      toleranceHours,
      why: `${ends}. It is not self-signed, so AD FS does not renew it by itself: whoever replaces it breaks CRM on that day.`,
    };
  const critical = plusDays(primary.notAfter, -criticalDays);
  if (at >= new Date(critical).getTime())
    return {
      state: 'urgent',
      breaksAt: critical,
      toleranceHours,
      why: `${ends} and no successor is published: within ${criticalDays} days of the end AD FS makes a new one and promotes it at once. If rollover is off, sign-in ends with the certificate.`,
    };
  const generation = plusDays(primary.notAfter, -generationDays);
  const promotion = plusDays(primary.notAfter, promotionDays - generationDays);
  if (at < new Date(generation).getTime() + toleranceHours * 3_600_000)
    return {
      state: 'steady',
      breaksAt: promotion,
      toleranceHours,
      why: `${ends}; by AD FS's thresholds a successor is made about ${instant(generation)} and promoted about ${instant(promotion)}.`,
    };
  return {
    state: 'steady',
    breaksAt: at < new Date(promotion).getTime() ? promotion : critical,
    toleranceHours,
    why: `${ends}; a successor was due ${instant(generation)} and is not published. Rollover may be off or failing; at the latest ${instant(critical)} AD FS acts at once.`,
  };
}
