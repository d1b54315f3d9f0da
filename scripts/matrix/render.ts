import type { CauseId } from '../../contracts/causes';
import type { Cell } from './cell';
import { isMaskRight, kb, type Pair } from './pair';
import { type FaultPair, claimsKbWrongly as pairClaimsKb, isMetFirst, isOverCertain, pairLines, pairName } from './fault-pair';
import { claimsKbWrongly, holdsWithLess, isInTopThree, isRight, isSilent, isTooCertain, type Score, scoreOf } from './judge-cell';

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === whole ? 0 : 1)} %`);

/** The head lines: one per kind of judging. */
export function headLines(cells: readonly Cell[]): string[] {
  const kinds: readonly [string, (cell: Cell) => boolean][] = [
    ['with a last good state', ({ history, texts }) => history && texts === 'english'],
    ['without one (first run)', ({ history, texts }) => !history && texts === 'english'],
    ['texts customised away', ({ history, texts }) => history && texts === 'customised'],
    ['customised, first run', ({ history, texts }) => !history && texts === 'customised'],
  ];
  return kinds.map(([title, belongs]) => {
    const score: Score = scoreOf(cells.filter(belongs));
    return (
      `${title.padEnd(26)} root cause right ${percent(score.right, score.cells)}, in the top three ${percent(score.inTopThree, score.cells)}, ` +
      `KB claimed wrongly ${score.kbWrongly}, above its ceiling ${score.tooCertain}  (${score.cells} cells)`
    );
  });
}

/** How much did not hold with parts of the evidence taken away, and what. */
export function lessLine(cells: readonly Cell[]): string {
  const tried = cells.filter(({ withLess }) => withLess !== null);
  const wrong = tried
    .filter((cell) => !holdsWithLess(cell))
    .flatMap(({ fault, route, withLess }) => (withLess ?? []).map((sentence) => `\n  ✗ ${fault}, ${route}: ${sentence}`));
  return `${'evidence taken away'.padEnd(26)} ${wrong.length} that do not hold  (${tried.length} cells)${wrong.join('')}`;
}

/** KB 2686840 and another fault at once: how often the one that masks the other is named first, and how often both are. */
export function pairLine(pairs: readonly Pair[]): string {
  const both = pairs.filter(({ fault, named }) => named.includes(fault) && named.includes(kb));
  return (
    `${'together with the KB'.padEnd(26)} the one met first ${percent(pairs.filter(isMaskRight).length, pairs.length)}, ` +
    `both named ${percent(both.length, pairs.length)} (the masked one is often out of sight)  (${pairs.length} pairs)`
  );
}

function mark(cell: Cell): string {
  if (claimsKbWrongly(cell) || isTooCertain(cell)) return 'wrong';
  if (isSilent(cell)) return 'silent';
  return isRight(cell) ? 'right' : isInTopThree(cell) ? 'near' : 'wrong';
}

const words: Readonly<Record<string, string>> = { right: '✓', near: '≈', wrong: '✗', silent: '–' };

/** The whole table as one page: rows what was broken, columns how it was looked at, in each field what was said. */
export function renderMatrix(cells: readonly Cell[], pairs: readonly Pair[], faultPairs: readonly FaultPair[], tookSeconds: number): string {
  const columnOf = ({ route, face, texts, history }: Cell): string =>
    `${route} · ${texts === 'customised' ? 'customised' : face}${history ? '' : ' · first run'}`;
  const columns = [...new Set(cells.map(columnOf))].sort();
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const field = (fault: CauseId, column: string): string => {
    const cell = cells.find((each) => each.fault === fault && columnOf(each) === column);
    if (!cell) return '<td></td>';
    const said = cell.causes.map(({ id, certainty }) => `${id} (${certainty})`).join('<br>') || escape(cell.verdict);
    return `<td class="${mark(cell)}"><b>${words[mark(cell)]}</b> ${said}</td>`;
  };
  const rows = faults.map((fault) => `<tr><th scope="row">${escape(fault)}</th>${columns.map((column) => field(fault, column)).join('')}</tr>`);
  const pairRows = pairs.map(
    (pair) =>
      `<tr><th scope="row">${escape(pair.fault)}</th><td>${pair.route}</td><td>${pair.met.join(' or ')}</td>` +
      `<td class="${isMaskRight(pair) ? 'right' : 'wrong'}">${pair.named.join('<br>') || 'nothing'}</td></tr>`,
  );
  const together = faultPairs.map((pair) => {
    const wrong = !isMetFirst(pair) || pairClaimsKb(pair) || isOverCertain(pair);
    const said = pair.causes.map(({ id, certainty }) => `${id} (${certainty})`).join('<br>') || escape(pair.verdict);
    return `<tr><th scope="row">${escape(pairName(pair.faults))}</th><td>${pair.route}</td><td class="${wrong ? 'wrong' : 'right'}">${said}</td></tr>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>signin-probe matrix</title>
<style>body{font:14px system-ui,sans-serif;margin:1.5rem;color-scheme:light dark}table{border-collapse:collapse;font-size:12px}\
th,td{border:1px solid #8886;padding:.3rem .5rem;text-align:left;vertical-align:top;min-width:9rem}
thead th{position:sticky;top:0;background:Canvas}th[scope=row]{position:sticky;left:0;background:Canvas;white-space:nowrap}.right{background:#2a82}\
.near{background:#c902}.wrong{background:#c224}.silent{color:GrayText}pre{font-size:14px}</style>
<h1>What was broken, and what was said</h1><pre>${[...headLines(cells), lessLine(cells), pairLine(pairs), ...pairLines(faultPairs)].map(escape).join('\n')}\
</pre><p>${cells.length} cells in ${Math.round(tookSeconds)} s. ✓ first, ≈ among the first three, ✗ not, – cannot show itself over this route.</p>
<div style="overflow-x:auto"><table><thead><tr><th>broken in the lab</th>${columns.map((column) => `<th scope="col">${escape(column)}</th>`).join('')}\
</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
<h2>Together with KB 2686840</h2><table><thead><tr><th>also broken</th><th>route</th><th>met by the sign-in</th><th>named</th></tr></thead>\
<tbody>${pairRows.join('\n')}</tbody></table>
<h2>Two faults at once</h2><table><thead><tr><th>met, and masked</th><th>route</th><th>named</th></tr></thead><tbody>${together.join('\n')}\
</tbody></table></html>\n`;
}
