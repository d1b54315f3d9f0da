/** Lines of a Checkmk local check: status, service, metrics, text (https://docs.checkmk.com/latest/en/localchecks.html). */
import type { Report } from '../../contracts/report';
import { exitCodeOf } from '../../contracts/words';
import { oneLine, shorten } from '../safe-text';
import { type RouteValues, routeValues } from './route-values';

/** One service for each target and route, and one for the forecast of each target. */
export function renderCheckmk(report: Report): string {
  const values = routeValues(report);
  const signIns = values.map(
    ({ target, route, verdict, seconds, text }) => `${exitCodeOf[verdict]} "CRM sign-in ${target} ${route}" duration=${seconds.toFixed(2)} ${text}`,
  );
  const targets = [...new Set(values.map(({ target }) => target))];
  return [...signIns, ...targets.map((target) => forecastLine(target, values))].map((line) => `${line}\n`).join('');
}

function forecastLine(target: string, values: readonly RouteValues[]): string {
  const days = values.flatMap((each) => (each.target === target && each.daysLeft !== null ? [each.daysLeft] : []));
  const service = `"CRM sign-in ${target} forecast"`;
  if (days.length === 0) return `0 ${service} - No break is foreseen, or none can be`;
  const least = Math.min(...days);
  const atRisk = values.some((each) => each.target === target && each.verdict === 'at-risk');
  return `${least < 0 ? 2 : atRisk ? 1 : 0} ${service} days_left=${least.toFixed(1)} Sign-in is foreseen to break in ${least.toFixed(1)} days`;
}

/** A run that could not be made: a service of its own, that it is not overlooked. */
export const checkmkError = (text: string): string => `3 "CRM sign-in" - ${shorten(oneLine(text), 300)}\n`;
