/** A cause's rule: what it reads, how it judges, what to do. The runner adds the envelope (id, title, KB, certainty ceiling). */
import type { Claim, RemedyStep } from './report';
import type { Certainty, Route, Stage, Verdict } from './words';
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

/**
 * With whom a cause lies.
 * - `sts`: at the STS, or between it and all of CRM. It breaks every target of the STS, so that one more is no news.
 * - `relying-party`: one CRM, its trust or its organization.
 * - `method`: how the STS asks for credentials over one route; people who sign in otherwise do not meet it.
 * - `account`: the state of the account that signs in, or its password. It says nothing of anybody else's sign-in.
 * - `rights`: what the STS or CRM knows of this account, allows it or demands of it; others may meet the same.
 * - `network`: the way between browser, STS and CRM: names, TLS, filters, cookies.
 */
export type LiesWith = 'sts' | 'relying-party' | 'method' | 'account' | 'rights' | 'network';

/** What the cause's fault looks like in the lab, where that does not follow from the rest. */
interface LabLook {
  /** Over which routes it shows; over the others sign-in stays as it is. Both unless given. */
  readonly routes?: readonly Route[];
  /** Unless given: `at-risk` for a cause that warns, `unknown` for one that lies with the account, else `broken`. */
  readonly verdict?: Verdict;
  /** The more general cause that nothing a browser sees can part from this one: it may be named first, with this one after it as suspected. */
  readonly behind?: CauseId;
  /** Only CRM's own words tell it: where it refuses without any, nothing is named, or `behind` as suspected. */
  readonly toldByText?: true;
}

/** All that is said of a cause anywhere, but its handbook page and its lab fault. */
export interface Rule {
  readonly id: CauseId;
  /** What is said where the relying party is not CRM. */
  readonly elsewhere?: { readonly title: string; readonly remedy: (evidence: RuleBase) => readonly RemedyStep[] };
  readonly title: string;
  readonly kb: string | null;
  /** Where in the flow it strikes. */
  readonly stage: Stage;
  /** Its place among the causes of its stage: the lower one masks the higher (field guide §16). */
  readonly rank: number;
  readonly liesWith: LiesWith;
  /** With whom it lies where the probe signs in as the logged-on account, if that differs. */
  readonly liesWithLoggedOn?: LiesWith;
  /** A forecast foretells it: AD FS signs with another certificate than CRM knows, or with none that is valid. */
  readonly foretold?: true;
  readonly inLab?: LabLook;
  /** The highest certainty this cause may reach. */
  readonly ceiling: Certainty;
  /**
   * `breaks` explains a failed sign-in; `warns` is judged although sign-in works (and turns healthy into at-risk);
   * `effect` is never the root cause when another is found.
   */
  readonly nature: 'breaks' | 'warns' | 'effect';
  readonly needs: readonly EvidencePart[];
  readonly judge: (evidence: RuleInput<EvidencePart>) => Judgement;
  /** `hosts` as the judgement names them; none where the cause was carried over from another run. */
  readonly remedy: (evidence: RuleBase, hosts?: readonly string[]) => readonly RemedyStep[];
  readonly checkAfterwards?: (evidence: RuleBase) => readonly RemedyStep[];
}
