/** What the probe itself has to say: captures that failed, console messages, and the facts of the run. */
import type { Report, Result } from '../../contracts/report';
import { shorten } from '../safe-text';
import { routeLabels } from '../words/labels';
import { durationText, instantMs, secondText } from '../words/time';
import { markup, type Markup } from './markup';

const name = (result: Result): string => `${result.target}, ${routeLabels[result.route]}`;

export const probeNotes = (report: Report): Markup => {
  const captures = report.results.flatMap((result) =>
    result.captureErrors.map((error) => markup`<li>${name(result)}: <b>${error.capture}</b>: ${error.why}</li>`),
  );
  const consoles = report.results.flatMap((result) =>
    result.console.slice(-20).map(({ level, text }) => markup`<li>${name(result)}, ${level}: <code>${shorten(text, 300)}</code></li>`),
  );
  return markup`${captures.length > 0 ? markup`<section><h2>What could not be captured</h2><ul class="small">${captures}</ul></section>` : ''}
${
  consoles.length > 0
    ? markup`<details><summary>Messages of the browser’s console (${consoles.length})</summary><ul class="small">${consoles}</ul></details>`
    : ''
}`;
};

export const runFacts = ({ run, results }: Report): Markup => {
  const [start, end] = [instantMs(run.startedAt), instantMs(run.finishedAt)];
  const accounts = [...new Set(results.map(({ settings }) => settings.account))];
  return markup`<footer>Run <code>${run.id}\
</code>, ${secondText(run.startedAt)}${start !== null && end !== null ? `, ${durationText(Math.max(0, end - start))}` : ''}.
signin-probe ${run.tool}, ${run.browser}.${accounts.length > 0 ? ` Account${accounts.length > 1 ? 's' : ''}: ${accounts.join(', ')}.` : ''}
All times are UTC. This report contains no password, cookie value or token.</footer>`;
};
