import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { evidenceSchema, type RouteEvidence } from '../../contracts/evidence';
import type { Repair, RepairProbing, RepairStep } from '../../contracts/repair';
import { writeRepairOnRecord } from '../../probes/captures';
import { runTargets, type RunOptions } from '../run-targets';
import { toolVersion } from '../tool-version';
import { checklist, deploymentOf, rounds } from './checklist';
import { fitOf, outcomeOfLook, outcomeOfRound, outcomeOfSkip } from './judge-probing';
import { openRepair, repairFolder, repairId, saveRepair } from './repair-record';
import { routeSight } from './rollover-state';
import { tick } from './step-seen';
import type { Target } from '../../contracts/target';
import { expected } from '../../system/expected';

export interface AfterRolloverOptions extends Omit<RunOptions, 'label' | 'submitOnce'> {
  /** Lead although the cause found is not KB 2686840. */
  readonly anyway: boolean;
  /** Begin a new record although one is open. */
  readonly anew: boolean;
}

type Mark = Pick<RepairStep, 'state' | 'seen'>;

/**
 * Leads through the repair of KB 2686840 on one target (all its routes): looks, ticks and records; the operator does the steps. Nothing is run on
 * the servers. Each look is a run of its own, with one submission per account. The record is saved after every change.
 */
export class AfterRollover {
  private current: Repair;
  /** Begun by an earlier call; null = begun now. */
  readonly resumed: Repair | null;

  private readonly target: Target;

  constructor(private readonly options: AfterRolloverOptions) {
    this.target = expected(options.targets[0], 'a target to repair');
    const target = this.target.name;
    const now = new Date();
    this.resumed = options.anew ? null : openRepair(options.outFolder, target);
    this.current = this.resumed
      ? { ...this.resumed, anyway: this.resumed.anyway || options.anyway }
      : {
          schema: 1,
          id: repairId(target, now),
          target,
          tool: toolVersion,
          startedAt: now.toISOString(),
          updatedAt: now.toISOString(),
          state: 'could-not-tell',
          why: 'Nothing was looked at yet.',
          round: null,
          rounds,
          steps: [],
          probings: [],
          anyway: options.anyway,
          notes: [],
        };
  }

  get repair(): Repair {
    return this.current;
  }

  get folder(): string {
    return repairFolder(this.options.outFolder, this.current.id);
  }

  /** True when the last look ended with the account refused: no further one may follow without the operator's care. */
  get refused(): boolean {
    const last = this.current.probings.at(-1);
    return last !== undefined && fitOf(last).kind === 'refused';
  }

  /** Signs in over every route without counting any step as done. */
  async look(): Promise<void> {
    const { probing, evidence } = await this.probe(null);
    const open = this.current.state === 'open' ? this.current : null;
    const outcome = outcomeOfLook(probing, { anyway: this.current.anyway, open });
    const begun = open ? this.current.steps : checklist(deploymentOf(evidence));
    const claimsOn = probing.routes.some(({ crmUpdated }) => crmUpdated.is === 'yes');
    const steps = begun.map((step) =>
      step.kind === 'configure-claims' && step.state === 'open' && outcome.round === 3 && claimsOn ? { ...step, ...claimsAreOn } : step,
    );
    const earlier = open?.probings.at(-1) ?? null;
    this.update({ ...outcome, steps: arrive(steps, outcome.round, probing, earlier), probings: [...this.current.probings, probing] });
    await this.remember();
  }

  /** The operator says that the steps of a round are done: looks, ticks them, and says what comes next. Rounds left out before it count as skipped. */
  async done(round: number): Promise<void> {
    const earlier = this.current.probings.at(-1) ?? null;
    if (round === rounds.length) await this.remember(round);
    const { probing } = await this.probe(round);
    const ticked = this.current.steps.map((step) =>
      step.round === round && step.state !== 'not-needed' ? { ...step, ...tick(step, earlier, probing), at: probing.at } : step,
    );
    const again = ticked.find((step) => step.round === round && step.state === 'contradicted' && takesAnIisreset.includes(step.kind));
    const steps = ticked.map((step) =>
      again && step.round === round && step.kind === 'iisreset' ? { ...step, ...reopened, seen: `Again, after step ${again.n}.` } : step,
    );
    const outcome = outcomeOfRound({ ...this.current, steps }, round, probing);
    this.update({ ...outcome, steps: arrive(steps, outcome.round ?? round, probing, earlier), probings: [...this.current.probings, probing] });
    await this.remember();
  }

  /** Leaves a round out, by the operator's wish. No look. */
  skip(round: number): void {
    const at = new Date().toISOString();
    const skipped: Mark = { state: 'skipped', seen: 'Skipped by the operator.' };
    this.update({
      steps: this.current.steps.map((step) => (step.round === round ? { ...step, ...skipped, at } : step)),
      ...outcomeOfSkip(this.current, round),
    });
  }

  /** Keeps a sentence in the record, for example that the operator stopped. */
  note(text: string): void {
    this.update({ notes: [...this.current.notes, { at: new Date().toISOString(), text }] });
  }

  private update(change: Partial<Repair>): void {
    const changed = { ...this.current, ...change };
    const over = changed.state === 'healed' || changed.state === 'nothing-to-repair';
    const steps = over ? changed.steps.map((step) => (step.state === 'open' ? { ...step, ...notNeeded } : step)) : changed.steps;
    this.current = { ...changed, steps, updatedAt: new Date().toISOString() };
    if (this.current.probings.length > 0) saveRepair(this.options.outFolder, this.current);
  }

  /** The newest look; there is one from the first look on. */
  get lastProbing(): RepairProbing {
    return expected(this.current.probings.at(-1), 'a look');
  }

  private async probe(afterRound: number | null): Promise<{ probing: RepairProbing; evidence: RouteEvidence[] }> {
    const label = `after-rollover ${this.current.id}, ${afterRound === null ? 'a look' : `after round ${afterRound}`}`;
    const { report, folder } = await runTargets({ ...this.options, label });
    const { results } = evidenceSchema.parse(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')));
    const probing: RepairProbing = {
      at: report.run.finishedAt,
      runId: report.run.id,
      report: relative(this.folder, join(folder, 'report.html')).replaceAll('\\', '/'),
      afterRound,
      routes: report.results.flatMap((result, index) => {
        const evidence = results[index];
        return evidence ? [routeSight(evidence, result)] : [];
      }),
    };
    return { probing, evidence: results };
  }

  /**
   * Keeps for later runs that the repair was done, which tells the KB from what outlives its repair (crm-validates-signing-chain). `saying`: the
   * operator says this round is done now; the look that follows should know.
   */
  private async remember(saying: number | null = null): Promise<void> {
    const { steps, probings, state } = this.current;
    const said = steps.filter((step) => step.state === 'seen' || step.state === 'reported' || step.round === saying);
    const over = state === 'healed' || state === 'exhausted' || state === 'another-cause';
    const claimsReconfigured = (['disable-claims', 'configure-claims'] as const).every((kind) => said.some((step) => step.kind === kind));
    if (said.length === 0 || !(over || (saying !== null && claimsReconfigured))) return;
    const { target } = this;
    const written = await writeRepairOnRecord(target, {
      schema: 1,
      target: target.name,
      finishedAt: new Date().toISOString(),
      stsPrimarySha1: probings.at(-1)?.routes.find(({ stsPrimarySha1 }) => stsPrimarySha1 !== null)?.stsPrimarySha1 ?? null,
      claimsReconfigured,
    });
    if (!written.ok) this.options.log.warn(written.why);
  }
}

/**
 * The checklist on arriving at a round: open steps of rounds before it count as seen where their effect is, else as left out; rounds after it are open again.
 */
function arrive(steps: readonly RepairStep[], at: number | null, probing: RepairProbing, earlier: RepairProbing | null): RepairStep[] {
  if (at === null) return [...steps];
  return steps.map((step) => {
    if (step.round > at) return step.state === 'not-needed' ? step : { ...step, ...reopened };
    if (step.round === at || step.state !== 'open') return step;
    const ticked = tick(step, earlier, probing);
    return ticked.state === 'seen' ? { ...step, ...ticked, at: probing.at } : { ...step, state: 'skipped', seen: 'Not on record as done.' };
  });
}

/** What these change comes into force with the next iisreset. */
const takesAnIisreset: readonly RepairStep['kind'][] = ['disable-claims', 'configure-claims', 'configure-ifd'];
const reopened = { state: 'open', at: null, seen: null } as const;
const notNeeded: Mark = { state: 'not-needed', seen: 'Sign-in works without it.' };
const claimsAreOn: Mark = { state: 'not-needed', seen: 'Claims are on, and CRM takes tokens of the new certificate.' };
