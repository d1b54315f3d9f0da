import { causeIds, type CauseId } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Parked } from '../contracts/kept-state';
import type { Finding, Result } from '../contracts/report';
import type { Certainty } from '../contracts/words';
import type { DefinedRule } from './define-rule';
import { claim } from './define-rule';
import { peersOf, stepsFor } from './steps-for-peers';
import { instant } from './facts/wording';

/** What became of the sign-in that had the account parked, where it is part of this run: only its own result knows. */
export function foundInRun(parked: Parked, results: readonly Result[]): Parked {
  const there = results.find(({ target, route }) => target === parked.target && route === parked.route);
  if (parked.found !== null || !there || there.signedIn === 'yes') return parked;
  const { verdict, symptom, failedAt, why, causes } = there;
  return { ...parked, found: { verdict, symptom, failedAt, why, causes: causes.map(({ id, certainty }) => ({ id, certainty })) } };
}

/** An account that was refused in this very sign-in, as the next one will find it. */
export const refusedNow = ({ startedAt, target, route, journey }: RouteEvidence, runId: string): Parked => ({
  state: 'refused',
  since: startedAt,
  runId,
  target,
  route,
  how: journey.why,
  until: null,
  found: null,
});

/**
 * The causes that the sign-in found which had the account parked. Nothing of it was seen again, so it is `probable` at most; its proof is in that run's report.
 * A refused password without a diagnosis (its run was cut short) is a wrong password as far as anybody knows.
 */
export function findingsOfParked(parked: Parked, evidence: RouteEvidence, ruleOf: (id: CauseId) => DefinedRule): readonly Finding[] {
  const unexplained = parked.found === null && parked.state === 'refused' ? [{ id: 'wrong-password', certainty: 'suspected' as const }] : [];
  return (parked.found?.causes ?? unexplained).flatMap(({ id, certainty }) => {
    const known = causeIds.find((each) => each === id);
    return known ? [carriedOver(ruleOf(known), certainty, parked, evidence)] : [];
  });
}

function carriedOver(rule: DefinedRule, certainty: Certainty, { since, runId, target, route, how }: Parked, evidence: RouteEvidence): Finding {
  return {
    id: rule.id,
    title: rule.title,
    kb: rule.kb,
    certainty: certainty === 'confirmed' ? 'probable' : certainty,
    because: [claim(`The sign-in to ${target} (${route}) on ${instant(since)} found it, in run ${runId}: ${how.replace(/[.\s]+$/, '')}.`)],
    against: [claim('It was not looked at again since: the account is parked, so its password was not submitted. The proof is in the report of that run.')],
    remedy: [...stepsFor(rule.remedy(evidence), peersOf(evidence))],
    checkAfterwards: [...stepsFor(rule.checkAfterwards?.(evidence) ?? [], peersOf(evidence))],
  };
}
