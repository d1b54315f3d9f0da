import type { Parked } from '../../contracts/kept-state';
import type { Target } from '../../contracts/target';
import type { AccountAtSts } from '../account-state/parked-accounts';
import type { Ending } from './endings';
import type { WindowsAnswer } from '../guard/guard';
import type { PageFacts } from '../../pages/page-facts';
import type { Permission, SubmitOnce } from '../account-state/submit-once';
import { originOf } from '../captures/traffic';

/** What is known, at the end of a journey, of the answer to the password. */
export interface AnswerToPassword {
  /** A token left, or the STS made a session: nothing less proves that it took the password. */
  readonly accepted: boolean;
  /** A token left, whoever it was issued to. */
  readonly tokenLeft: boolean;
  /** What the STS did that refuses a password, e.g. "the sign-in form came again"; null where it did nothing of the kind. */
  readonly refusal: string | null;
  /** Nothing left the browser since it was typed. */
  readonly neverLeft: boolean;
}

/** The account of one journey: whether it may be given now, whether it was, and why not. */
export class Credentials {
  given = false;
  submissions = 0;
  /** seq of the last document request before the password was given; what the STS answers to it comes later. */
  givenAfter = 0;
  /** Why the credentials were not given although somebody asked. */
  withheld: string | null = null;
  /** What an earlier submission came to, where that is why they were not given. */
  parked: Parked | null = null;
  private refusal: string | null = null;
  /** It was the probe that kept them back: that says nothing about the STS. */
  private heldBack = false;

  constructor(
    private readonly target: Target,
    private readonly password: string | null,
    private readonly submitOnce: SubmitOnce,
  ) {}

  get user(): string {
    return this.target.account.kind === 'password' ? this.target.account.user : '';
  }

  /** Whether the form on screen may be given the password; `withheld` says why not. */
  mayType(facts: PageFacts): boolean {
    this.withheld = this.misplaced(facts) ?? this.permission((account, password) => this.submitOnce.mayGive(account, password));
    return this.withheld === null;
  }

  /** Whether the submission that has begun may go on: only where the form is and where it posts to can have changed. */
  mayTypeOn(facts: PageFacts): boolean {
    this.withheld = this.misplaced(facts);
    return this.withheld === null;
  }

  /** The answer to the STS's Windows challenge; asked once. */
  answerWindows(lastSeq: number): WindowsAnswer {
    const password = this.begin(lastSeq);
    return password === null ? { give: false, why: this.withheld ?? '' } : { give: true, user: this.user, password };
  }

  /** Notes a submission before it leaves; returns what to type, or null where it may not be given after all (`withheld` says why). */
  begin(lastSeq = 0): string | null {
    const { lockoutWindowMinutes } = this.target;
    this.withheld = this.permission((account, password) => this.submitOnce.begin(account, password, this.target, lockoutWindowMinutes));
    if (this.withheld !== null || this.password === null) return null;
    this.given = true;
    this.givenAfter = lastSeq;
    this.submissions += 1;
    return this.password;
  }

  /** Notes that the STS refused the account: it is at once known to every other sign-in. */
  refused(how: string): void {
    if (!this.given || this.refusal !== null) return;
    this.refusal = how;
    this.submitOnce.refused(this.account(), this.password ?? '', how);
  }

  /** Notes that the STS took the password: a token leaves. */
  proven(): void {
    if (this.given) this.submitOnce.taken(this.account(), this.password ?? '');
  }

  /**
   * Draws the consequences of the journey's end for the account. A password that was given and is not proven to be accepted keeps its account parked, whatever
   * the end was. Returns the end; where only the parked account kept the journey from going on, that is what the earlier submission found, or "could not tell".
   */
  concluded<End extends Ending | 'signed-in'>(end: End, { accepted, tokenLeft, refusal, neverLeft }: AnswerToPassword): End | Ending {
    const { target, submitOnce } = this;
    if (!this.given) {
      if (target.account.kind === 'password' && (end === 'signed-in' || tokenLeft)) return notTested(end);
      return this.heldBack && end !== 'signed-in' && end.failedAt === 'credentials' ? endingOfHeldBack(this.parked, this.withheld ?? '', target) : end;
    }
    const password = this.password ?? '';
    if (accepted || end === 'signed-in') submitOnce.taken(this.account(), password);
    else if (this.refusal !== null || refusal !== null) submitOnce.refused(this.account(), password, this.refusal ?? refusal ?? '');
    else if (neverLeft) submitOnce.notSent(this.account(), password);
    else submitOnce.unclear(this.account(), password, `the sign-in ended at ${end.failedAt ?? 'an unknown stage'} (${end.symptom})`);
    return end;
  }

  private misplaced(facts: PageFacts): string | null {
    const { stsOrigin } = this.target;
    const place = originOf(facts.url) ?? facts.url;
    if (place !== stsOrigin) return `not given: the form is at ${place}, and only ${stsOrigin} (the configured sts) may be given the password`;
    const goal = originOf(facts.formAction ?? facts.url) ?? facts.formAction;
    if (goal !== stsOrigin) return `not given: the form would post to ${goal}, and only ${stsOrigin} (the configured sts) may be given the password`;
    return null;
  }

  private permission(ask: (account: AccountAtSts, password: string) => Permission): string | null {
    if (this.password === null) return 'not given: the account is the current Windows account, which has no password to give';
    if (this.given) return 'not submitted again: it was already submitted once in this sign-in';
    const may = ask(this.account(), this.password);
    this.parked = may.ok ? null : may.parked;
    this.heldBack = !may.ok;
    return may.ok ? null : may.why;
  }

  private account(): AccountAtSts {
    return { stsOrigin: this.target.stsOrigin, user: this.user };
  }
}

/** The browser signed in without being given anything: by the logged-on account, or by a session that was there before. */
function notTested(end: Ending | 'signed-in'): Ending {
  const how = 'the STS took the logged-on account, or a session that was there before; the configured password was not tested';
  const why =
    end === 'signed-in'
      ? `Signed in by the logged-on account, not with the configured password: ${how}.`
      : `The configured password was not asked for: ${how}. ${end.why}`;
  return { symptom: 'other', failedAt: null, why };
}

/**
 * A parked account says nothing about other people's sign-in; but what was found broken when its password was last given stays broken until it may be given
 * again:
 * an outage must not turn into silence.
 */
function endingOfHeldBack(parked: Parked | null, withheld: string, { name, route: here }: Target): Ending {
  if (parked?.found?.verdict !== 'broken' || parked.target !== name || parked.route !== here)
    return { symptom: 'other', failedAt: null, why: sentence(withheld) };
  const { since, until, found } = parked;
  const again = until === null ? '' : ` until ${until}`;
  return { symptom: found.symptom, failedAt: found.failedAt, why: `Not tried again since ${since}, to protect the account${again}. Found then: ${found.why}` };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.\s]+$/, '')}.`;
