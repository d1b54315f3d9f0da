import { dayMs, firstDay, observedDays, type Observation, type Turn, type YearRun } from './run-year';
import type { YearScenario } from './scenarios';

const hourMs = 3_600_000;
/** What the forecast must keep. */
export const goalHours = { published: 12, otherwise: 24 } as const;
/** warnDays: from here on a break must be foretold, and no other may be. */
const warnMs = 30 * dayMs;

interface ErrorFigures {
  readonly days: number;
  /** The greatest distance between the date foretold and the break in the lab; null without days. */
  readonly worstHours: number | null;
  readonly meanHours: number | null;
}

export interface JudgedYear {
  readonly scenario: YearScenario;
  readonly breaks: readonly (Turn & { readonly day: number })[];
  /** Mornings on which a successor was published, and the others, sign-in working. */
  readonly published: ErrorFigures;
  readonly otherwise: ErrorFigures;
  /** Mornings on which a break was announced that did not come, or CRM was said to lag behind and did not. */
  readonly falseAlarms: number;
  /** Mornings less than 30 days before a break that was not announced, or on which a break that had come was not told. */
  readonly missed: number;
  /** Mornings on which sign-in was broken, and the forecast said so. */
  readonly told: number;
  /** The goal is kept. */
  readonly good: boolean;
}

/** The break that would come after `at` if nobody did anything from then on. */
export type Truth = (at: number) => Turn | null;

const nextBreak = (turns: readonly Turn[], at: number): Turn | null => turns.find((turn) => turn.broken && turn.at > at) ?? null;

/**
 * Where an operator interfered before the break, a run without that operation tells what would have come.
 * `undisturbed(n)` = the run with the first n operations only.
 */
export async function truthOf(run: YearRun, undisturbed: (operations: number) => Promise<YearRun>): Promise<Truth> {
  const twins = new Map<number, YearRun>();
  for (const { at } of run.observations) {
    const done = run.performed.filter((each) => each.at <= at).length;
    const operation = run.performed[done];
    const coming = nextBreak(run.turns, at);
    if (operation && (!coming || coming.at >= operation.at) && !twins.has(done)) twins.set(done, await undisturbed(done));
  }
  return (at) => {
    const done = run.performed.filter((each) => each.at <= at).length;
    const operation = run.performed[done];
    const coming = nextBreak(run.turns, at);
    return operation && (!coming || coming.at >= operation.at) ? nextBreak(twins.get(done)!.turns, at) : coming;
  };
}

/** The earliest break a morning's forecast announces: by the signing certificate, or by another that ends. */
function announced({ forecast, expiries }: Observation): number | null {
  const dates = [forecast.breaksAt, ...expiries.filter(({ breaksSignIn }) => breaksSignIn).map(({ notAfter }) => notAfter)].flatMap((iso) =>
    iso === null ? [] : [Date.parse(iso)],
  );
  return dates.length > 0 ? Math.min(...dates) : null;
}

/** Compares every morning's forecast with what the lab did. */
export function judgeYear(scenario: YearScenario, run: YearRun, truth: Truth): JudgedYear {
  const errors = { published: [] as number[], otherwise: [] as number[] };
  let [falseAlarms, missed, told] = [0, 0, 0];
  for (const observation of run.observations) {
    const { at, forecast, published } = observation;
    const said = announced(observation);
    if (run.turns.findLast((turn) => turn.at <= at)?.broken) {
      if (forecast.state === 'promoted' || (said !== null && said <= at)) told += 1;
      else missed += 1;
      continue;
    }
    const real = truth(at);
    const goal = goalHours[published ? 'published' : 'otherwise'];
    const error = said === null || real === null || forecast.state === 'promoted' ? null : (said - real.at) / hourMs;
    if (error !== null) errors[published ? 'published' : 'otherwise'].push(Math.abs(error));
    const announcedSoon = said !== null && said - at < warnMs;
    if (forecast.state === 'promoted' || (announcedSoon && (error === null || error < -goal))) falseAlarms += 1;
    const unseen = published && forecast.state !== 'window-open';
    if (unseen || (real !== null && real.at - at < warnMs && forecast.state !== 'promoted' && (error === null || error > goal))) missed += 1;
  }
  const published = figures(errors.published);
  const otherwise = figures(errors.otherwise);
  return {
    scenario,
    breaks: run.turns
      .filter(({ broken, at }) => broken && at < firstDay + observedDays * dayMs)
      .map((turn) => ({ ...turn, day: (turn.at - firstDay) / dayMs })),
    published,
    otherwise,
    falseAlarms,
    missed,
    told,
    good: falseAlarms === 0 && missed === 0 && (published.worstHours ?? 0) <= goalHours.published && (otherwise.worstHours ?? 0) <= goalHours.otherwise,
  };
}

function figures(errors: readonly number[]): ErrorFigures {
  if (errors.length === 0) return { days: 0, worstHours: null, meanHours: null };
  return { days: errors.length, worstHours: Math.max(...errors), meanHours: errors.reduce((sum, error) => sum + error, 0) / errors.length };
}
