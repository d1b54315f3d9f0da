import type { CauseId } from '../../contracts/causes';
import type { FaultId } from '../../lab/lab-types';
import type { Certainty, Route, Verdict } from '../../contracts/words';
import type { RefusalFace } from '../../lab/crm/crm-types';

/** One thing broken, over one route, in one way: what was said about it. */
export interface Cell {
  readonly fault: FaultId;
  readonly route: Route;
  readonly face: RefusalFace;
  readonly texts: 'english' | 'customised';
  /** Judged with the last good state at hand, or as if this were the first run ever. */
  readonly history: boolean;
  readonly verdict: Verdict;
  readonly signedIn: 'yes' | 'no' | 'unknown';
  /** What does not hold once a part of the evidence is taken away (diagnosis/less-evidence.test.ts); null where it was not tried. */
  readonly withLess: readonly string[] | null;
  readonly causes: readonly { readonly id: CauseId; readonly certainty: Certainty }[];
}
