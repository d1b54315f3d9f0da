import type { Method } from '../contracts/words';
import type { RouteEvidence } from '../contracts/evidence';
import type { Claim } from '../contracts/report';
import type { EvidencePart, Judgement, Rule, RuleInput } from '../contracts/rule';
import type { Certainty, Route } from '../contracts/words';

/** What became of the account's password on another route of the same target in the same run. */
export interface Sibling {
  readonly route: Route;
  readonly method: Method | null;
  readonly signedIn: RouteEvidence['journey']['signedIn'];
  /** `accepted` and `refused` only where a submission was seen; `not-tried` otherwise. */
  readonly password: 'accepted' | 'refused' | 'not-tried';
  readonly sameAccount: boolean;
  /** The STS said there that the password has expired. */
  readonly passwordExpired: boolean;
  /** The STS took the credentials there and showed its form again. */
}

/** What a rule sees: the base, the parts it named in `needs`, and how the sibling routes fared (optional: a single route has none). */
export type DiagnosisInput<Part extends EvidencePart> = RuleInput<Part> & { readonly siblings?: readonly Sibling[] };

/** A rule as diagnosis runs it; assignable to the contract's `Rule`, because `siblings` is optional. */
export interface DefinedRule extends Rule {
  readonly judge: (evidence: DiagnosisInput<EvidencePart>) => Judgement;
}

/** What the author of a rule writes down. */
export interface RuleText<Part extends EvidencePart> extends Omit<Rule, 'kb' | 'nature' | 'needs' | 'judge'> {
  readonly kb?: string;
  /** Default `breaks`. */
  readonly nature?: Rule['nature'];
  readonly needs: readonly Part[];
  readonly judge: (evidence: DiagnosisInput<Part>) => Judgement;
}

/** From weakest to strongest. */
const certainties: readonly Certainty[] = ['suspected', 'probable', 'confirmed'];

/** True when `a` is at least as certain as `b`. */
export const atLeastAsCertain = (a: Certainty, b: Certainty): boolean => certainties.indexOf(a) >= certainties.indexOf(b);

const baseParts = ['target', 'route', 'settings', 'startedAt', 'method', 'journey', 'serverEvents', 'siblings'] as const;

/**
 * Makes a rule of its text. The rule sees only what it named in `needs` (at compile time and when run), its `nature` is `breaks` unless said
 * otherwise, and no judgement exceeds its ceiling.
 */
export function defineRule<const Part extends EvidencePart>(text: RuleText<Part>): DefinedRule {
  const seen: readonly string[] = [...baseParts, ...text.needs];
  const judge = (evidence: DiagnosisInput<EvidencePart>): Judgement => {
    const visible = Object.fromEntries(Object.entries(evidence).filter(([key]) => seen.includes(key))) as unknown as DiagnosisInput<Part>;
    const judgement = text.judge(visible);
    return judgement.kind === 'found' && !atLeastAsCertain(text.ceiling, judgement.certainty) ? { ...judgement, certainty: text.ceiling } : judgement;
  };
  return { ...text, kb: text.kb ?? null, nature: text.nature ?? 'breaks', judge };
}

/** A claim: one sentence with the values seen, and where they are. */
export const claim = (text: string, ...refs: readonly string[]): Claim => ({ text, refs: [...refs] });

export const found = (certainty: Certainty, because: readonly Claim[], against: readonly Claim[] = []): Extract<Judgement, { kind: 'found' }> => ({
  kind: 'found',
  certainty,
  because,
  against,
});
export const clear = (why: string): Judgement => ({ kind: 'clear', why });
export const cannotTell = (why: string): Judgement => ({ kind: 'cannot-tell', why });
