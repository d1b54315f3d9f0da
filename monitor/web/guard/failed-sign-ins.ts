/**
 * Counts failed sign-ins by user name, apart for browsers the user is known from:
 * guessing from many addresses at once is slowed down too, and locks out strangers only.
 */
const windowMs = 15 * 60_000;
const mostFailures = 20;
const mostNames = 5000;

export class FailedSignIns {
  readonly #failures = new Map<string, readonly number[]>();

  constructor(private readonly now: () => Date) {}

  tooMany(name: string): boolean {
    return this.#recent(name).length >= mostFailures;
  }

  add(name: string): void {
    const recent = [...this.#recent(name), this.now().getTime()];
    this.#failures.delete(name);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= mostNames && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(name, recent);
  }

  #recent(name: string): readonly number[] {
    const from = this.now().getTime() - windowMs;
    return (this.#failures.get(name) ?? []).filter((at) => at > from);
  }
}
