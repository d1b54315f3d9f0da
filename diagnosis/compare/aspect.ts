import type { ChangeKind } from '../../contracts/comparison';

export interface Meaning {
  readonly text: string;
  /** `better`: it was wrong and is right now. `worse`: a finding even where its kind was announced. */
  readonly turn?: 'better' | 'worse';
}

/** One thing that can be compared: the same id on both sides is the same thing. */
export interface Aspect {
  readonly id: string;
  readonly kind: ChangeKind;
  /** What it is, for the reader. */
  readonly where: string;
  /** As the reader sees it; null = there is none. */
  readonly value: string | null;
  /** What decides whether two values are alike, where that is not the shown text. */
  readonly key?: string;
  /** Seen on the way through the sign-in: says nothing where the sign-in ended early. */
  readonly ofJourney?: boolean;
  /** Belongs to a host that only one side came past: not compared then. */
  readonly ofHost?: boolean;
  readonly means: string | ((before: string | null, after: string | null) => Meaning);
}

/** What was not looked at or could not be read: aspects whose id begins with `prefix` are not compared. */
export interface Unseen {
  readonly prefix: string;
  readonly what: string;
  readonly why: string;
}

export interface Aspects {
  readonly list: readonly Aspect[];
  readonly unseen: readonly Unseen[];
}
