import type { RouteEvidence } from '../../contracts/evidence';
import type { Method } from '../../contracts/words';
import type { ExchangeCapture } from '../captures/exchanges';
import type { Credentials } from './credentials';
import type { Ending } from './endings';
import type { Guard } from '../guard/guard';
import type { PageLog } from './page-log';
import type { Redactor } from '../redaction/redact';
import type { PostedToken, Traffic } from '../captures/traffic';

export interface JourneyRecord {
  readonly journey: RouteEvidence['journey'];
  readonly method: Method | null;
  readonly pages: RouteEvidence['pages'];
  readonly whoAmI: RouteEvidence['whoAmI'];
  readonly posted: PostedToken | null;
  readonly exchanges: ExchangeCapture;
  /** When CRM's page was recognised, milliseconds after the start. */
  readonly shellAtMs: number | null;
}

/** The parts of a journey that kept something. */
export interface JourneyParts {
  readonly traffic: Traffic;
  readonly credentials: Credentials;
  readonly guard: Guard;
  readonly pages: PageLog;
  readonly exchanges: ExchangeCapture;
  readonly redactor: Redactor;
  readonly method: Method | null;
  readonly whoAmI: RouteEvidence['whoAmI'];
  readonly shellAtMs: number | null;
}

/** What a journey leaves behind: how it ended, and what its parts counted. */
export function recordOf(outcome: Ending | 'signed-in', parts: JourneyParts): JourneyRecord {
  const { traffic, credentials, guard, pages, exchanges, redactor, method, whoAmI, shellAtMs } = parts;
  const ending = outcome === 'signed-in' ? null : outcome;
  const who = ending === null && whoAmI?.ok ? whoAmI.userName : null;
  return {
    journey: {
      signedIn: ending === null ? 'yes' : ending.failedAt === null ? 'unknown' : 'no',
      symptom: ending?.symptom ?? 'none',
      failedAt: ending?.failedAt ?? null,
      why: redactor.ownText(ending?.why ?? `Signed in${who ? ` as ${who}` : ''}.`),
      rounds: traffic.rounds,
      tokenPosts: traffic.tokenPosts,
      credentialSubmissions: credentials.submissions,
      windowsPrompts: guard.challenges.length || null,
      withheld: credentials.withheld === null ? null : redactor.ownText(credentials.withheld),
      parked: credentials.parked,
      signedInAs: who,
    },
    method,
    pages: pages.visits,
    whoAmI,
    posted: traffic.posted,
    exchanges,
    shellAtMs,
  };
}

/** Of a journey that never began. */
export const nothingRecorded: Omit<JourneyRecord, 'exchanges'> = {
  journey: {
    signedIn: 'unknown',
    symptom: 'other',
    failedAt: null,
    why: 'The sign-in did not begin.',
    rounds: 0,
    tokenPosts: 0,
    credentialSubmissions: 0,
    windowsPrompts: null,
    withheld: null,
    parked: null,
    signedInAs: null,
  },
  method: null,
  pages: [],
  whoAmI: null,
  posted: null,
  shellAtMs: null,
};
