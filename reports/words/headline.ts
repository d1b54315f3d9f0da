/** The first sentence of every report: can people sign in? */
import type { Report, Result } from '../../contracts/report';
import type { Verdict } from '../../contracts/words';
import { routePhrases } from './labels';
import { dayText, instantMs, whenText } from './time';

/** `both routes`, `internal claims`, `internal claims and IFD`. `all` are the results of the same target. */
export const routesPhrase = (some: readonly Result[], all: readonly Result[]): string => {
  const routes = [...new Set(some.map((result) => result.route))];
  const total = new Set(all.map((result) => result.route)).size;
  return total > 1 && routes.length === total ? 'both routes' : routes.map((route) => routePhrases[route]).join(' and ');
};

/** The earliest date on which sign-in will break, or null. */
export const earliestBreak = (results: readonly Result[]): string | null => {
  const dates = results.map((result) => result.forecast.breaksAt).filter((date) => date !== null);
  return dates.sort((a, b) => (instantMs(a) ?? 0) - (instantMs(b) ?? 0))[0] ?? null;
};

const willBreak = (results: readonly Result[], now: string): string => {
  const breaksAt = earliestBreak(results.filter((result) => result.verdict === 'at-risk'));
  if (breaksAt === null) return 'works now, but is at risk';
  const past = (instantMs(breaksAt) ?? 0) < (instantMs(now) ?? 0);
  return past ? `still works, but was due to break on ${dayText(breaksAt)}` : `works now, but will break ${whenText(now, breaksAt)} (${dayText(breaksAt)})`;
};

const ofOneTarget = (results: readonly Result[], now: string): string => {
  const subject = `Sign-in to ${results[0]?.target ?? 'nothing'}`;
  const having = (verdict: Verdict): Result[] => results.filter((result) => result.verdict === verdict);
  const [broken, unknown, atRisk, healthy] = [having('broken'), having('unknown'), having('at-risk'), having('healthy')];
  const working = [...atRisk, ...healthy];
  if (broken.length > 0) {
    const rest =
      working.length > 0
        ? `, and works over ${routesPhrase(working, results)}`
        : unknown.length > 0
          ? `; ${routesPhrase(unknown, results)}: could not tell`
          : '';
    return `${subject} is broken over ${routesPhrase(broken, results)}${rest}`;
  }
  if (atRisk.length > 0) return `${subject} ${willBreak(atRisk, now)}`;
  if (unknown.length > 0)
    return working.length > 0
      ? `${subject} works over ${routesPhrase(working, results)}; ${routesPhrase(unknown, results)}: could not tell`
      : `Could not tell whether sign-in to ${results[0]?.target ?? 'nothing'} works`;
  return `${subject} works over ${routesPhrase(healthy, results)}`;
};

/** One sentence without a full stop, e.g. `Sign-in to contoso is broken over both routes`. "Now" is the end of the run. */
export const headlineOf = (report: Report): string => {
  const now = report.run.finishedAt;
  const targets = new Set(report.results.map((result) => result.target));
  if (targets.size === 0) return 'No sign-in was tried';
  if (targets.size === 1) return ofOneTarget(report.results, now);
  const count = (verdict: Verdict): number => report.results.filter((result) => result.verdict === verdict).length;
  const parts = [
    [count('broken'), 'broken'],
    [count('at-risk'), 'at risk'],
    [count('unknown'), 'unknown'],
    [count('healthy'), 'healthy'],
  ].filter(([number]) => number !== 0);
  return `${report.results.length} sign-ins: ${parts.map(([number, word]) => `${number} ${word}`).join(', ')}`;
};
