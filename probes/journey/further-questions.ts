import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright';
import type { Target } from '../../contracts/target';
import type { Ending } from './endings';
import type { FormOutcome } from './form-sign-in';
import type { Moments } from './next-event';
import { oneTimeCode, stepAt, type TotpKey } from '../secrets/one-time-codes';
import type { PageLog } from './page-log';
import type { Redactor } from '../redaction/redact';
import type { Seen } from './page-reader';
import { chooseRealm } from '../page-actions/choose-realm';
import { codeField, giveCode } from '../page-actions/one-time-code';
import type { SubmitOnce } from '../account-state/submit-once';
import { originOf } from '../captures/traffic';

export interface FurtherQuestionTools {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly target: Target;
  /** The account's authenticator; null without one. */
  readonly totp: TotpKey | null;
  readonly submitOnce: SubmitOnce;
  readonly redactor: Redactor;
  readonly moments: Moments;
  readonly pages: PageLog;
  readonly deadline: AbortSignal;
  readonly say: (text: string) => void;
}

/** Answers what the STS asks besides user name and password, each question once: the home realm and a one-time code, where the configuration has the answer. */
export class FurtherQuestions {
  private realmChosenOn: number | null = null;
  private codeGivenOn: number | null = null;

  private waiting: { readonly on: Seen; readonly ending: Ending } | null = null;

  constructor(private readonly tools: FurtherQuestionTools) {}

  /** How the journey ends where its time is up while it waits for a code's time to come; null: it does not wait. */
  waitedInVain(): Ending | null {
    if (!this.waiting) return null;
    const { recognition, facts, exchange } = this.waiting.on;
    this.tools.pages.note(recognition, facts, exchange, keptBack);
    return this.waiting.ending;
  }

  /** Home realm discovery (field guide §7.4). */
  async chooseRealm(seen: Seen, final: boolean): Promise<FormOutcome> {
    const { page, target, moments, pages, say } = this.tools;
    const { facts, recognition, exchange } = seen;
    if (this.realmChosenOn !== null)
      return this.answered(seen, this.realmChosenOn, final, stillAsked('for the home realm', `"${target.realm}" was chosen`, 'sts-page'));
    const { chosen, offered } = await chooseRealm(page, target.realm ?? null);
    const texts = { ...recognition.texts, offered: offered.join(', ') };
    if (!chosen) return { stop: { ...seen, recognition: { ...recognition, texts } }, ending: notOffered(target.realm ?? null, offered) };
    this.realmChosenOn = facts.documentId;
    moments.acted();
    pages.note({ ...recognition, texts }, facts, exchange, 'chose the home realm');
    say(`home realm: ${target.realm} chosen`);
    return 'go-on';
  }

  /** Additional authentication (field guide §7.7); only a one-time code can be answered. */
  async giveCode(seen: Seen, final: boolean): Promise<FormOutcome> {
    const { page, cdp, target, totp, moments, pages, deadline, submitOnce, redactor, say } = this.tools;
    const { facts, recognition, exchange } = seen;
    if (this.codeGivenOn !== null)
      return this.answered(seen, this.codeGivenOn, final, stillAsked('for additional authentication', 'a one-time code was given', 'token-issue'));
    const field = codeField(facts);
    const posts = originOf(facts.formAction ?? facts.url);
    if (!totp || !field || originOf(facts.url) !== target.stsOrigin || posts !== target.stsOrigin) return { stop: seen };
    // A code counts once: another route or run may just have used this step's.
    const allowed = await submitOnce.codeStep(target.stsOrigin, totp.bytes, stepAt(totp, Date.now()));
    if (!allowed.ok) return { stop: seen, ending: withoutCode(`it was ${allowed.why}`), action: keptBack };
    const validFrom = allowed.step * totp.periodSeconds * 1000;
    const tooLate = withoutCode(`the next one that was not given before is valid from ${new Date(validFrom).toISOString()}, after this sign-in's deadline`);
    this.waiting = { on: seen, ending: tooLate };
    await wait(Math.max(0, validFrom - Date.now()), undefined, { signal: deadline }).catch(() => undefined);
    if (deadline.aborted) return { stop: seen, ending: tooLate, action: keptBack };
    this.waiting = null;
    this.codeGivenOn = facts.documentId;
    const code = oneTimeCode(totp, allowed.step);
    redactor.add(code, 'code');
    const given = await giveCode(page, cdp, field, code);
    moments.acted();
    pages.note(recognition, facts, exchange, 'typed a one-time code');
    say('additional authentication: one-time code given');
    return given ? 'go-on' : { stop: seen };
  }

  /** The page that was answered is still there, or has come again. */
  private answered(seen: Seen, on: number, final: boolean, ending: Ending): FormOutcome {
    return seen.facts.documentId === on && !final ? 'go-on' : { stop: seen, ending };
  }
}

/** What a rule of the diagnosis must know of such a page (mfa-required-for-probe). */
const keptBack = 'kept its one-time code back';

/** No fault of the servers: the probe cannot tell. */
function withoutCode(because: string): Ending {
  return { symptom: 'other', failedAt: null, why: `The STS asks for additional authentication. Each one-time code is given once: ${because}.` };
}

function stillAsked(forWhat: string, although: string, failedAt: 'sts-page' | 'token-issue'): Ending {
  const check = failedAt === 'sts-page' ? 'Check account.realm.' : "Check account.totp, and the probe machine's clock.";
  return { symptom: 'repeated-prompt', failedAt, why: `The STS asks ${forWhat} although ${although}. ${check}` };
}

function notOffered(realm: string | null, offered: readonly string[]): Ending {
  const names = offered.map((name) => `"${name}"`).join(', ') || 'nothing that can be read';
  const wanted = realm === null ? 'account.realm is not set in the configuration' : `"${realm}" (account.realm) is not among them`;
  return {
    symptom: 'other',
    failedAt: 'sts-page',
    why: `The STS asks which organisation the user belongs to (home realm discovery). It offers ${names}; ${wanted}.`,
  };
}
