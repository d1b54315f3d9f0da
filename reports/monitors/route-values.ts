import type { Report, Result } from '../../contracts/report';
import { oneLine, shorten } from '../safe-text';
import { routePhrases, verdictLabels } from '../words/labels';
import { dayMs, instantMs } from '../words/time';

/** What monitors keep of one route of a run. */
export interface RouteValues {
  readonly target: string;
  readonly route: Result['route'];
  readonly verdict: Result['verdict'];
  readonly seconds: number;
  /** Days from the end of the run to the foreseeable break; null when none is foreseen. */
  readonly daysLeft: number | null;
  /** One line of at most 120 characters: verdict, place and why. */
  readonly text: string;
}

const longest = 120;

export const routeValues = ({ results, run }: Report): readonly RouteValues[] =>
  results.map((result) => {
    const { target, route, verdict, timings, summary, forecast } = result;
    const [breaksMs, nowMs] = [instantMs(forecast.breaksAt ?? ''), instantMs(run.finishedAt)];
    const why = summary.replace(/^(healthy|at risk|at-risk|broken|unknown):\s*/i, '');
    return {
      // A name of the configuration is kebab-case; a report that others wrote may hold anything.
      target: target.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 100),
      route,
      verdict,
      seconds: timings.totalMs / 1000,
      daysLeft: breaksMs === null || nowMs === null ? null : (breaksMs - nowMs) / dayMs,
      text: shorten(oneLine(`${verdictLabels[verdict]}: ${target}, ${routePhrases[route]}: ${why}`), longest),
    };
  });
