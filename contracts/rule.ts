/** A cause's rule: what it reads, how it judges, what to do. The runner adds the envelope (id, title, KB, certainty ceiling). */
import type { Claim, RemedyStep } from './report';
import type { Certainty } from './words';
import type { CauseId } from './causes';
import type { RouteEvidence } from './evidence';

/** Parts of the evidence a rule may ask for by name; everything else does not compile. `run`-level facts and journey are always there. */
export type EvidencePart =
  | 'pages'
  | 'exchanges'
  | 'token'
  | 'diagnosticToken'
  | 'stsMetadata'
  | 'crmMetadata'
  | 'wsdl'
  | 'whoAmI'
  | 'tls'
  | 'dns'
  | 'clocks'
  | 'lastGood'
  | 'repairOnRecord'
  | 'nodes'
  | 'stsSamples'
  | 'userAgents'
  | 'ownAddresses'
  | 'console';

/** What every rule sees. */
export type RuleBase = Pick<RouteEvidence, 'target' | 'route' | 'settings' | 'startedAt' | 'method' | 'journey' | 'serverEvents'>;
export type RuleInput<Part extends EvidencePart> = RuleBase & Pick<RouteEvidence, Part>;

export type Judgement =
  | {
      readonly kind: 'found';
      readonly certainty: Certainty;
      readonly because: readonly Claim[];
      readonly against?: readonly Claim[];
      /**
       * Whether people meet it, however sure its cause is: true = whoever signs in is stopped there; false = the sign-in did not come as far. Left out where
       * `certainty` tells.
       */
      readonly met?: boolean;
      /** The relying party is not CRM: no KB, and not CRM's steps. */
      readonly elsewhere?: true;
      /** What is said instead of the rule's title, where the evidence tells more or less than it. */
      readonly title?: string;
      /** The hosts it is about, for the commands of the steps. */
      readonly hosts?: readonly string[];
    }
  | { readonly kind: 'clear'; readonly why: string }
  | { readonly kind: 'cannot-tell'; readonly why: string };

export interface Rule {
  readonly id: CauseId;
  /** What is said where the relying party is not CRM. */
  readonly elsewhere?: { readonly title: string; readonly remedy: (evidence: RuleBase) => readonly RemedyStep[] };
  readonly title: string;
  readonly kb: string | null;
  /** The highest certainty this cause may reach. */
  readonly ceiling: Certainty;
  /** `breaks` explains a failed sign-in; `warns` is judged although sign-in works (and turns healthy into at-risk); `effect` is never the root cause when another is found. */
  readonly nature: 'breaks' | 'warns' | 'effect';
  readonly needs: readonly EvidencePart[];
  readonly judge: (evidence: RuleInput<EvidencePart>) => Judgement;
  /** `hosts` as the judgement names them; none where the cause was carried over from another run. */
  readonly remedy: (evidence: RuleBase, hosts?: readonly string[]) => readonly RemedyStep[];
  readonly checkAfterwards?: (evidence: RuleBase) => readonly RemedyStep[];
}
