import type { RouteState } from '../../contracts/baseline';
import type { ChangeKind, Comparison, DifferenceJudgement, DifferenceKind, TimingComparison } from '../../contracts/comparison';
import type { Aspect, Meaning, Unseen } from './aspect';
import { aspectsOf } from './aspects';
import { compareClocks } from './compare-clocks';
import { compareHealth, works } from './compare-health';
import { compareTimings } from './compare-timings';

interface RouteDifference {
  readonly id: string;
  readonly kind: DifferenceKind;
  readonly where: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly meaning: string;
  readonly judged: DifferenceJudgement;
}

export interface RouteOutcome {
  readonly differences: readonly RouteDifference[];
  readonly timings: readonly TimingComparison[];
  readonly same: readonly { readonly id: string; readonly kind: ChangeKind; readonly where: string; readonly value: string }[];
  readonly notCompared: readonly Pick<Comparison['notCompared'][number], 'what' | 'why'>[];
}

/** What redaction leaves; whether something is masked can hang on its accidental value. */
const mask = '[masked]';

const keyOf = (aspect: Aspect | undefined): string | null => (aspect === undefined ? null : (aspect.key ?? aspect.value));

/** One target over one route, both sides. */
export function compareRoute(before: RouteState, after: RouteState, expected: readonly ChangeKind[]): RouteOutcome {
  const [left, right] = [aspectsOf(before), aspectsOf(after)];
  const bothWork = works(before) && works(after);
  const varies = new Set([...before.varies, ...after.varies]);
  const notCompared = [...unseenOn('before', left.unseen), ...unseenOn('after', right.unseen)];
  const differences: RouteDifference[] = [];
  const same: RouteOutcome['same'][number][] = [];
  const announced = (kind: ChangeKind, { turn }: Meaning): DifferenceJudgement =>
    turn === 'better' ? 'better' : turn !== 'worse' && expected.includes(kind) ? 'announced' : 'unannounced';

  const health = compareHealth(before, after, expected);
  if (health) differences.push({ id: 'sign-in', kind: 'sign-in', where: 'Sign-in', ...health });

  const ids = [...new Set([...left.list, ...right.list].map(({ id }) => id))];
  for (const id of ids) {
    const [a, b] = [left.list.find((aspect) => aspect.id === id), right.list.find((aspect) => aspect.id === id)];
    const one = b ?? a;
    if (!one) continue;
    const [valueBefore, valueAfter] = [a?.value ?? null, b?.value ?? null];
    if (keyOf(a) === keyOf(b)) {
      if (valueAfter !== null) same.push({ id, kind: one.kind, where: one.where, value: valueAfter });
      continue;
    }
    if ((!a && isUnseen(id, left.unseen)) || (!b && isUnseen(id, right.unseen))) continue;
    if (varies.has(id)) {
      notCompared.push({ what: one.where, why: 'it differs from one healthy sign-in to the next by itself' });
      continue;
    }
    if ([valueBefore, valueAfter].some((value) => value?.includes(mask))) {
      notCompared.push({ what: one.where, why: 'part of it was masked, as a secret would be' });
      continue;
    }
    if ((!a || !b) && one.ofHost) {
      notCompared.push({ what: one.where, why: `the host was not part of the sign-in ${a ? 'after' : 'before'}` });
      continue;
    }
    const meaning = typeof one.means === 'string' ? { text: one.means } : one.means(valueBefore, valueAfter);
    const judged = one.ofJourney && !bothWork ? 'follows' : announced(one.kind, meaning);
    differences.push({ id, kind: one.kind, where: one.where, before: valueBefore, after: valueAfter, meaning: meaning.text, judged });
  }

  for (const clock of compareClocks(before, after))
    differences.push({ ...clock, id: `clock:${clock.id}`, kind: 'clock', judged: announced('clock', { text: '' }) });
  const timings = bothWork ? compareTimings(before, after) : [];
  for (const { what, judged, text, before: then, after: now } of timings)
    if (what === 'total' && (judged === 'slower' || judged === 'faster'))
      differences.push({
        id: 'timing',
        kind: 'timing',
        where: 'Time of the whole sign-in',
        before: `${Math.round(then.medianMs)} ms (median)`,
        after: `${Math.round(now.medianMs)} ms (median)`,
        meaning: text,
        judged: judged === 'faster' ? (expected.includes('timing') ? 'announced' : 'noted') : announced('timing', { text }),
      });
  return { differences, timings, same, notCompared };
}

const isUnseen = (id: string, unseen: readonly Unseen[]): boolean => unseen.some(({ prefix }) => id.startsWith(prefix));

const unseenOn = (side: 'before' | 'after', unseen: readonly Unseen[]): { what: string; why: string }[] =>
  unseen.map(({ what, why }) => ({ what, why: `${side}: ${why}` }));
