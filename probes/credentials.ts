import type { Target } from '../contracts/target';
import type { Stage } from '../contracts/words';
import type { AccountAtSts } from './account-state/parked-accounts';
import type { Ending } from './endings';
import type { WindowsAnswer } from './guard';
import type { PageSnapshot } from './pages/page-snapshot';
import type { SubmitOnce } from './submit-once';
import { originOf } from './traffic';

/** The account of one journey: whether it may be given now, whether it was, and why not. */
export class Credentials {
  given = false;
  submissions = 0;
  /** seq of the last document request before the password was given; what the STS answers to it comes later. */
  givenAfter = 0;
  /** Why the credentials were not given although somebody asked. */
  withheld: string | null = null;
  /** An earlier run was refused, so this one cannot tell whether the account works. */
  private parked = false;
  private wasRefused = false;

  constructor(
    private readonly target: Target,
    private readonly password: string | null,
    private readonly submitOnce: SubmitOnce,
  ) {}

  get user(): string {
    return this.target.account.kind === 'password' ? this.target.account.user : '';
  }

  /** Whether the form on screen may be given the password; `withheld` says why not. */
  mayType(snapshot: PageSnapshot): boolean {
    this.withheld = this.objection(snapshot);
    return this.withheld === null;
  }

  /** Whether the submission that has begun may go on: only where the form is and where it posts to can have changed. */
  mayTypeOn(snapshot: PageSnapshot): boolean {
    this.withheld = this.misplaced(snapshot);
    return this.withheld === null;
  }

  /** The answer to the STS's Windows challenge; asked once. */
  answerWindows(): WindowsAnswer {
    this.withheld = this.noPassword() ?? this.permission();
    if (this.withheld !== null || this.password === null) return { give: false, why: this.withheld ?? '' };
    this.note();
    return { give: true, user: this.user, password: this.password };
  }

  /** Notes a submission before it leaves; returns what to type. */
  note(lastSeq = 0): string {
    this.given = true;
    this.givenAfter = lastSeq;
    this.submissions += 1;
    this.submitOnce.given(this.account(), this.target);
    return this.password ?? '';
  }

  /** Notes that the STS refused the account: no other route of this run submits it again. */
  refused(how: string): void {
    if (!this.given) return;
    this.wasRefused = true;
    this.submitOnce.refused(this.account(), this.target, how);
  }

  /**
   * Draws the consequences of the journey's end for the account: parked after a refusal, no longer parked once the STS took the password.
   * Returns the end, which is "could not tell" where only the parked account kept the journey from going on.
   */
  concluded<End extends Ending | 'signed-in'>(end: End): End | Ending {
    const failedAt = end === 'signed-in' ? null : end.failedAt;
    if (!this.given)
      return this.parked && failedAt === 'credentials' ? { symptom: 'other', failedAt: null, why: `The credentials were ${this.withheld}.` } : end;
    if (end === 'signed-in' || (failedAt !== null && afterCredentials.includes(failedAt))) this.submitOnce.taken(this.account());
    else if (this.wasRefused) this.submitOnce.park(this.account(), this.password ?? '', this.target);
    return end;
  }

  private objection(snapshot: PageSnapshot): string | null {
    return this.misplaced(snapshot) ?? this.noPassword() ?? this.permission();
  }

  private misplaced(snapshot: PageSnapshot): string | null {
    const { stsOrigin } = this.target;
    const place = originOf(snapshot.url) ?? snapshot.url;
    if (place !== stsOrigin) return `not given: the form is at ${place}, and only ${stsOrigin} (the configured sts) may be given the password`;
    const goal = originOf(snapshot.formAction ?? snapshot.url) ?? snapshot.formAction;
    if (goal !== stsOrigin) return `not given: the form would post to ${goal}, and only ${stsOrigin} (the configured sts) may be given the password`;
    return null;
  }

  private noPassword(): string | null {
    return this.password === null ? 'not given: the account is the current Windows account, which has no password to give' : null;
  }

  private permission(): string | null {
    const may = this.submitOnce.mayGive(this.account(), this.password ?? '', this.target);
    this.parked = !may.ok && may.parked;
    return may.ok ? null : may.why;
  }

  private account(): AccountAtSts {
    return { stsOrigin: this.target.stsOrigin, user: this.user };
  }
}

/** Where a journey can only fail once the STS took the password. */
const afterCredentials: readonly Stage[] = ['token-issue', 'token-post', 'crm-session', 'crm-page'];
