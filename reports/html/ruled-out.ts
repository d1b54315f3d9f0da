/** Everything ruled out, with why; and what could not be judged. A cause has one row; what differs between routes is told per route. */
import type { Result } from '../../contracts/report';
import { routesPhrase } from '../words/headline';
import { markup, type Markup } from './markup';

interface Judged {
  readonly id: string;
  readonly why: string;
}

interface Reason {
  readonly why: string;
  readonly results: Result[];
}

const reasonsById = (results: readonly Result[], pick: (result: Result) => readonly Judged[]): [string, Reason[]][] => {
  const byId = new Map<string, Reason[]>();
  for (const result of results)
    for (const { id, why } of pick(result)) {
      const reasons = byId.get(id) ?? [];
      byId.set(id, reasons);
      const known = reasons.find((reason) => reason.why === why);
      if (known) known.results.push(result);
      else reasons.push({ why, results: [result] });
    }
  return [...byId].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
};

const table = (rows: readonly [string, readonly Reason[]][], all: readonly Result[], heading: string): Markup =>
  markup`<table class="stack"><thead><tr><th>Cause</th><th>${heading}</th></tr></thead><tbody>${rows.map(
    ([id, reasons]) =>
      markup`<tr><th scope="row"><code>${id}</code></th><td>${reasons.map(({ why, results }) => {
        const everywhere = new Set(results.map(({ route }) => route)).size === new Set(all.map(({ route }) => route)).size;
        return markup`<div>${everywhere ? '' : markup`<b>${routesPhrase(results, all)}:</b> `}${why}</div>`;
      })}</td></tr>`,
  )}</tbody></table>`;

export const ruledOutSection = (results: readonly Result[]): Markup => {
  const out = reasonsById(results, ({ ruledOut }) => ruledOut);
  const open = reasonsById(results, ({ notJudged }) => notJudged);
  return markup`${out.length > 0 ? table(out, results, 'Why it is not the cause') : markup`<p class="muted">Nothing was ruled out.</p>`}
${open.length > 0 ? markup`<h3>Could not be judged</h3>${table(open, results, 'What was missing')}` : ''}`;
};
