import type { Parked } from '../../contracts/kept-state';
import type { Route } from '../../contracts/words';
import { GivenCodes } from './given-codes';
import { type AccountAtSts, ParkedAccounts } from './parked-accounts';
import { ProbeFault } from '../../contracts/probe-fault';

/** Which journey: a target's name and the route. */
export interface Journey {
  readonly name: string;
  readonly route: Route;
}

/** Whether an account may be submitted now; otherwise why not. `parked`: what an earlier submission came to; null where something else is in the way. */
export type Permission = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly parked: Parked | null };

/**
 * A password is submitted once per account until it is proven accepted, whatever the answer was: a probe that repeats a wrong password locks its own account
 * (field guide §7.7). What is known of an account lies in `ParkedAccounts`; with `keepIn` it holds for every process of the machine and every later run.
 * One-time codes likewise: each is given once (`GivenCodes`).
 */
export class SubmitOnce {
  private readonly accepted = new Set<string>();
  private readonly givenPasswordsTo = new Set<string>();
  private accounts = ParkedAccounts.inMemory();
  private codes = GivenCodes.inMemory();
  private runId = 'this run';

  keepIn(accounts: ParkedAccounts, runId: string): void {
    this.accounts = accounts;
    this.runId = runId;
  }

  keepCodesIn(codes: GivenCodes): void {
    this.codes = codes;
  }

  /** Asked before a submission is prepared. Throws ProbeFault when the state cannot be read. */
  mayGive(account: AccountAtSts, password: string): Permission {
    const parked = this.accounts.objection(account, password, this.runId);
    return parked ? { ok: false, parked, why: this.parkedWords(account, parked) } : { ok: true };
  }

  /** Asked and noted right before the password is typed: what it allows is on the disk as submitted. */
  begin(account: AccountAtSts, password: string, { name, route }: Journey, windowMinutes?: number): Permission {
    const may = this.mayGive(account, password);
    if (!may.ok) return may;
    try {
      this.accounts.begin(account, password, { runId: this.runId, target: name, route }, windowMinutes);
      this.givenPasswordsTo.add(account.stsOrigin);
      return may;
    } catch (error) {
      if (error instanceof ProbeFault) return { ok: false, parked: null, why: `not submitted, since that could not be noted first: ${error.message}` };
      throw error;
    }
  }

  /** Whether an STS was given a password in this run, whoever's: from then on its pages may show it. */
  givenTo(stsOrigin: string): boolean {
    return this.givenPasswordsTo.has(stsOrigin);
  }

  /**
   * Notes that the STS refused the submission. One whose password the STS took in this run is not parked: then Windows sign-in itself fails, not the password.
   */
  refused(account: AccountAtSts, password: string, how: string): void {
    if (this.accepted.has(keyOf(account, password))) this.accounts.forget(account, password);
    else this.accounts.ended(account, password, 'refused', how);
  }

  /** Notes that nobody can say whether the STS took the password. */
  unclear(account: AccountAtSts, password: string, how: string): void {
    this.accounts.ended(account, password, 'unclear', how);
  }

  /** Notes that the STS took the password: a token left, or it made a session. */
  taken(account: AccountAtSts, password: string): void {
    this.accepted.add(keyOf(account, password));
    this.accounts.forget(account, password);
  }

  /** Notes that the password never left the browser. */
  notSent(account: AccountAtSts, password: string): void {
    this.accounts.forget(account, password);
  }

  /** Adds what the diagnosis said of a sign-in of this run, for the runs that find its account parked. */
  explain(account: AccountAtSts, { name, route }: Journey, found: NonNullable<Parked['found']>): void {
    this.accounts.explain(account, { runId: this.runId, target: name, route }, found);
  }

  /** The time step whose one-time code to give, which is on the disk as given then; otherwise why no code may be given. */
  async codeStep(
    stsOrigin: string,
    secret: Buffer,
    current: number,
  ): Promise<{ readonly ok: true; readonly step: number } | { readonly ok: false; readonly why: string }> {
    try {
      return { ok: true, step: await this.codes.take(stsOrigin, secret, current) };
    } catch (error) {
      if (error instanceof ProbeFault) return { ok: false, why: `not given, since that could not be noted first: ${error.message}` };
      throw error;
    }
  }

  private parkedWords({ user }: AccountAtSts, { state, since, runId, route, target, how, until }: Parked): string {
    const here = runId === this.runId;
    if (state === 'refused' && here) return `not tried: this account was refused for ${target} (${route}) in this run: ${how}`;
    const when = here ? 'in this run' : `since ${since}, by run ${runId}`;
    const release = `release it: signin-probe account release "${user}"`;
    if (state === 'unclear')
      return (
        `not tried: this account is parked ${when}, as it is unclear whether the STS took its password for ${target} (${route}): ${how}. ` +
        `It is tried again by itself after ${until}; or ${release}`
      );
    const next =
      until === null ? `Put the right password where the configuration points to, or ${release}` : `Another password is tried after ${until}; or ${release}`;
    return `not tried: this account is parked ${when}, as the STS refused its password for ${target} (${route}): ${how}. ${next}`;
  }
}

const keyOf = ({ stsOrigin, user }: AccountAtSts, password: string): string => `${stsOrigin} ${user.toLowerCase()} ${password}`;
