import type { CauseId } from '../../contracts/causes';
import type { Route, Verdict } from '../../contracts/words';

interface Expectation {
  /** Over which routes the cause shows itself; over the others sign-in stays as it is. Both unless given. */
  readonly routes?: readonly Route[];
  /** `broken` unless given. */
  readonly verdict?: Verdict;
}

/** What a fault of the lab must lead to, where it is not simply broken over both routes. */
const expectations: Partial<Record<CauseId, Expectation>> = {
  'adfs-signing-cert-secondary-pending': { verdict: 'at-risk' },
  'wia-spn-missing-or-duplicate': { routes: ['internal'] },
};

export const showsOver = (id: CauseId): readonly Route[] => expectations[id]?.routes ?? ['internal', 'ifd'];
export const expectedVerdict = (id: CauseId): Verdict => expectations[id]?.verdict ?? 'broken';
