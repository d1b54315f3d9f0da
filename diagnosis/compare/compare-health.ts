import type { RouteState } from '../../contracts/baseline';
import type { ChangeKind, DifferenceJudgement } from '../../contracts/comparison';

export interface HealthDifference {
  readonly before: string;
  readonly after: string;
  readonly meaning: string;
  readonly judged: DifferenceJudgement;
}

/** Sign-in works, perhaps with a warning. */
export const works = ({ verdict, signedIn }: RouteState): boolean => signedIn === 'yes' && (verdict === 'healthy' || verdict === 'at-risk');

const thumbprints = ({ certificates }: RouteState): string => [...new Set(certificates.map(({ role, sha1 }) => `${role} ${sha1}`))].sort().join();

/** Whether sign-in works on both sides, and what it means where that differs; null where it is alike. */
export function compareHealth(before: RouteState, after: RouteState, expected: readonly ChangeKind[]): HealthDifference | null {
  const [cause] = after.causes;
  const difference = (meaning: string, judged: DifferenceJudgement): HealthDifference => ({ before: before.summary, after: after.summary, meaning, judged });
  if (works(before) && !works(after)) {
    const why = cause
      ? `${cause.title} (${[...(cause.kb ? [`KB ${cause.kb}`] : []), cause.certainty].join(', ')}). ${cause.because[0]?.text ?? ''}`.trim()
      : after.summary;
    return difference(
      after.verdict === 'unknown' ? `It could not be told whether people can sign in. ${after.summary}` : `People can no longer sign in. ${why}`,
      'unannounced',
    );
  }
  if (!works(before)) {
    if (works(after)) return difference('Sign-in did not work before and does now.', after.verdict === 'healthy' ? 'better' : 'noted');
    const [then, now] = [before, after].map(({ causes, failedAt }) => causes[0]?.id ?? failedAt);
    return then === now ? null : difference('Sign-in works on neither side, for another reason than before.', 'unannounced');
  }
  if (before.verdict === after.verdict) return null;
  if (after.verdict === 'healthy') return difference('What was at risk is not any more.', 'better');
  const known = new Set(before.causes.map(({ id }) => id));
  const newCauses = after.causes.filter(({ id }) => !known.has(id));
  if (newCauses.length === 0 && before.forecast === after.forecast && thumbprints(before) === thumbprints(after))
    return difference('Nothing changed, but the time went on: something that ends has come within the warning time.', 'noted');
  const rollover = newCauses.every(({ id }) => id === 'adfs-signing-cert-secondary-pending') && after.forecast !== 'urgent';
  return difference(
    'Sign-in works, but something new puts it at risk; see the report of the run.',
    rollover && expected.includes('signing-certificate') ? 'announced' : 'unannounced',
  );
}
