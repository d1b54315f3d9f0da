import type { Request } from 'playwright';
import type { WsfedParameters } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { wsfedParameters } from '../../federation/wsfed-parameters';
import type { ExchangeStep } from '../captures/exchanges';
import type { DocumentRequest, Stop } from '../guard/guard';

/** The token POST as it left the browser; read and dropped before anything is written. */
export interface PostedToken {
  readonly url: string;
  readonly body: string;
}

export type HostRole = 'sts' | 'crm' | 'other';

/** A loop is stopped before its third round's request leaves (AD FS itself stops at the sixth token in 20 s, field guide §9). */
const mostRounds = 2;
/** More documents than any sign-in needs. */
const mostDocuments = 40;

const stepsAtSts: readonly (ExchangeStep | null)[] = ['sts-page', 'credentials', 'token-issue'];
const carriesToken = (body: string | null): boolean => body !== null && /(^|&)(wresult|SAMLResponse)=/i.test(body);

/**
 * Follows the documents a page asks for: whose they are, which round of the flow they belong to, and when a token leaves. Where STS and relying
 * party share an origin, the STS's part begins with the sign-in request and ends with the token.
 */
export class Traffic {
  /** CRM → STS redirects. */
  rounds = 0;
  tokenPosts = 0;
  posted: PostedToken | null = null;
  private documents = 0;
  private atSts = false;
  private readonly oneOrigin: boolean;
  private readonly roundsByRealm = new Map<string, number>();
  private readonly tokenHosts = new Set<string>();
  /** The step of the document request before; requests and what passes the guard are told by different sessions, in no fixed order. */
  private stepBefore: ExchangeStep | null = null;
  private tokenSeen = false;

  constructor(private readonly target: Pick<Target, 'url' | 'stsOrigin'>) {
    this.oneOrigin = originOf(target.url) === target.stsOrigin;
  }

  /** Called before a document request leaves; what it returns stops it. */
  before({ method, url, body }: DocumentRequest): Stop | null {
    if (!/^https?:/.test(url)) return { reason: 'address', why: `the page wanted to open ${url.slice(0, 40)}, which is not a web address` };
    const { origin } = new URL(url);
    this.documents += 1;
    if (this.documents > mostDocuments) return { reason: 'loop', why: `loop: ${this.documents} documents, more than any sign-in needs.` };
    if (this.isTokenPost(method, url, body)) {
      this.tokenPosts += 1;
      this.tokenHosts.add(origin);
      this.posted = { url, body: body ?? '' };
      this.atSts = false;
      return null;
    }
    const asked = this.signInRequest(url, method === 'POST' ? body : null);
    const begins = asked !== null && !this.atSts;
    this.atSts = origin === this.target.stsOrigin && (!this.oneOrigin || asked !== null || this.atSts);
    if (!begins) return null;
    const realm = asked.wtrealm ?? '';
    const round = (this.roundsByRealm.get(realm) ?? 0) + 1;
    this.roundsByRealm.set(realm, round);
    this.rounds += 1;
    if (round <= mostRounds) return null;
    return {
      reason: 'loop',
      why:
        `loop at its third round: ${hostOf(this.target.url)} sent the browser back to the STS for ${realm || 'the same realm'} although ` +
        `${this.tokenPosts} token(s) had been posted.`,
    };
  }

  /** Which part of the flow a document request belongs to; called once for each, in their order. */
  stepOf(request: Request, credentialsGiven: boolean, stepOfRedirect: (request: Request) => ExchangeStep | null): ExchangeStep {
    const step = this.step(request, credentialsGiven, stepOfRedirect);
    this.stepBefore = step;
    return step;
  }

  /** Whose page this is; `step` is that of its request. A token's receiver is CRM, and so is whoever comes after it. */
  roleOf(address: string, step: ExchangeStep | null): HostRole {
    const origin = originOf(address);
    const crm = origin === originOf(this.target.url) || this.tokenPosts > 0 || (origin !== null && this.tokenHosts.has(origin));
    if (origin === this.target.stsOrigin && (!this.oneOrigin || stepsAtSts.includes(step))) return 'sts';
    return crm ? 'crm' : 'other';
  }

  private step(request: Request, credentialsGiven: boolean, stepOfRedirect: (request: Request) => ExchangeStep | null): ExchangeStep {
    const url = request.url();
    const posts = request.method() === 'POST';
    if (this.isTokenPost(request.method(), url, posts ? request.postData() : null)) {
      this.tokenSeen = true;
      return 'token-post';
    }
    if (/[?&]wa=wsignout/i.test(url)) return 'sign-out';
    const asks = this.signInRequest(url, posts ? request.postData() : null) !== null;
    const there = stepsAtSts.includes(this.stepBefore);
    if (originOf(url) === this.target.stsOrigin && (!this.oneOrigin || asks || there)) {
      if (this.tokenSeen) return 'token-issue';
      if (/\/wia\b|\/integrated\b/i.test(new URL(url).pathname)) return 'credentials';
      // Before the password is given a form carries something else: the home realm, the user name.
      if (posts && (there || !asks)) return credentialsGiven ? 'credentials' : 'sts-page';
      return credentialsGiven ? 'token-issue' : 'sts-page';
    }
    if (!this.tokenSeen) return 'crm-redirect';
    const previous = request.redirectedFrom();
    return previous && stepOfRedirect(previous) === 'token-post' ? 'crm-session' : 'crm-page';
  }

  /** A token for the relying party; one that another provider posts to the STS is the STS's own business. */
  private isTokenPost(method: string, url: string, body: string | null): boolean {
    return method === 'POST' && carriesToken(body) && (this.oneOrigin || originOf(url) !== this.target.stsOrigin);
  }

  /** The WS-Federation sign-in request in an address (or posted), when it goes to the STS. */
  private signInRequest(url: string, body: string | null): WsfedParameters | null {
    if (originOf(url) !== this.target.stsOrigin) return null;
    const wsfed = wsfedParameters(new URL(url).search.slice(1)) ?? (body ? wsfedParameters(body) : null);
    return wsfed?.wa?.toLowerCase() === 'wsignin1.0' && wsfed.wresultBytes === undefined ? wsfed : null;
  }
}

/** The origin of an address; null when it has none. */
export function originOf(url: string): string | null {
  return URL.canParse(url) && new URL(url).origin !== 'null' ? new URL(url).origin : null;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
