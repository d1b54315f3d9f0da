/** Everything ruled out, with why; and what could not be judged. The same sentence on several routes is said once. */
import type { Result } from '../../contracts/report';
import { routesPhrase } from '../words/headline';
import { markup, type Markup } from './markup';

interface Judged {
  readonly id: string;
  readonly why: string;
}

const rows = (results: readonly Result[], pick: (result: Result) => readonly Judged[]): { id: string; why: string; results: Result[] }[] => {
  const merged = new Map<string, { id: string; why: string; results: Result[] }>();
  for (const result of results)
    for (const { id, why } of pick(result)) {
      const key = JSON.stringify([id, why]);
      const known = merged.get(key);
      if (known) known.results.push(result);
      else merged.set(key, { id, why, results: [result] });
    }
  return [...merged.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
};

const table = (list: ReturnType<typeof rows>, all: readonly Result[], heading: string): Markup =>
  markup`<table class="stack"><thead><tr><th>Cause</th><th>${heading}</th>${all.length > 1 ? markup`<th>Route</th>` : ''}</tr></thead><tbody>${list.map(
    ({ id, why, results }) =>
      markup`<tr><th scope="row"><code>${id}</code></th><td>${why}</td>${all.length > 1 ? markup`<td class="muted nowrap" data-label="Route">${routesPhrase(results, all)}</td>` : ''}</tr>`,
  )}</tbody></table>`;

export const ruledOutSection = (results: readonly Result[]): Markup => {
  const out = rows(results, ({ ruledOut }) => ruledOut);
  const open = rows(results, ({ notJudged }) => notJudged);
  return markup`${out.length > 0 ? table(out, results, 'Why it is not the cause') : markup`<p class="muted">Nothing was ruled out.</p>`}
${open.length > 0 ? markup`<h3>Could not be judged</h3>${table(open, results, 'What was missing')}` : ''}`;
};
