import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'winston';
import type { SlotVerdict } from '../../contracts/monitoring';
import type { Claim } from '../store/lifecycle/claim';
import type { AttemptOutcome } from '../store/lifecycle/finish';

/** Does the work of a slot. `signal`: this process must end soon, do not begin anything more. Never throws. */
export type Runner = (claim: Claim, signal: AbortSignal) => Promise<AttemptOutcome[]>;

/** Where slots come from and results go: the store itself, or a `watch` over HTTPS. Every call may throw when it cannot be reached. */
export interface JobSource {
  /** Up to `count` slots that are due. May take its time when there are none. */
  claim(count: number, signal: AbortSignal): Promise<Claim[]>;
  /** Prolongs the leases; returns the claims that are lost. */
  renew(claims: readonly Claim[], status: { readonly capacity: number; readonly running: number }): Promise<string[]>;
  /** Null when the claim is no longer good. */
  finish(claim: Claim, outcomes: readonly AttemptOutcome[]): Promise<SlotVerdict | null>;
  handBack(claim: Claim, why: string): Promise<void>;
  /** This runner is gone. */
  leave(): Promise<void>;
}

export interface WorkerPoolOptions {
  readonly source: JobSource;
  readonly runner: Runner;
  /** How many at once, asked before each claim. */
  readonly capacity: () => number;
  readonly log: Logger;
  /** Leases are prolonged so often. */
  readonly renewEveryMs: number;
  /** Wait after nothing was due, or after an error. */
  readonly idleMs?: number;
}

/** Takes slots as far as there is room, runs them, hands in what came of it. A store or server that is away for a while costs nothing: results wait. */
export class WorkerPool {
  private readonly running = new Map<string, { claim: Claim; done: Promise<void> }>();
  private readonly ending = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private renewal: NodeJS.Timeout | null = null;
  private failing = false;
  private roomAgain: () => void = () => undefined;

  constructor(private readonly options: WorkerPoolOptions) {}

  start(): void {
    this.loop = this.run();
    this.renewal = setInterval(() => void this.renew(), this.options.renewEveryMs);
    void this.renew();
  }

  get busy(): number {
    return this.running.size;
  }

  /** No new work; what runs may end within `graceMs`, the rest goes back to the queue. */
  async stop(graceMs: number): Promise<void> {
    this.ending.abort();
    this.roomAgain();
    if (this.renewal) clearInterval(this.renewal);
    await this.loop;
    const all = Promise.all([...this.running.values()].map(({ done }) => done));
    await Promise.race([all, pause(graceMs, undefined, { ref: false })]);
    await this.handBack([...this.running.values()].map(({ claim }) => claim));
    await this.options.source.leave().catch(() => undefined);
  }

  private get stopped(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(): Promise<void> {
    const { source, capacity, log, idleMs = 300 } = this.options;
    while (!this.stopped) {
      const room = capacity() - this.running.size;
      if (room <= 0) {
        await Promise.race([new Promise<void>((resolve) => (this.roomAgain = resolve)), pause(1_000, undefined, { ref: false })]);
        continue;
      }
      try {
        const claims = await source.claim(room, this.ending.signal);
        if (this.failing) log.info('The source of work answers again.');
        this.failing = false;
        // Asked for before this process was told to stop.
        if (this.stopped) await this.handBack(claims);
        else for (const claim of claims) this.begin(claim);
        if (claims.length === 0) await this.idle(idleMs);
      } catch (error) {
        if (this.stopped) return;
        if (!this.failing) log.warn(`No work can be had: ${text(error)}. Trying on.`);
        this.failing = true;
        await this.idle(2_000);
      }
    }
  }

  private async handBack(claims: readonly Claim[]): Promise<void> {
    for (const claim of claims) await this.options.source.handBack(claim, 'Handed back: the process was stopped.').catch(() => undefined);
  }

  private idle(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.ending.signal, ref: false }).catch(() => undefined);
  }

  private begin(claim: Claim): void {
    const done = this.work(claim).finally(() => {
      this.running.delete(claim.claim);
      this.roomAgain();
    });
    this.running.set(claim.claim, { claim, done });
  }

  private async work(claim: Claim): Promise<void> {
    const { runner, source, log } = this.options;
    const outcomes = await runner(claim, this.ending.signal);
    // Handing in is repeated, never the sign-in: the store takes it once, whoever asks how often.
    for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 10_000)) {
      try {
        const verdict = await source.finish(claim, outcomes);
        if (verdict === null) log.warn(`${claim.target} ${claim.route} ${claim.slotAt}: the result came too late, the slot went to another.`);
        else log.info(`${claim.target} ${claim.route} ${claim.location} ${claim.slotAt}: ${verdict}`);
        return;
      } catch (error) {
        log.warn(`${claim.target} ${claim.route} ${claim.slotAt}: the result cannot be handed in (${text(error)}). Trying on.`);
        await pause(waitMs, undefined, { ref: false });
      }
    }
  }

  private async renew(): Promise<void> {
    const { source, capacity, log } = this.options;
    try {
      await source.renew(
        [...this.running.values()].map(({ claim }) => claim),
        { capacity: capacity(), running: this.running.size },
      );
    } catch (error) {
      log.debug(`leases not prolonged: ${text(error)}`);
    }
  }
}

const text = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
