import type { CDPSession, Page, Request } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { Method } from '../../contracts/words';
import { PasswordAnswer } from './answer-to-password';
import { endingAtPublicPage, proveArrival } from './arrival';
import { captureExchanges, type ExchangeCapture, type ExchangeStep } from '../captures/exchanges';
import type { Screenshots } from '../captures/screenshots';
import { Credentials } from './credentials';
import { DeadEnds } from './dead-ends';
import { type Ending, endingAt } from './endings';
import { FormSignIn, type FormOutcome } from './form-sign-in';
import { FurtherQuestions } from './further-questions';
import { type Challenge, Guard } from '../guard/guard';
import { Interludes } from './passing-pages';
import { type JourneyRecord, recordOf } from './journey-record';
import { Moments } from './next-event';
import { BrowserLost } from '../browser/hanging-browser';
import { closeSideDoors, closeWindows } from '../guard/no-side-doors';
import type { TotpKey } from '../secrets/one-time-codes';
import { configuredHosts, localNetworkRule } from '../network/local-network';
import type { Lookup } from '../network/lookup';
import { PageLog } from './page-log';
import { PageReader, type Seen } from './page-reader';
import { defaultPageLimits, watchLimits } from '../browser/page-limits';
import { pressTokenButton } from '../page-actions/form-controls';
import { readPage } from '../page-actions/page-reading';
import type { PasswordSearch } from '../guard/password-search';
import type { Redactor } from '../redaction/redact';
import type { SubmitOnce } from '../account-state/submit-once';
import { originOf, Traffic } from '../captures/traffic';

export type { JourneyRecord } from './journey-record';

/** What a journey is given besides the page. */
export interface JourneyTools {
  /** To the browser as a whole. */
  readonly browserSession: CDPSession;
  /** Ends the browser at once. */
  readonly killBrowser: () => void;
  readonly target: Target;
  readonly redactor: Redactor;
  readonly submitOnce: SubmitOnce;
  readonly screenshots: Screenshots;
  /** The account's password, or null with `windows: current`. */
  readonly password: string | null;
  /** Finds the password in what a request carries; null without one. */
  readonly passwordSearch: PasswordSearch | null;
  /** The account's authenticator (account.totp), or null. */
  readonly totp: TotpKey | null;
  readonly proxyCredentials: { readonly username: string; readonly password: string } | null;
  /** Gives a request to this address a connection of its own, until what it returns is called; null where no local proxy can. */
  readonly alone: ((url: string) => () => void) | null;
  readonly deadline: AbortSignal;
  /** performance.now() at the start. */
  readonly startedAt: number;
  /** How names of hosts that are not configured are judged; with a local proxy, the one it dials by. */
  readonly lookup: Lookup;
  /** Why the local proxy could not reach a host, e.g. ENOTFOUND; null without a proxy or a failure. */
  readonly connectFailure: (host: string) => string | null;
  /** One line per step, for people watching. */
  readonly say: (text: string) => void;
}

/** Signs in by recognising each page it meets and acting on it, until signed in or stuck. It records, it never judges. */
export async function runJourney(page: Page, tools: JourneyTools): Promise<JourneyRecord> {
  const journey = await prepared(page, tools);
  return journey.run();
}

async function prepared(page: Page, tools: JourneyTools): Promise<Journey> {
  try {
    const journey = new Journey(page, await page.context().newCDPSession(page), tools);
    await journey.prepare();
    return journey;
  } catch (error) {
    throw new BrowserLost(`The browser went away before the sign-in began: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}.`);
  }
}

type Outcome = Ending | 'signed-in' | 'go-on';

class Journey {
  private readonly moments: Moments;
  private readonly traffic: Traffic;
  private readonly credentials: Credentials;
  private readonly pages: PageLog;
  private exchanges!: ExchangeCapture;
  private guard!: Guard;
  private reader!: PageReader;
  private form!: FormSignIn;
  private answer!: PasswordAnswer;
  private questions!: FurtherQuestions;
  private interludes!: Interludes;
  private deadEnds!: DeadEnds;
  private method: Method | null = null;
  private whoAmI: RouteEvidence['whoAmI'] = null;
  private shellAtMs: number | null = null;
  /** POSTs to the STS of any kind: a form that signs in by script makes no new document. */
  private stsPosts = 0;
  private dialogText: string | null = null;
  private onScreen: Seen | null = null;
  private onScreenSince = 0;
  private unwatchLimits: () => void = () => undefined;
  private letWindowsOpen: () => void = () => undefined;
  private tokenButtonTriedOn: number | null = null;

  constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly tools: JourneyTools,
  ) {
    const { target, deadline, password, submitOnce, redactor, startedAt } = tools;
    this.traffic = new Traffic(target);
    this.credentials = new Credentials(target, password, submitOnce);
    this.pages = new PageLog(redactor, startedAt);
    this.moments = new Moments(page, deadline, {
      tokenPosted: () => this.traffic.tokenPosts > 0,
      answerMatters: (request) => this.credentials.given && this.isStsPost(request) && ['xhr', 'fetch'].includes(request.resourceType()),
    });
  }

  async run(): Promise<JourneyRecord> {
    const { page, tools } = this;
    tools.say(`opening ${tools.target.url}`);
    page.goto(tools.target.url, { waitUntil: 'commit', timeout: 0 }).catch(() => undefined); // its failure comes as a moment
    const end = await this.travel();
    const outcome = this.credentials.concluded(end, await this.answer.known(this.onScreen));
    this.moments.dispose();
    this.unwatchLimits();
    this.letWindowsOpen();
    const { traffic, credentials, guard, pages, exchanges, method, whoAmI, shellAtMs } = this;
    // Secrets first, so that the sentence about the end cannot carry them.
    await exchanges.registered();
    for (const value of (await readPage(page, null))?.hidden ?? []) tools.redactor.add(value, value.startsWith('<') ? 'token' : 'other');
    for (const { value } of await page
      .context()
      .cookies()
      .catch(() => []))
      tools.redactor.add(value, 'cookie');
    const record = recordOf(outcome, { traffic, credentials, guard, pages, exchanges, redactor: tools.redactor, method, whoAmI, shellAtMs });
    tools.say(record.journey.why);
    return record;
  }

  async prepare(): Promise<void> {
    const { page, cdp, tools, traffic, moments, credentials, pages } = this;
    this.exchanges = await captureExchanges(page, cdp, tools.redactor, tools.startedAt, (request) =>
      traffic.stepOf(request, credentials.given, (previous) => this.exchanges.of(previous)?.step ?? null),
    );
    this.reader = new PageReader(page, tools.target, tools.redactor, this.exchanges, traffic, credentials);
    this.deadEnds = new DeadEnds({ ...tools, page, exchanges: this.exchanges, reader: this.reader, pages });
    await closeSideDoors(page, tools.target.stsOrigin);
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const { browserSession } = tools;
    this.unwatchLimits = await watchLimits(cdp, browserSession, defaultPageLimits, (why) => moments.push({ kind: 'stopped', reason: 'address', why }));
    this.guard = await Guard.start(cdp, browserSession, {
      mainFrameId: frameTree.frame.id,
      stsOrigin: tools.target.stsOrigin,
      configuredHosts: configuredHosts(tools.target),
      search: tools.passwordSearch,
      alone: tools.alone,
      proxyCredentials: tools.proxyCredentials,
      windowsAnswer: () => this.answerWindows(),
      localObjection: localNetworkRule(tools.target, tools.lookup),
      beforeDocument: (request) => {
        const posts = traffic.tokenPosts;
        const stop = traffic.before(request);
        if (traffic.tokenPosts > posts) this.tokenLeaves(request.url);
        return stop;
      },
    });
    this.guard.on('stopped', ({ reason, why }) => moments.push({ kind: 'stopped', reason, why }));
    this.guard.on('challenge', (challenge) => this.onChallenge(challenge));
    this.answer = new PasswordAnswer({ page, stsOrigin: tools.target.stsOrigin, credentials, exchanges: () => this.exchanges });
    this.form = new FormSignIn({
      ...tools,
      page,
      cdp,
      guard: this.guard,
      moments,
      traffic,
      credentials,
      pages,
      stsPosts: () => this.stsPosts,
      answer: this.answer,
      lastSeq: () => this.exchanges.last()?.seq ?? 0,
    });
    this.interludes = new Interludes({ ...tools, page, stsOrigin: tools.target.stsOrigin, credentials, traffic, moments, pages });
    this.questions = new FurtherQuestions({ ...tools, page, cdp, moments, pages });
    page.on('dialog', (dialog) => {
      this.dialogText = tools.redactor.text(dialog.message()) || this.dialogText;
      // What a person would press to go on; there is nothing to say to a prompt.
      void (dialog.type() === 'prompt' ? dialog.dismiss() : dialog.accept()).catch(() => undefined);
    });
    this.letWindowsOpen = closeWindows(page);
    page.on('request', (request) => {
      if (this.isStsPost(request)) this.stsPosts += 1;
    });
  }

  private async travel(): Promise<Ending | 'signed-in'> {
    for (;;) {
      const moment = await this.moments.next();
      switch (moment.kind) {
        case 'deadline':
          return this.questions.waitedInVain() ?? this.deadEnds.deadline();
        case 'gone':
          return { symptom: 'other', failedAt: null, why: `The probe could not go on: ${moment.why}.` };
        case 'stopped':
          return this.deadEnds.stopped(moment);
        case 'refused':
          this.credentials.refused('Windows sign-in was refused');
          return this.deadEnds.refused([...new Set(this.guard.challenges.map(({ scheme }) => scheme))]);
        case 'failed': {
          const end = await this.deadEnds.failed(moment.request);
          if (end) return 'facts' in end ? this.stop(end) : end;
          break;
        }
        default: {
          if (moment.kind === 'changed' && this.moments.documentPending) break; // about to be replaced
          const final = moment.kind === 'quiet';
          // A page that is replaced while it is looked at fails the look; the next moment is its successor's.
          const look = this.look(final).catch(async (): Promise<Outcome> => (final ? this.notReadable() : 'go-on'));
          const outcome = await Promise.race([look, this.moments.ended.then((): 'go-on' => 'go-on')]);
          if (outcome !== 'go-on') return outcome;
        }
      }
    }
  }

  /** Reads the page on screen and acts on it. `final`: nothing more is going to happen by itself. */
  private async look(final: boolean): Promise<Outcome> {
    const missing = final ? await this.deadEnds.missingPage(this.onScreen?.exchange ?? null) : null;
    if (missing) return missing;
    const seen = await this.reader.read(final);
    if (!seen) return final ? this.notReadable() : 'go-on';
    if (this.onScreen?.facts.documentId !== seen.facts.documentId) this.onScreenSince = performance.now();
    this.onScreen = seen;
    this.deadEnds.readable();
    switch (seen.recognition.kind) {
      case 'unknown':
        return final && !this.refreshesSoon(seen) ? this.passBy(seen) : 'go-on';
      case 'sts-working':
        return this.letTokenLeave(seen, final);
      case 'sts-forms':
        return this.signIn(seen, final);
      case 'sts-home-realm':
        return this.passRealm(seen, final);
      case 'sts-mfa':
        return this.goOn(await this.questions.giveCode(seen, final));
      case 'crm-shell':
        return this.arrive(seen, final);
      default:
        return this.stop(seen);
    }
  }

  private async notReadable(): Promise<Outcome> {
    return (await this.deadEnds.notReadable()) ?? 'go-on';
  }

  /** A page nobody knows: gone on from where that is harmless; before it counts as the end, its scripts get their time. */
  private async passBy(seen: Seen): Promise<Outcome> {
    const late = !this.mayMoveOn(seen);
    const outcome = await this.interludes.act(seen, late);
    return outcome !== 'go-on' && !late ? 'go-on' : this.goOn(outcome);
  }

  private async signIn(seen: Seen, final: boolean): Promise<Outcome> {
    this.method ??= 'forms';
    return this.goOn(await this.form.act(this.withDialog(seen), final));
  }

  /** Where the configuration names no realm, a script of the page may choose one after a while. */
  private async passRealm(seen: Seen, final: boolean): Promise<Outcome> {
    const waits = this.tools.target.realm == null && seen.facts.scripted && this.onScreenForMs() < realmPageMs;
    return waits ? 'go-on' : this.goOn(await this.questions.chooseRealm(seen, final));
  }

  private goOn(outcome: FormOutcome): 'go-on' | Promise<Ending> {
    return outcome === 'go-on' ? 'go-on' : this.stop(outcome.stop, outcome.ending, outcome.action);
  }

  /** The page posts the token by its own script; where scripts do not do it, its button does. */
  private async letTokenLeave(seen: Seen, final: boolean): Promise<Outcome> {
    const { documentId } = seen.facts;
    this.pages.note(seen.recognition, seen.facts, seen.exchange, 'let the page post the token');
    if (!final) return 'go-on';
    const pressed = this.tokenButtonTriedOn !== documentId && (await pressTokenButton(this.page));
    this.tokenButtonTriedOn = documentId;
    if (pressed) this.moments.acted();
    return pressed || this.onScreenForMs() < tokenPageMs ? 'go-on' : this.stop(seen);
  }

  /** The proof of a sign-in is on screen: make sure of it by CRM's API where that is on. */
  private async arrive(seen: Seen, final: boolean): Promise<Outcome> {
    const { recognition, facts, exchange } = seen;
    const { target, screenshots } = this.tools;
    if (!target.api && !this.stsVisited()) return final ? this.stop(seen, endingAtPublicPage(facts.url)) : 'go-on';
    this.shellAtMs = Math.round(performance.now() - this.tools.startedAt);
    const { whoAmI, outcome } = await proveArrival(this.page, target);
    this.whoAmI = whoAmI;
    this.pages.note(recognition, facts, exchange, 'arrived', await screenshots.take(facts.title || 'CRM'));
    return outcome;
  }

  private async stop(seen: Seen, ending?: Ending, action = 'stopped'): Promise<Ending> {
    const { recognition, facts, exchange, context } = seen;
    const shot = await this.tools.screenshots.take(facts.title || recognition.kind);
    this.pages.note(recognition, facts, exchange, action, shot);
    const found = ending ?? endingAt(recognition, await this.reader.progress(context.host, exchange), context.status);
    const refused = context.host === 'sts' && found.failedAt === 'credentials' && context.status !== null && context.status >= 400 && context.status < 500;
    if (refused) this.credentials.refused(`it answered ${context.status}`);
    return found;
  }

  private onChallenge({ answer, scheme }: Challenge): void {
    if (answer === 'other-origin') return;
    this.method = 'windows';
    const asked = this.exchanges.last();
    if (answer === 'given' && asked) asked.authorization = scheme;
    if (answer === 'refused-again' || answer === 'withheld') this.moments.push({ kind: 'refused' });
  }

  private answerWindows(): ReturnType<Credentials['answerWindows']> {
    this.method = 'windows';
    const answer = this.credentials.answerWindows(this.exchanges.last()?.seq ?? 0);
    if (answer.give) this.tools.say('Windows sign-in: credentials given');
    return answer;
  }

  private tokenLeaves(url: string): void {
    // At once: a sign-in that is cut short from here on has its password accepted all the same.
    this.credentials.proven();
    this.tools.say(`token posted to ${new URL(url).origin}`);
    this.guard.tokenLeft();
  }

  private isStsPost(request: Request): boolean {
    return request.method() === 'POST' && originOf(request.url()) === this.tools.target.stsOrigin;
  }

  private stsVisited(): boolean {
    return this.credentials.given || this.traffic.tokenPosts > 0 || this.exchanges.seen.some(({ step }) => stepsAtSts.includes(step));
  }

  private onScreenForMs(): number {
    return performance.now() - this.onScreenSince;
  }

  private refreshesSoon({ facts: { refreshSeconds } }: Seen): boolean {
    return refreshSeconds !== null && refreshSeconds <= longestRefreshSeconds && this.onScreenForMs() < refreshSeconds * 1000 + 1_000;
  }

  private mayMoveOn({ facts: { scripted } }: Seen): boolean {
    const onTheWay = this.credentials.given || this.traffic.tokenPosts > 0;
    return scripted && onTheWay && this.onScreenForMs() < scriptedPageMs;
  }

  private withDialog(seen: Seen): Seen {
    if (this.dialogText === null) return seen;
    return { ...seen, recognition: { ...seen.recognition, texts: { ...seen.recognition.texts, dialogText: this.dialogText } } };
  }
}

/** How long a page with a token may take to post it by its own script. */
const tokenPageMs = 6_000;
/** How long the page that asks for the home realm may take to choose one by its own script. */
const realmPageMs = 3_000;
/** How long a page with scripts behind the password may take to go on by itself. */
const scriptedPageMs = 4_000;
/** A page that says it will be replaced later than this is final. */
const longestRefreshSeconds = 10;
const stepsAtSts: readonly ExchangeStep[] = ['sts-page', 'credentials', 'token-issue'];
