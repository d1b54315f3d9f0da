import type { CDPSession, Page } from 'playwright';
import type { PasswordAnswer } from './answer-to-password';
import type { Screenshots } from '../captures/screenshots';
import type { Credentials } from './credentials';
import { complaintOf, type Ending } from './endings';
import type { Guard } from '../guard/guard';
import type { Moments } from './next-event';
import type { PageLog } from './page-log';
import type { Seen } from './page-reader';
import { findFormControls, pressSubmit, typeInto } from '../page-actions/form-controls';
import { backFromOtherUser } from '../page-actions/other-user';
import type { PageFacts } from '../../pages/page-facts';
import { readPage } from '../page-actions/page-reading';
import { userNameField } from '../../pages/sign-in-form';
import type { Traffic } from '../captures/traffic';

export interface FormSignInTools {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly guard: Guard;
  readonly moments: Moments;
  readonly traffic: Traffic;
  readonly credentials: Credentials;
  readonly pages: PageLog;
  readonly screenshots: Screenshots;
  readonly say: (text: string) => void;
  /** POSTs to the STS so far, by forms or scripts. */
  readonly stsPosts: () => number;
  readonly answer: PasswordAnswer;
  /** seq of the latest document request. */
  readonly lastSeq: () => number;
}

/**
 * What to do with a sign-in form: `go-on`, or stop on this page with what is known of it now, or with this ending. `action`:
 * what the page's visit says was done.
 */
export type FormOutcome = 'go-on' | { readonly stop: Seen; readonly ending?: Ending; readonly action?: string };

/** A user name may be asked for on one page and refined on the next; more is going round in circles. */
const mostUserNamePages = 3;
const loadWithinMs = 1_500;

/** Fills in the sign-in form, once. Tells a form that is still being worked on from one that came again. */
export class FormSignIn {
  private typedInto: { readonly documentId: number; readonly text: string; readonly stsPosts: number } | null = null;
  private readonly userNames: { readonly documentId: number; readonly field: string; readonly text: string }[] = [];
  private wentBack = false;

  constructor(private readonly tools: FormSignInTools) {}

  async act(seen: Seen, final: boolean): Promise<FormOutcome> {
    if (this.tools.credentials.given) return this.cameAgain(seen, final);
    const field = userNameField(seen.context);
    return field ? this.giveUserName(seen, field.name || field.id, final) : this.giveCredentials(seen);
  }

  private async cameAgain(seen: Seen, final: boolean): Promise<FormOutcome> {
    const { credentials, traffic, stsPosts } = this.tools;
    const typed = this.typedInto;
    // A form that is still the one typed into may be worked on; a user name that is asked for elsewhere is asked for again.
    if (typed && typed.documentId === seen.facts.documentId && traffic.tokenPosts === 0) {
      if (!final) return 'go-on';
      if (stsPosts() === typed.stsPosts) return { stop: seen, ending: notSubmitted(seen) };
    }
    if (traffic.tokenPosts === 0 && !(await this.tools.answer.accepted())) credentials.refused('the sign-in form came again');
    return { stop: typed ? withNewText(seen, typed.text) : seen };
  }

  private async giveUserName(seen: Seen, field: string, final: boolean): Promise<FormOutcome> {
    const { documentId, text } = seen.facts;
    const latest = this.userNames.at(-1);
    const again = this.userNames.find((one) => one.field === field);
    if (latest?.documentId === documentId && !final) return 'go-on';
    if (again || this.userNames.length >= mostUserNamePages) {
      const stop = withNewText(seen, (again ?? latest)?.text ?? '');
      const complaint = complaintOf(stop.recognition);
      const why = `The STS asks for the user name again after it was given${complaint ? `: "${complaint}"` : ''}. Check account.user.`;
      return { stop, ending: { symptom: 'repeated-prompt', failedAt: 'credentials', why } };
    }
    if (!this.tools.credentials.mayType(seen.facts)) return { stop: seen };
    this.userNames.push({ documentId, field, text });
    await this.fill(seen, false);
    return 'go-on';
  }

  private async giveCredentials(seen: Seen): Promise<FormOutcome> {
    if (!this.tools.credentials.mayType(seen.facts)) return { stop: seen };
    if (!this.wentBack && (await backFromOtherUser(this.tools.page, this.tools.credentials.user))) {
      this.wentBack = true;
      this.tools.pages.note(seen.recognition, seen.facts, seen.exchange, "went back from another user's name");
      this.tools.moments.acted();
      return 'go-on';
    }
    if (await this.fill(seen, true)) return 'go-on';
    return this.tools.credentials.withheld === null ? { stop: seen, ending: notTypeable(seen) } : { stop: seen };
  }

  /** False when the fields could not be typed into. */
  private async fill(seen: Seen, withPassword: boolean): Promise<boolean> {
    const { page, guard, pages, screenshots, moments, say } = this.tools;
    // Scripts that take the form over come with the rest of the page.
    if (!seen.facts.complete) await page.waitForLoadState('load', { timeout: loadWithinMs }).catch(() => undefined);
    const shot = await screenshots.take(`${seen.facts.title || 'Sign-in form'} (before ${withPassword ? 'the credentials are' : 'the user name is'} typed)`);
    if (withPassword) guard.passwordStands();
    const typed = await this.type(withPassword);
    pages.note(seen.recognition, seen.facts, seen.exchange, withPassword ? 'typed the credentials' : 'typed the user name', shot);
    if (!typed) return false;
    moments.acted();
    // Found anew: a button may only come alive once the fields are filled.
    await pressSubmit(await findFormControls(page));
    moments.acted();
    say(withPassword ? 'sign-in form: credentials submitted' : 'sign-in form: user name submitted');
    return true;
  }

  private async type(withPassword: boolean): Promise<boolean> {
    const { page, cdp, credentials } = this.tools;
    let password: string | null = null;
    // Twice at most: a page that draws itself anew while it is typed into loses the first.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { user } = await findFormControls(page);
      const userTyped = user ? await typeInto(page, cdp, user, credentials.user) : true;
      if (!withPassword) {
        if (userTyped) return true;
        continue;
      }
      // Looked at again at the last moment: a script may have drawn the form anew, or sent it elsewhere, since the user name was typed.
      const { password: field } = await findFormControls(page);
      if (!field) continue;
      const now = await readPage(page, null);
      if (!now || !(password === null ? credentials.mayType(now) : credentials.mayTypeOn(now))) return false;
      if (password === null) await this.tools.answer.typing(now.documentId);
      password ??= this.submitting(now);
      if (password === null) return false;
      const passwordTyped = await typeInto(page, cdp, field, password);
      if (passwordTyped && userTyped) return true;
    }
    return withPassword ? password !== null : true;
  }

  /** From here on the password counts as submitted: a page may send it by itself. */
  private submitting({ documentId, text }: PageFacts): string | null {
    this.typedInto = { documentId, text, stsPosts: this.tools.stsPosts() };
    return this.tools.credentials.begin(this.tools.lastSeq());
  }
}

/** The form is still there and nothing was posted: its own script refused what was typed. */
function notSubmitted({ recognition, facts }: Seen): Ending {
  const complaint = complaintOf(recognition);
  if (!complaint) {
    const why =
      `The sign-in form did not submit the credentials, and the page does not say why: the probe may not have found what submits it. ` +
      `The page says: "${facts.text.slice(0, 200)}".`;
    return { symptom: 'other', failedAt: null, why };
  }
  const why = `The sign-in form did not submit the credentials; the page says: "${complaint}". Check the format of account.user (DOMAIN\\user or user@domain).`;
  return { symptom: 'other', failedAt: 'credentials', why };
}

function notTypeable({ context }: Seen): Ending {
  return {
    symptom: 'other',
    failedAt: 'credentials',
    why:
      `The fields of the sign-in form at ${new URL(context.facts.url).host} could not be typed into: ` +
      `something lies over them, or a script takes the focus away.`,
  };
}

/** The words a form has now that it had not before, where it has no element for them. */
function withNewText(seen: Seen, before: string): Seen {
  const [now, then] = [seen.facts.text.split(' '), before.split(' ')];
  let start = 0;
  while (start < now.length && now[start] === then[start]) start++;
  let end = 0;
  while (end < Math.min(now.length, then.length) - start && now.at(-1 - end) === then.at(-1 - end)) end++;
  const added = now
    .slice(start, now.length - end)
    .join(' ')
    .trim();
  if (!before || added.length < 3) return seen;
  return { ...seen, recognition: { ...seen.recognition, texts: { ...seen.recognition.texts, newText: added.slice(0, 300) } } };
}
