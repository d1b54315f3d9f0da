/** When sign-in will break next, and which other certificates end soon, in sentences; the same forecast on several routes is said once. */
import type { Result } from '../../contracts/report';
import { endingLines } from '../words/expiries';
import { forecastLabels, routeLabels } from '../words/labels';
import { minuteText, whenText } from '../words/time';
import { markup, type Markup } from './markup';

export const forecastSentences = (results: readonly Result[], now: string): Markup => {
  const merged = new Map<string, Result[]>();
  for (const result of results) {
    const key = JSON.stringify(result.forecast);
    merged.set(key, [...(merged.get(key) ?? []), result]);
  }
  return markup`${[...merged.values()].map((same) => {
    const forecast = same[0]?.forecast;
    if (!forecast) return null;
    const { breaksAt, toleranceHours, state, why } = forecast;
    return markup`<p class="free"><b>${merged.size > 1 ? `${same.map(({ route }) => routeLabels[route]).join(' and ')}: ` : 'Forecast: '}${
      breaksAt ? `sign-in breaks about ${minuteText(breaksAt)}, ${whenText(now, breaksAt)} (or up to ${toleranceHours} h later)` : forecastLabels[state]
    }.</b> ${why}</p>`;
  })}${endingLines(results, now).map((line) => markup`<p class="free"><b>Ends soon:</b> ${line}.</p>`)}`;
};
