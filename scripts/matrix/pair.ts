import type { CauseId } from '../../contracts/causes';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Route } from '../../contracts/words';
import { mayStandBehind } from '../../runs/testing/fault-expectations';

/** A fault together with KB 2686840: both in the lab at once, over one route. */
export interface Pair {
  readonly fault: CauseId;
  readonly route: Route;
  /** Which of the two the sign-in met: the one that masks the other. Both where they end it alike. */
  readonly met: readonly CauseId[];
  readonly named: readonly CauseId[];
}

export const kb = 'adfs-signing-cert-rolled' as const;

/** Where and how a sign-in ended, without its words: what tells which of two faults it ran into. */
export function endOf({ journey, exchanges, pages }: RouteEvidence): string {
  const seen = [
    ...pages.flatMap(({ texts }) => Object.values(texts)),
    ...exchanges.map(({ url }) => decodeURIComponent(url.replace(/%(?![0-9a-f]{2})/gi, ''))),
  ];
  const codes = [...new Set(seen.flatMap((text) => text.match(/\bID\d{4}\b|\bMSIS\d{4}\b|\b0x80\w{6}\b/g) ?? []))].sort();
  return [journey.signedIn, journey.failedAt, journey.symptom, exchanges.findLast(({ status }) => status !== null)?.status, ...codes].join(' ');
}

/** The met one first (or behind the more general cause it cannot be parted from); of the masked one nothing is asked, since it may be out of sight. */
export const isMaskRight = ({ met, named: [first, second] }: Pair): boolean =>
  first !== undefined && met.some((id) => id === first || (first === mayStandBehind(id) && second === id));
