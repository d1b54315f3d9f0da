import type { Target } from '../contracts/target';
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

  /** The answer to the STS's Windows challenge; asked once. */
  answerWindows(): WindowsAnswer {
    this.withheld = this.account() ?? this.permission();
    if (this.withheld !== null || this.password === null) return { give: false, why: this.withheld ?? '' };
    this.note();
    return { give: true, user: this.user, password: this.password };
  }

  /** Notes a submission before it leaves; returns what to type. */
  note(lastSeq = 0): string {
    this.given = true;
    this.givenAfter = lastSeq;
    this.submissions += 1;
    this.submitOnce.given(this.key(), this.target);
    return this.password ?? '';
  }

  /** Notes that the STS refused the account: no other route of this run submits it again. */
  refused(how: string): void {
    if (this.given) this.submitOnce.refused(this.key(), this.target, how);
  }

  private objection(snapshot: PageSnapshot): string | null {
    const { stsOrigin } = this.target;
    const place = originOf(snapshot.url) ?? snapshot.url;
    if (place !== stsOrigin) return `not given: the form is at ${place}, and only ${stsOrigin} (the configured sts) may be given the password`;
    const goal = originOf(snapshot.formAction ?? snapshot.url) ?? snapshot.formAction;
    if (goal !== stsOrigin) return `not given: the form would post to ${goal}, and only ${stsOrigin} (the configured sts) may be given the password`;
    return this.account() ?? this.permission();
  }

  private account(): string | null {
    return this.password === null ? 'not given: the account is the current Windows account, which has no password to give' : null;
  }

  private permission(): string | null {
    const may = this.submitOnce.mayGive(this.key(), this.target);
    return may.ok ? null : may.why;
  }

  private key(): string {
    return `${this.target.stsOrigin} ${this.user.toLowerCase()}`;
  }
}
