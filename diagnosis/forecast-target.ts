import type { LastGood, RouteEvidence } from '../contracts/evidence';
import type { TargetForecast } from '../contracts/forecast';
import type { Expiry, Forecast } from '../contracts/report';
import type { Verdict } from '../contracts/words';
import { briefly, expiries, perCertificate, threatening } from './expiries';
import { byStsClock } from './facts/clocks';
import { stsCertificates, successor } from './facts/sts-certificates';
import { listed } from './facts/wording';
import { breakWords, forecast, isNear } from './forecast';
import { forecastSteps } from './forecast-steps';
import { peersOf } from './steps-for-peers';

/** All that a forecast without a sign-in is made of: one target, all its routes together. */
export interface OutlookEvidence extends Pick<RouteEvidence, 'target' | 'tls' | 'stsMetadata' | 'crmMetadata' | 'clocks'> {
  readonly settings: Pick<RouteEvidence['settings'], 'url' | 'stsOrigin' | 'rollover' | 'warnDays'>;
  /** Last good states of the routes; the newest counts, for CRM trusts one certificate for both. */
  readonly lastGood: readonly LastGood[];
  /** ISO instant by this machine's clock. */
  readonly at: string;
  readonly unseen: TargetForecast['unseen'];
}

/**
 * The forecast of one target, with verdict and steps. Without a sign-in it cannot be known whether CRM has followed a promotion: that is `at-risk`,
 * `broken` only where a certificate that is needed has ended.
 */
export function forecastTarget(evidence: OutlookEvidence): TargetForecast {
  const { target, settings, at, stsMetadata, clocks, unseen } = evidence;
  const now = byStsClock(at, clocks);
  const lastGood = [...evidence.lastGood].sort((a, b) => new Date(b.savedAt).getTime() - new Date(a.savedAt).getTime())[0] ?? null;
  const outlook = forecast({ stsMetadata, lastGood, rollover: settings.rollover, now, signedIn: 'unknown' });
  const list = expiries({ ...evidence, now: at });
  const near = list.filter(({ daysLeft }) => daysLeft < settings.warnDays);
  const reading = stsCertificates(stsMetadata);
  const verdict = verdictOf(outlook, list, { now, warnDays: settings.warnDays, blind: unseen.some(({ what }) => what.startsWith('tls:')) });
  return {
    target,
    sts: settings.stsOrigin,
    verdict,
    summary: summaryOf(outlook, perCertificate(threatening(near, settings.warnDays)), verdict),
    forecast: outlook,
    signing: reading.known ? { primarySha1: reading.primary.sha1, successorSha1: successor(reading)?.sha1 ?? null } : null,
    expiries: list,
    unseen: [...unseen, passwordUnseen],
    todo: forecastSteps({
      base: { target, settings },
      forecast: outlook,
      expiries: perCertificate(near),
      peers: peersOf({ ...evidence, ...noJourney, lastGood }),
    }),
    warnDays: settings.warnDays,
  };
}

/** Nobody signed in: what stands there is told by metadata alone. */
const noJourney: Pick<RouteEvidence, 'exchanges' | 'pages' | 'wsdl'> = { exchanges: [], pages: [], wsdl: null };

/**
 * AD FS tells a password's end only as claims of a token (passwordexpirationdays and its kin), in the last 14 days, after a sign-in by form, where a rule of
 * the trust issues them (Microsoft Learn, "Configure AD FS to Send Password Expiry Claims").
 */
const passwordUnseen = {
  what: 'password',
  why:
    "The end of the account's password cannot be seen: AD FS announces it only inside tokens, and those for CRM are encrypted. " +
    'Use an account whose password does not expire, or ask the directory.',
} as const;

interface Circumstances {
  readonly now: string;
  readonly warnDays: number;
  /** A host's certificate could not be seen. */
  readonly blind: boolean;
}

function verdictOf(outlook: Forecast, list: readonly Expiry[], { now, warnDays, blind }: Circumstances): Verdict {
  const ended = list.some(({ breaksSignIn, daysLeft }) => breaksSignIn && daysLeft < 0);
  const signingEnded = outlook.event === 'end' && outlook.breaksAt !== null && new Date(outlook.breaksAt) <= new Date(now);
  if (ended || signingEnded) return 'broken';
  if (outlook.state === 'promoted' || isNear(outlook, now, warnDays) || threatening(list, warnDays).length > 0) return 'at-risk';
  return outlook.state === 'unknown' || blind ? 'unknown' : 'healthy';
}

function summaryOf(outlook: Forecast, ends: readonly Expiry[], verdict: Verdict): string {
  const word: Readonly<Record<Verdict, string>> = { healthy: 'steady', 'at-risk': 'at risk', broken: 'broken', unknown: 'unknown' };
  const signing = outlook.state === 'promoted' || outlook.state === 'unknown' ? outlook.why.replace(/\.$/, '') : breakWords(outlook);
  return `${word[verdict]}: ${listed([signing, ...ends.map(briefly)])}`;
}
