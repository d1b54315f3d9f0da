/** Findings of one target over its routes, put together so that a cause they share is said once. */
import type { Claim, Finding, RemedyStep, Report, Result } from '../contracts/report';
import type { Certainty } from '../contracts/words';

export interface FindingMember {
  readonly result: Result;
  readonly finding: Finding;
}

/** One cause with every route it was found on. `root`: it is the first cause of at least one of them. */
export interface FindingGroup {
  readonly id: string;
  readonly root: boolean;
  readonly members: readonly [FindingMember, ...FindingMember[]];
}

export interface TargetResults {
  readonly target: string;
  readonly results: readonly [Result, ...Result[]];
}

/** Results by target, in the report's order. */
export const targetsOf = (report: Report): TargetResults[] => {
  const byTarget = new Map<string, [Result, ...Result[]]>();
  for (const result of report.results) {
    const known = byTarget.get(result.target);
    if (known) known.push(result);
    else byTarget.set(result.target, [result]);
  }
  return [...byTarget].map(([target, results]) => ({ target, results }));
};

/** Causes of one target, root causes first, each once. */
export const findingGroupsOf = (results: readonly Result[]): FindingGroup[] => {
  const groups = new Map<string, { rank: number; members: [FindingMember, ...FindingMember[]] }>();
  for (const result of results)
    result.causes.forEach((finding, rank) => {
      const known = groups.get(finding.id);
      if (!known) groups.set(finding.id, { rank, members: [{ result, finding }] });
      else {
        known.rank = Math.min(known.rank, rank);
        known.members.push({ result, finding });
      }
    });
  return [...groups].sort(([, a], [, b]) => a.rank - b.rank).map(([id, { rank, members }]) => ({ id, root: rank === 0, members }));
};

export interface MergedClaim {
  readonly text: string;
  readonly sources: readonly { readonly result: Result; readonly refs: readonly string[] }[];
}

/**
 * Claims of all members; the same sentence on two routes is one claim with the references of both, and what two routes say at the same place stands together.
 */
export const mergeClaims = (members: readonly FindingMember[], pick: (finding: Finding) => readonly Claim[]): MergedClaim[] => {
  const byText = new Map<string, { place: number; sources: { result: Result; refs: readonly string[] }[] }>();
  for (const { result, finding } of members)
    pick(finding).forEach(({ text, refs }, place) => {
      const known = byText.get(text) ?? { place, sources: [] };
      byText.set(text, known);
      known.sources.push({ result, refs });
    });
  return [...byText].sort(([, a], [, b]) => a.place - b.place).map(([text, { sources }]) => ({ text, sources }));
};

type ClaimSource = MergedClaim['sources'][number];

/**
 * A claim's references: `own` per route, `common` once (with the first route, for links). A certificate is the same on every route,
 * an exchange, page, clock reading or token is not.
 */
export const referencesOf = ({ sources }: MergedClaim): { readonly own: readonly ClaimSource[]; readonly common: ClaimSource | null } => {
  const isCommon = (reference: string): boolean =>
    sources.length > 1 && !/^(exchange:|page:|clock:|token$)/.test(reference) && sources.every(({ refs }) => refs.includes(reference));
  const own = sources.map(({ result, refs }) => ({ result, refs: refs.filter((reference) => !isCommon(reference)) })).filter(({ refs }) => refs.length > 0);
  const common = sources[0]?.refs.filter(isCommon) ?? [];
  return { own, common: sources[0] && common.length > 0 ? { result: sources[0].result, refs: common } : null };
};

export interface StepList {
  readonly results: readonly Result[];
  readonly steps: readonly RemedyStep[];
}

/** Steps of all members; routes with the same steps share one list. */
export const mergeSteps = (members: readonly FindingMember[], pick: (finding: Finding) => readonly RemedyStep[]): StepList[] => {
  const bySteps = new Map<string, { results: Result[]; steps: readonly RemedyStep[] }>();
  for (const { result, finding } of members) {
    const steps = pick(finding);
    if (steps.length === 0) continue;
    const key = JSON.stringify(steps.map(({ text, command }) => [text, command ?? null]));
    const known = bySteps.get(key);
    if (known) known.results.push(result);
    else bySteps.set(key, { results: [result], steps });
  }
  return [...bySteps.values()];
};

const strength: readonly Certainty[] = ['suspected', 'probable', 'confirmed'];

/** The strongest certainty among the routes. */
export const strongestCertainty = (group: FindingGroup): Certainty =>
  group.members.reduce<Certainty>(
    (best, { finding }) => (strength.indexOf(finding.certainty) > strength.indexOf(best) ? finding.certainty : best),
    'suspected',
  );

/** Not signed in, and no rule explains it. */
export const isUnexplained = (result: Result): boolean => result.verdict === 'broken' && result.causes.length === 0;

/** The exchange at which the sign-in ended: the last one of the failed stage, else the last one; null for a sign-in that worked. */
export const lastExchangeOf = (result: Result): Result['exchange'][number] | null => {
  if (result.signedIn === 'yes') return null;
  const relevant = result.exchange.filter((exchange) => exchange.step !== 'sign-out');
  return relevant.findLast((exchange) => exchange.step === result.failedAt) ?? relevant.at(-1) ?? null;
};
