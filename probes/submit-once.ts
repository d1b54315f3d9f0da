import type { Route } from '../contracts/words';
import type { AccountAtSts, ParkedAccount, ParkedAccounts } from './account-state/parked-accounts';

/** Which journey: a target's name and the route. */
export interface Journey {
  readonly name: string;
  readonly route: Route;
}

export interface Refusal {
  readonly route: Route;
  readonly how: string;
}

/** Whether an account may be submitted now; otherwise why not. `parked`: an earlier run was refused. */
export type Permission = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly parked: boolean };

/**
 * Who was given which credentials in this run. An account is submitted once per journey (target and route), and never again once the STS
 * refused it: a probe that repeats a wrong password locks its own account (field guide §7.7). With `keepIn`, that holds for later runs too.
 */
export class SubmitOnce {
  private readonly submitted = new Set<string>();
  private readonly refusals: Map<string, Refusal>;
  private readonly codeSteps = new Map<string, number>();
  private readonly accepted = new Set<string>();
  private parking: { readonly accounts: ParkedAccounts; readonly runId: string } | null = null;

  /** `refusals`: those of an earlier part of the same run, as `toJSON` gave them. */
  constructor(refusals: readonly (readonly [string, Refusal])[] = []) {
    this.refusals = new Map(refusals);
  }

  /** The refusals so far, for a process that goes on with the run. No secrets. */
  toJSON(): (readonly [string, Refusal])[] {
    return [...this.refusals];
  }

  /** From now on a refused account is parked for every process of this machine, and a parked one is not submitted. */
  keepIn(accounts: ParkedAccounts, runId: string): void {
    this.parking = { accounts, runId };
  }

  /** Asked right before a submission: another process may have been refused a moment ago. Throws ProbeFault when the state cannot be read. */
  mayGive(account: AccountAtSts, password: string, { name, route }: Journey): Permission {
    const key = keyOf(account);
    const refusal = this.refusals.get(key);
    if (refusal)
      return { ok: false, parked: false, why: `not submitted again: the STS refused this account on route ${refusal.route} in this run (${refusal.how})` };
    if (this.submitted.has(`${key} ${name} ${route}`))
      return { ok: false, parked: false, why: `not submitted again: this account was already submitted once on route ${route} of ${name} in this run` };
    const parked = this.parking?.accounts.objection(account, password) ?? null;
    return parked ? { ok: false, parked: true, why: parkedWords(parked) } : { ok: true };
  }

  /** Notes and returns the time step whose one-time code to give: the current one, or the first that this run has not used yet. */
  codeStep(key: string, current: number): number {
    const step = Math.max(current, (this.codeSteps.get(key) ?? -Infinity) + 1);
    this.codeSteps.set(key, step);
    return step;
  }

  /** Notes a submission before it leaves. */
  given(account: AccountAtSts, { name, route }: Journey): void {
    this.submitted.add(`${keyOf(account)} ${name} ${route}`);
  }

  /** Whether an STS was given a password in this run, whoever's: from then on its pages may show it. */
  givenTo(stsOrigin: string): boolean {
    return [...this.submitted].some((submission) => submission.startsWith(`${stsOrigin} `));
  }

  /** Notes that the STS refused the account: its password is wrong, locked or expired, whatever the route. */
  refused(account: AccountAtSts, { route }: Journey, how: string): void {
    this.refusals.set(keyOf(account), { route, how });
  }

  /** Notes that the STS took the password: the account is no longer parked. */
  taken(account: AccountAtSts): void {
    this.accepted.add(keyOf(account));
    this.parking?.accounts.forget(account);
  }

  /** Parks the account for later runs. One whose password the STS took in this run is not: then it is not the password (Windows sign-in itself fails). */
  park(account: AccountAtSts, password: string, { name, route }: Journey): void {
    const refusal = this.refusals.get(keyOf(account));
    if (!this.parking || !refusal || this.accepted.has(keyOf(account))) return;
    const { accounts, runId } = this.parking;
    accounts.park(account, password, { parkedAt: new Date().toISOString(), runId, target: name, route, how: refusal.how });
  }
}

const keyOf = ({ stsOrigin, user }: AccountAtSts): string => `${stsOrigin} ${user.toLowerCase()}`;

function parkedWords({ user, parkedAt, runId, route, target, how }: ParkedAccount): string {
  return (
    `not submitted: the account is parked since ${parkedAt}, when the STS refused this password on route ${route} of ${target} (run ${runId}: ${how}). ` +
    `Put the right password where the configuration points to, or release it: signin-probe account release "${user}"`
  );
}
