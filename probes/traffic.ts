import type { Request } from 'playwright';
import type { Target } from '../contracts/target';
import { wsfedParameters } from '../federation/wsfed-parameters';
import type { ExchangeStep } from './captures/exchanges';
import type { DocumentRequest } from './guard';

/** The token POST as it left the browser; read and dropped before anything is written. */
export interface PostedToken {
  readonly url: string;
  readonly body: string;
}

/** A loop is stopped before its third round's request leaves (AD FS itself stops at the sixth token in 20 s, field guide §9). */
const mostRounds = 2;
/** More documents than any sign-in needs. */
const mostDocuments = 40;

const carriesToken = (body: string | null): boolean => body !== null && /(^|&)(wresult|SAMLResponse)=/.test(body);

/** Follows the documents a page asks for: whose they are, which round of the flow they belong to, and when a token leaves. */
export class Traffic {
  /** CRM → STS redirects. */
  rounds = 0;
  tokenPosts = 0;
  posted: PostedToken | null = null;
  private documents = 0;
  private previousOrigin: string | null = null;
  private readonly roundsByRealm = new Map<string, number>();
  private readonly tokenHosts = new Set<string>();

  constructor(private readonly target: Pick<Target, 'url' | 'stsOrigin'>) {}

  /** Called before a document request leaves; a sentence stops it. */
  before({ method, url, body }: DocumentRequest): string | null {
    if (!/^https?:/.test(url)) return `the page wanted to open ${url.slice(0, 40)}, which is not a web address`;
    const { origin, search } = new URL(url);
    const previous = this.previousOrigin;
    this.previousOrigin = origin;
    this.documents += 1;
    if (this.documents > mostDocuments) return `loop: ${this.documents} documents, more than any sign-in needs.`;
    if (method === 'POST' && carriesToken(body)) {
      this.tokenPosts += 1;
      this.tokenHosts.add(origin);
      this.posted = { url, body: body ?? '' };
      // Whoever posts to its own origin (CRM and STS on one) starts the next round from there.
      this.previousOrigin = null;
      return null;
    }
    const wsfed = wsfedParameters(search.slice(1));
    if (origin !== this.target.stsOrigin || method !== 'GET' || previous === origin || wsfed?.wa?.toLowerCase() !== 'wsignin1.0') return null;
    const realm = wsfed.wtrealm ?? '';
    const round = (this.roundsByRealm.get(realm) ?? 0) + 1;
    this.roundsByRealm.set(realm, round);
    this.rounds += 1;
    return round > mostRounds
      ? `loop at its third round: CRM sent the browser back to the STS for ${realm || 'the same realm'} although ${this.tokenPosts} token(s) had been posted.`
      : null;
  }

  /** Which part of the flow a request belongs to, at the moment it is sent. */
  stepOf(request: Request, credentialsGiven: boolean, stepBefore: (request: Request) => ExchangeStep | null): ExchangeStep {
    const url = new URL(request.url());
    if (request.method() === 'POST' && carriesToken(request.postData())) return 'token-post';
    if (/^wsignout/i.test(url.searchParams.get('wa') ?? '')) return 'sign-out';
    if (this.hostOf(url.href) === 'sts') {
      if (this.tokenPosts > 0) return 'token-issue';
      if (request.method() === 'POST' || /\/wia\b|\/integrated\b/i.test(url.pathname)) return 'credentials';
      return credentialsGiven ? 'token-issue' : 'sts-page';
    }
    if (this.tokenPosts === 0) return 'crm-redirect';
    const previous = request.redirectedFrom();
    return previous && stepBefore(previous) === 'token-post' ? 'crm-session' : 'crm-page';
  }

  /** Whose address this is. Where CRM and STS share an origin, the sign-in request and what comes before the token is the STS's. */
  hostOf(address: string): 'sts' | 'crm' | 'other' {
    const origin = originOf(address);
    const crmOrigin = originOf(this.target.url);
    if (origin === this.target.stsOrigin && origin === crmOrigin) return this.rounds > 0 && this.tokenPosts === 0 ? 'sts' : 'crm';
    if (origin === this.target.stsOrigin) return 'sts';
    return origin === crmOrigin || this.tokenPosts > 0 || (origin !== null && this.tokenHosts.has(origin)) ? 'crm' : 'other';
  }
}

/** The origin of an address; null when it has none. */
export function originOf(url: string): string | null {
  return URL.canParse(url) && new URL(url).origin !== 'null' ? new URL(url).origin : null;
}
