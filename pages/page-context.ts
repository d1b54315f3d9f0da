import type { PageKind } from '../contracts/evidence';
import type { PageFacts } from './page-facts';

/** What a recogniser knows: the page on screen, who served it, and how far the journey has come. */
export interface PageContext {
  readonly facts: PageFacts;
  /** HTTP status of the document; null when unknown. */
  readonly status: number | null;
  /** WWW-Authenticate schemes of the document's response. */
  readonly challenges: readonly string[];
  /** `sts` = the configured STS origin; `crm` = the route's own host, or a host the token was posted to; `other` = anything else. */
  readonly host: 'sts' | 'crm' | 'other';
  readonly credentialsGiven: boolean;
  readonly tokenPosted: boolean;
  /** Name or id of the STS's field the password was asked for in; null as long as none was. */
  readonly passwordField: string | null;
  /** The configuration names its own proof of sign-in. */
  readonly selectorConfigured: boolean;
  /** The page has come to rest: what it is not now it will not become by itself. */
  readonly settled: boolean;
}

export interface Recognition {
  readonly kind: PageKind;
  /** The recogniser's name, for whoever wants to change it. */
  readonly recognisedBy: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** Looks at one page and says what it is, or null: not mine. */
export type Recogniser = (context: PageContext) => Recognition | null;
