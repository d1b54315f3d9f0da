import type { CDPSession, Page, Request } from 'playwright';
import type { RouteEvidence } from '../contracts/evidence';
import type { Target } from '../contracts/target';
import type { Method } from '../contracts/words';
import { captureExchanges, type ExchangeCapture, type SeenExchange, setsSessionCookie } from './captures/exchanges';
import type { Screenshots } from './captures/screenshots';
import { captureWhoAmI } from './captures/who-am-i';
import { Credentials } from './credentials';
import { type Ending, endingAt, endingOfNetworkFailure, type Progress } from './endings';
import { Guard } from './guard';
import { Moments } from './moments';
import { PageLog } from './page-log';
import type { PageContext, Recognition } from './pages/page-context';
import { type PageSnapshot, takeSnapshot } from './pages/page-snapshot';
import { recognise } from './pages/recognise';
import { findFormParts, pressSubmit, typeInto } from './pages/sign-in-form';
import type { Redactor } from './redact';
import type { SubmitOnce } from './submit-once';
import { type PostedToken, Traffic } from './traffic';

/** What a journey is given besides the page. */
export interface JourneyTools {
  readonly target: Target;
  readonly redactor: Redactor;
  readonly submitOnce: SubmitOnce;
  readonly screenshots: Screenshots;
  /** The account's password, or null with `windows: current`. */
  readonly password: string | null;
  readonly passwordForms: readonly string[];
  readonly proxyCredentials: { readonly username: string; readonly password: string } | null;
  readonly deadline: AbortSignal;
  /** performance.now() at the start. */
  readonly startedAt: number;
  /** Why the local proxy could not reach a host, e.g. ENOTFOUND; null without a proxy or a failure. */
  readonly connectFailure: (host: string) => string | null;
  /** One line per step, for people watching. */
  readonly say: (text: string) => void;
}

export interface JourneyRecord {
  readonly journey: RouteEvidence['journey'];
  readonly method: Method | null;
  readonly pages: RouteEvidence['pages'];
  readonly whoAmI: RouteEvidence['whoAmI'];
  readonly posted: PostedToken | null;
  readonly exchanges: ExchangeCapture;
  /** When CRM's page was recognised, milliseconds after the start. */
  readonly shellAtMs: number | null;
}

/** Signs in by recognising each page it meets and acting on it, until signed in or stuck. It records, it never judges. */
export async function runJourney(page: Page, tools: JourneyTools): Promise<JourneyRecord> {
  const cdp = await page.context().newCDPSession(page);
  const journey = new Journey(page, cdp, tools);
  return journey.run();
}

class Journey {
  private readonly moments: Moments;
  private readonly traffic: Traffic;
  private readonly credentials: Credentials;
  private readonly pages: PageLog;
  private exchanges!: ExchangeCapture;
  private guard!: Guard;
  private method: Method | null = null;
  private whoAmI: RouteEvidence['whoAmI'] = null;
  private shellAtMs: number | null = null;
  /** POSTs to the STS of any kind: a form that signs in by script makes no new document. */
  private stsPosts = 0;
  private userNameTyped = false;
  private tokenSubmitted = 0;
  /** seq of the document the password was typed into: the same document again is no new prompt. */
  private typedInto: number | null = null;

  constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly tools: JourneyTools,
  ) {
    this.moments = new Moments(page, tools.deadline);
    this.traffic = new Traffic(tools.target);
    this.credentials = new Credentials(tools.target, tools.password, tools.submitOnce);
    this.pages = new PageLog(tools.redactor, tools.startedAt);
  }

  async run(): Promise<JourneyRecord> {
    const { page, cdp, tools, traffic } = this;
    this.exchanges = await captureExchanges(page, cdp, tools.redactor, tools.startedAt, (request) =>
      traffic.stepOf(request, this.credentials.given, (previous) => this.exchanges.of(previous)?.step ?? null),
    );
    const { frameTree } = await cdp.send('Page.getFrameTree');
    this.guard = await Guard.start(cdp, {
      mainFrameId: frameTree.frame.id,
      stsOrigin: tools.target.stsOrigin,
      passwordForms: tools.passwordForms,
      proxyCredentials: tools.proxyCredentials,
      windowsAnswer: () => this.answerWindows(),
      beforeDocument: (request) => {
        const posts = traffic.tokenPosts;
        const stop = traffic.before(request);
        if (traffic.tokenPosts > posts) this.tokenLeaves(request.url);
        return stop;
      },
    });
    this.guard.on('stopped', ({ url, why }) => this.moments.push({ kind: 'stopped', url, why }));
    this.guard.on('challenge', ({ answer, scheme }) => {
      this.method = 'windows';
      const asked = this.exchanges.last();
      if (answer === 'given' && asked) asked.authorization = scheme;
      if (answer === 'refused-again' || answer === 'withheld') this.moments.push({ kind: 'refused' });
    });
    page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
    page.on('popup', (popup) => void popup.close().catch(() => undefined));
    page.on('request', (request) => {
      if (request.method() === 'POST' && traffic.hostOf(request.url()) === 'sts') this.stsPosts += 1;
    });
    tools.say(`opening ${tools.target.url}`);
    page.goto(tools.target.url, { waitUntil: 'commit', timeout: 0 }).catch(() => undefined); // its failure comes as a moment
    const outcome = await this.travel();
    this.moments.dispose();
    return this.record(outcome);
  }

  private async travel(): Promise<Ending | 'signed-in'> {
    for (let settling = false; ; settling = true) {
      const moment = await this.moments.next({ settling });
      switch (moment.kind) {
        case 'deadline':
          return this.deadlineEnding();
        case 'gone':
          return { symptom: 'other', failedAt: null, why: `The probe could not go on: ${moment.why}.` };
        case 'stopped':
          return this.stoppedEnding(moment.why);
        case 'refused':
          return this.refusedEnding();
        case 'failed': {
          const ending = await this.failedEnding(moment.request);
          if (ending) return ending;
          break;
        }
        default: {
          // A page that is replaced while it is looked at fails the look; the next moment is its successor's.
          const outcome = await this.look(moment.kind === 'quiet').catch((): 'go-on' => 'go-on');
          if (outcome !== 'go-on') return outcome;
        }
      }
    }
  }

  /** Reads the page on screen and acts on it. `final`: nothing more is going to happen by itself. */
  private async look(final: boolean): Promise<Ending | 'signed-in' | 'go-on'> {
    const snapshot = await takeSnapshot(this.page, this.tools.target.signedInSelector);
    if (!snapshot || !/^https?:/.test(snapshot.url)) return 'go-on';
    const exchange = this.exchangeOf(snapshot.url);
    const context = await this.contextOf(snapshot, exchange);
    const recognition = recognise(context);
    if (exchange && !exchange.document) exchange.document = { title: this.tools.redactor.text(snapshot.title), text: this.tools.redactor.text(snapshot.text) };
    const seen: Seen = { recognition: recognition ?? this.unknown(snapshot), snapshot, exchange, context };
    if (!recognition) return final && !snapshot.metaRefresh ? this.stop(seen) : 'go-on';
    switch (recognition.kind) {
      case 'sts-working':
        return this.letTokenLeave(seen, final);
      case 'sts-forms':
        return this.signInForm(seen, final);
      case 'crm-shell':
        return this.arrive(seen);
      default:
        return this.stop(seen);
    }
  }

  private async signInForm(seen: Seen, final: boolean): Promise<Ending | 'go-on'> {
    const { recognition, snapshot, exchange } = seen;
    const { credentials, tools } = this;
    this.method ??= 'forms';
    if (credentials.given) {
      const sameDocument = this.typedInto === (exchange?.seq ?? 0) && this.traffic.tokenPosts === 0;
      if (sameDocument && !final) return 'go-on';
      if (sameDocument && this.stsPosts === 0) return this.stop(seen, notSubmitted(snapshot));
      if (this.traffic.tokenPosts === 0) credentials.refused('the sign-in form came again');
      return this.stop(seen);
    }
    if (snapshot.visiblePasswordFields === 0 && this.userNameTyped) return final ? this.stop({ ...seen, recognition: this.unknown(snapshot) }) : 'go-on';
    if (!credentials.mayType(snapshot)) return this.stop(seen);
    const shot = await tools.screenshots.take(`${snapshot.title || 'Sign-in form'} (before the credentials are typed)`);
    const parts = await findFormParts(this.page);
    await this.guard.watch('everything');
    if (parts.user) await typeInto(this.cdp, parts.user, credentials.user);
    if (parts.password) {
      // Looked at again at the last moment: a script may have sent the form elsewhere since.
      const now = await takeSnapshot(this.page, null);
      if (!now || !credentials.mayType(now)) return this.stop(seen);
      this.typedInto = exchange?.seq ?? 0;
      await typeInto(this.cdp, parts.password, credentials.note());
      tools.say('sign-in form: credentials submitted');
    } else this.userNameTyped = true;
    this.pages.note(recognition, snapshot, exchange, parts.password ? 'typed the credentials' : 'typed the user name', shot);
    // Found anew: a button may only come alive once the fields are filled.
    await pressSubmit(await findFormParts(this.page));
    return 'go-on';
  }

  /** The page posts the token by its own script; where scripts do not do it, its button does. */
  private async letTokenLeave(seen: Seen, final: boolean): Promise<Ending | 'go-on'> {
    this.pages.note(seen.recognition, seen.snapshot, seen.exchange, 'let the page post the token');
    if (!final) return 'go-on';
    const round = seen.exchange?.seq ?? 0;
    if (this.tokenSubmitted === round) return this.stop(seen);
    this.tokenSubmitted = round;
    await pressSubmit(await findFormParts(this.page)).catch(() => undefined); // without a button the page stays, and the next quiet moment says so
    return 'go-on';
  }

  /** CRM's shell is there: prove the session by CRM's API where it is on. */
  private async arrive({ recognition, snapshot, exchange }: Seen): Promise<Ending | 'signed-in'> {
    const { target, screenshots } = this.tools;
    this.shellAtMs = this.elapsed();
    if (target.api) this.whoAmI = await captureWhoAmI(this.page, organizationPath(target), whoAmITimeoutMs);
    this.pages.note(recognition, snapshot, exchange, 'arrived', await screenshots.take(snapshot.title || 'CRM'));
    if (!target.api) return 'signed-in';
    if (this.whoAmI?.ok) return unexpected(this.whoAmI, target) ?? 'signed-in';
    return { symptom: 'other', failedAt: 'crm-page', why: `CRM shows its shell, but WhoAmI ${this.whoAmI?.why}: half a sign-in counts as a failure.` };
  }

  private async stop({ recognition, snapshot, exchange, context }: Seen, ending?: Ending): Promise<Ending> {
    this.pages.note(recognition, snapshot, exchange, 'stopped', await this.tools.screenshots.take(snapshot.title || recognition.kind));
    return ending ?? endingAt(recognition, await this.progress(context.host, exchange), context.status);
  }

  private unknown(snapshot: PageSnapshot): Recognition {
    const fields = snapshot.fields.map((field) => `${field.name || field.id || 'unnamed'} (${field.type})`).join(', ') || 'none';
    const description = `title "${snapshot.title}", address ${this.tools.redactor.url(snapshot.url)}, form fields: ${fields}`;
    return { kind: 'unknown', recognisedBy: 'nothing', texts: { description, message: snapshot.text.slice(0, 500) } };
  }

  private async refusedEnding(): Promise<Ending> {
    this.credentials.refused('Windows sign-in was refused');
    const exchange = this.exchanges.last();
    if (exchange && !exchange.response) exchange.response = await Promise.race([exchange.request.response().catch(() => null), nothingAfter(1_000)]);
    const schemes = [...new Set(this.guard.challenges.map(({ scheme }) => scheme))].join(', ');
    const recognition: Recognition = { kind: 'sts-windows-challenge', recognisedBy: 'windows-challenge', texts: { challenges: schemes } };
    this.pages.note(recognition, emptySnapshot(exchange?.url ?? this.tools.target.stsOrigin), exchange, 'stopped');
    return endingAt(recognition, await this.progress('sts', exchange), 401);
  }

  private async failedEnding(request: Request): Promise<Ending | null> {
    const exchange = this.exchanges.of(request);
    const failure = exchange?.failure ?? request.failure()?.errorText ?? 'no answer';
    // Superseded by another navigation, or stopped by the guard, whose own moment says why.
    if (/ERR_ABORTED|ERR_BLOCKED_BY_CLIENT/.test(failure)) return null;
    const host = new URL(request.url()).hostname;
    const snapshot = emptySnapshot(request.url());
    const context = await this.contextOf(snapshot, exchange);
    // A 401 or 5xx without a body: the browser shows its own page and calls it a failure.
    const recognition = exchange?.response ? recognise(context) : null;
    if (recognition) return this.stop({ recognition, snapshot, exchange, context });
    const code = this.tools.connectFailure(host) ?? failure;
    const noAnswer: Recognition = { kind: 'no-answer', recognisedBy: 'network', texts: { failure: code } };
    this.pages.note(noAnswer, snapshot, exchange, 'stopped', await this.tools.screenshots.take(`No answer from ${host}`));
    return endingOfNetworkFailure(code, host, stageOf(exchange));
  }

  private async stoppedEnding(why: string): Promise<Ending> {
    if (!why.startsWith('loop')) return { symptom: 'other', failedAt: 'credentials', why: `Stopped for safety: ${why}.` };
    const { tokenPosts, sessionCookie } = await this.progress('sts', this.exchanges.last());
    const failedAt = tokenPosts === 0 ? 'crm-redirect' : sessionCookie ? 'crm-session' : 'token-post';
    await this.tools.screenshots.take('The page on screen when the loop was stopped');
    return { symptom: 'redirect-loop', failedAt, why: `Stopped a ${why}` };
  }

  private deadlineEnding(): Ending {
    const pending = this.exchanges.seen.findLast(({ response, failure }) => !response && !failure) ?? this.exchanges.last();
    const host = pending ? new URL(pending.url).host : this.tools.target.url;
    return {
      symptom: 'no-answer',
      failedAt: stageOf(pending),
      why: `The deadline of ${this.tools.target.deadlineMs / 1000} s passed while waiting for ${host}.`,
    };
  }

  private answerWindows(): ReturnType<Credentials['answerWindows']> {
    this.method = 'windows';
    const answer = this.credentials.answerWindows();
    if (answer.give) this.tools.say('Windows sign-in: credentials given');
    return answer;
  }

  private tokenLeaves(url: string): void {
    this.tools.say(`token posted to ${new URL(url).origin}`);
    void this.guard.watch('documents').catch(() => undefined); // the page may be gone already
  }

  private async contextOf(snapshot: PageSnapshot, exchange: SeenExchange | null): Promise<PageContext> {
    const status = exchange?.response?.status() ?? null;
    const asked = status === 401 ? ((await exchange?.response?.headerValues('www-authenticate').catch(() => [])) ?? []) : [];
    return {
      snapshot,
      status,
      host: this.traffic.hostOf(snapshot.url),
      challenges: asked.flatMap((value) => value.split('\n')).map((value) => value.split(/[\s,]/)[0] ?? ''),
      credentialsGiven: this.credentials.given,
      tokenPosted: this.traffic.tokenPosts > 0,
      selectorConfigured: this.tools.target.signedInSelector !== null,
    };
  }

  private async progress(host: PageContext['host'], exchange: SeenExchange | null): Promise<Progress> {
    const { seen } = this.exchanges;
    const { tokenPosts } = this.traffic;
    const lastPost = seen.findLast(({ step }) => step === 'token-post') ?? null;
    const credentialsPost = seen.find(({ step, method }) => step === 'credentials' && method === 'POST');
    return {
      credentialsGiven: this.credentials.given,
      credentialsTaken: tokenPosts > 0 || (credentialsPost?.response?.status() ?? 0) === 302,
      tokenPosts,
      sessionCookie: lastPost !== null && (await setsSessionCookie(lastPost)),
      answersTokenPost: exchange !== null && exchange === lastPost,
      host,
      withheld: this.credentials.withheld,
    };
  }

  /** The exchange that brought the document at this address: the last one answered there. */
  private exchangeOf(address: string): SeenExchange | null {
    const bare = (url: string): string => url.split('#')[0] ?? url;
    const answered = this.exchanges.seen.filter(({ response }) => response);
    return answered.findLast(({ url }) => bare(url) === bare(address)) ?? answered.at(-1) ?? null;
  }

  private record(outcome: Ending | 'signed-in'): JourneyRecord {
    const signedIn = outcome === 'signed-in';
    const who = signedIn && this.whoAmI?.ok ? this.whoAmI.userName : null;
    const why = signedIn ? `Signed in${who ? ` as ${who}` : ''}.` : outcome.why;
    this.tools.say(why);
    return {
      journey: {
        signedIn: signedIn ? 'yes' : outcome.failedAt === null ? 'unknown' : 'no',
        symptom: signedIn ? 'none' : outcome.symptom,
        failedAt: signedIn ? null : outcome.failedAt,
        why: this.tools.redactor.text(why),
        rounds: this.traffic.rounds,
        tokenPosts: this.traffic.tokenPosts,
        credentialSubmissions: this.credentials.submissions,
        windowsPrompts: this.guard.challenges.length || null,
        withheld: this.credentials.withheld,
        signedInAs: who,
      },
      method: this.method,
      pages: this.pages.visits,
      whoAmI: this.whoAmI,
      posted: this.traffic.posted,
      exchanges: this.exchanges,
      shellAtMs: this.shellAtMs,
    };
  }

  private elapsed(): number {
    return Math.round(performance.now() - this.tools.startedAt);
  }
}

/** The page on screen with what is known of it. */
interface Seen {
  readonly recognition: Recognition;
  readonly snapshot: PageSnapshot;
  readonly exchange: SeenExchange | null;
  readonly context: PageContext;
}

const whoAmITimeoutMs = 10_000;

/** The form is still there and nothing was posted: its own script refused what was typed. */
function notSubmitted({ texts, text }: PageSnapshot): Ending {
  const said = texts.errorText ?? text.slice(0, 200);
  const why = `The sign-in form did not submit the credentials; the page says: "${said}". Check the format of account.user (DOMAIN\\user or user@domain).`;
  return { symptom: 'other', failedAt: 'credentials', why };
}

/** Signed in, but not as `expect` says. */
function unexpected(who: Extract<NonNullable<RouteEvidence['whoAmI']>, { ok: true }>, { expect }: Target): Ending | null {
  const plain = (value: string): string => value.replace(/[{}]/g, '').toLowerCase();
  if (expect.user && who.userName && plain(who.userName) !== plain(expect.user))
    return { symptom: 'other', failedAt: 'crm-page', why: `Signed in as ${who.userName}, expected ${expect.user}.` };
  if (expect.organization && who.organizationId && plain(who.organizationId) !== plain(expect.organization))
    return { symptom: 'other', failedAt: 'crm-page', why: `Signed in to organisation ${who.organizationId}, expected ${expect.organization}.` };
  return null;
}

function stageOf(exchange: SeenExchange | null): NonNullable<Ending['failedAt']> {
  return exchange && exchange.step !== 'other' && exchange.step !== 'sign-out' ? exchange.step : 'crm-redirect';
}

/** '/Contoso' of https://internalcrm.contoso.com/Contoso/main.aspx; '' for host-based organisations. */
function organizationPath({ url }: Target): string {
  const folders = new URL(url).pathname.split('/').slice(1, -1).filter(Boolean);
  return folders.length > 0 ? `/${folders[0]}` : '';
}

function emptySnapshot(url: string): PageSnapshot {
  return {
    url,
    title: '',
    text: '',
    texts: {},
    hooks: [],
    fields: [],
    visiblePasswordFields: 0,
    formAction: null,
    carriesToken: false,
    selectorFound: false,
    metaRefresh: false,
  };
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ms).unref();
  });
}
