import type { Route } from '../contracts/words';

/** Which journey: a target's name and the route. */
export interface Journey {
  readonly name: string;
  readonly route: Route;
}

export interface Refusal {
  readonly route: Route;
  readonly how: string;
}

/**
 * Who was given which credentials in this run. An account is submitted once per journey (target and route), and never again once the STS
 * refused it: a probe that repeats a wrong password locks its own account (field guide §7.7).
 */
export class SubmitOnce {
  private readonly submitted = new Set<string>();
  private readonly refusals: Map<string, Refusal>;
  private readonly codeSteps = new Map<string, number>();

  /** `refusals`: those of an earlier part of the same run, as `toJSON` gave them. */
  constructor(refusals: readonly (readonly [string, Refusal])[] = []) {
    this.refusals = new Map(refusals);
  }

  /** The refusals so far, for a process that goes on with the run. No secrets. */
  toJSON(): (readonly [string, Refusal])[] {
    return [...this.refusals];
  }

  /** Whether the account may be submitted now; otherwise why not. `account` is STS origin and user. */
  mayGive(account: string, { name, route }: Journey): { ok: true } | { ok: false; why: string } {
    const refusal = this.refusals.get(account);
    if (refusal) return { ok: false, why: `not submitted again: the STS refused this account on route ${refusal.route} in this run (${refusal.how})` };
    if (this.submitted.has(`${account} ${name} ${route}`))
      return { ok: false, why: `not submitted again: this account was already submitted once on route ${route} of ${name} in this run` };
    return { ok: true };
  }

  /** Notes and returns the time step whose one-time code to give: the current one, or the first that this run has not used yet. */
  codeStep(key: string, current: number): number {
    const step = Math.max(current, (this.codeSteps.get(key) ?? -Infinity) + 1);
    this.codeSteps.set(key, step);
    return step;
  }

  /** Notes a submission before it leaves. */
  given(account: string, { name, route }: Journey): void {
    this.submitted.add(`${account} ${name} ${route}`);
  }

  /** Notes that the STS refused the account by a form: its password is wrong, locked or expired, whatever the route. */
  refused(account: string, { route }: Journey, how: string): void {
    this.refusals.set(account, { route, how });
  }
}
