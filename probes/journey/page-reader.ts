import type { Page } from 'playwright';
import type { Target } from '../../contracts/target';
import { challengeSchemes } from '../../federation/exchange-headers';
import { type ExchangeCapture, type SeenExchange, setsSessionCookie } from '../captures/exchanges';
import type { Credentials } from './credentials';
import type { Progress } from './endings';
import type { PageContext, Recognition } from '../../pages/page-context';
import type { PageFacts } from '../../pages/page-facts';
import { readPage } from '../page-actions/page-reading';
import { recognise } from '../../pages/recognise';
import type { Redactor } from '../redaction/redact';
import { type HostRole, originOf, type Traffic } from '../captures/traffic';

/** The page on screen with what is known of it. */
export interface Seen {
  /** `unknown` until somebody knows better. */
  readonly recognition: Recognition;
  readonly facts: PageFacts;
  readonly exchange: SeenExchange | null;
  readonly context: PageContext;
}

/** Reads the page on screen and puts it into the flow: which exchange brought it, whose it is, how far the journey has come. */
export class PageReader {
  /** The exchange that brought each document, by its id: found once, while it is the latest. */
  private readonly broughtBy = new Map<number, SeenExchange>();
  private passwordField: string | null = null;

  constructor(
    private readonly page: Page,
    private readonly target: Target,
    private readonly redactor: Redactor,
    private readonly exchanges: ExchangeCapture,
    private readonly traffic: Traffic,
    private readonly credentials: Credentials,
  ) {}

  /** Null when there is no page to read: it is being replaced, is the browser's own, or does not answer. */
  async read(settled: boolean): Promise<Seen | null> {
    const facts = await readPage(this.page, this.target.signedInSelector);
    if (!facts || !/^https?:/.test(facts.url)) return null;
    for (const value of facts.hidden) this.redactor.add(value, value.startsWith('<') ? 'token' : 'other');
    const exchange = this.exchangeOf(facts);
    if (exchange && !exchange.document) exchange.document = { title: this.redactor.text(facts.title), text: this.redactor.text(facts.text) };
    return this.seen(facts, exchange, settled);
  }

  async seen(facts: PageFacts, exchange: SeenExchange | null, settled: boolean): Promise<Seen> {
    const status = exchange?.response?.status() ?? null;
    const host = this.traffic.roleOf(facts.url, exchange?.step ?? null);
    const { signInPassword } = facts;
    if (host === 'sts' && signInPassword && !this.credentials.given) this.passwordField = signInPassword.name || signInPassword.id || null;
    const asked = status === 401 ? ((await exchange?.response?.headerValues('www-authenticate').catch(() => [])) ?? []) : [];
    const context: PageContext = {
      facts,
      status,
      host,
      challenges: challengeSchemes(asked),
      credentialsGiven: this.credentials.given,
      tokenPosted: this.traffic.tokenPosts > 0,
      passwordField: this.passwordField,
      selectorConfigured: this.target.signedInSelector !== null,
      settled,
    };
    // Recognised as it is; whoever quotes it later quotes the redacted one.
    const recognised = recognise(context);
    const shown: PageFacts = {
      ...facts,
      hidden: [],
      title: this.redactor.text(facts.title),
      text: this.redactor.text(facts.text),
      texts: this.redactor.deep(facts.texts),
      buttons: facts.buttons.map((label) => this.redactor.text(label)),
    };
    const recognition = recognised ? { ...recognised, texts: this.redactor.deep(recognised.texts) } : this.unknown(shown);
    return { recognition, facts: shown, exchange, context: { ...context, facts: shown } };
  }

  async progress(host: HostRole, exchange: SeenExchange | null): Promise<Progress> {
    const { seen } = this.exchanges;
    const { tokenPosts } = this.traffic;
    const firstPost = seen.findIndex(({ step }) => step === 'token-post');
    const beforeTokens = firstPost < 0 ? seen : seen.slice(0, firstPost);
    const lastPost = seen.findLastIndex(({ step }) => step === 'token-post');
    // The answer to the token, and what it redirects to: libraries set their session at either.
    const answers =
      lastPost < 0
        ? []
        : seen.filter(({ step, response }, at) => at === lastPost || (at > lastPost && step === 'crm-session' && (response?.status() ?? 200) < 400));
    const sessions = await Promise.all(answers.map((answer) => setsSessionCookie(answer, beforeTokens)));
    return {
      credentialsGiven: this.credentials.given,
      credentialsTaken: tokenPosts > 0 || (await this.credentialsTaken()),
      tokenPosts,
      sessionCookie: sessions.includes(true),
      answersTokenPost: exchange !== null && exchange === seen[lastPost],
      host,
      place: new URL(exchange?.url ?? this.target.url).host,
      withheld: this.credentials.withheld,
      noPassword: this.target.account.kind !== 'password',
    };
  }

  /** A right password is answered with a redirect that sets a session; a redirect back to the form sets none. */
  private async credentialsTaken(): Promise<boolean> {
    const { seen } = this.exchanges;
    const at = seen.findLastIndex(({ step, method, seq }) => step === 'credentials' && method === 'POST' && seq > this.credentials.givenAfter);
    const post = seen[at];
    const status = post?.response?.status() ?? 0;
    return post !== undefined && status >= 300 && status < 400 && setsSessionCookie(post, seen.slice(0, at));
  }

  private exchangeOf({ documentId, url }: PageFacts): SeenExchange | null {
    const known = this.broughtBy.get(documentId);
    if (known) return known;
    const bare = (address: string): string => address.split('#')[0] ?? address;
    const pages = this.exchanges.seen.filter(({ response }) => response !== null && bringsPage(response.status()));
    const found =
      pages.findLast((exchange) => bare(exchange.url) === bare(url)) ??
      pages.findLast((exchange) => originOf(exchange.url) === originOf(url)) ??
      pages.at(-1) ??
      null;
    if (found) this.broughtBy.set(documentId, found);
    return found;
  }

  private unknown(facts: PageFacts): Recognition {
    const fields = facts.fields.map((field) => `${field.name || field.id || 'unnamed'} (${field.type})`).join(', ') || 'none';
    const framed = facts.frames.map((frame) => this.redactor.url(frame)).join(', ');
    const frames = framed ? `, frames: ${framed}` : '';
    const buttons = facts.buttons.map((label) => `"${label}"`).join(', ');
    const text = facts.text ? `, text "${facts.text.slice(0, 160)}"` : ', no text';
    const description = `title "${facts.title}", address ${this.redactor.url(facts.url)}, form fields: ${fields}${frames}${text}`;
    return {
      kind: 'unknown',
      recognisedBy: 'nothing',
      texts: { description, message: facts.text.slice(0, 500), ...(framed ? { frames: framed } : {}), ...(buttons ? { buttons } : {}) },
    };
  }
}

/** Redirects and answers without content leave the page on screen as it is. */
export const bringsPage = (status: number): boolean => !(status >= 300 && status < 400) && status !== 204 && status !== 205;
