/** One line for Nagios, Icinga, Naemon, Checkmk: `SIGNIN BROKEN - text | performance data`. The exit code is the verdict's (contracts/words). */
import type { Report, Result } from '../contracts/report';
import { verdictsFromBestToWorst } from '../contracts/words';
import { earliestBreak, headlineOf, routesPhrase } from './words/headline';
import { verdictLabels } from './words/labels';
import { dayMs, dayText, instantMs } from './words/time';
import { findingGroupsOf, targetsOf } from './findings';
import { oneLine, shorten } from './safe-text';

/** The pipe starts the performance data, so it must not occur in the text. */
const text = (value: string): string => oneLine(value).replace(/\|/g, '/');

const withoutVerdict = ({ summary }: Result): string => summary.replace(/^(healthy|at risk|at-risk|broken|unknown):\s*/i, '');

const detailOf = (report: Report): string =>
  targetsOf(report)
    .flatMap(({ target, results }) => {
      const worstFirst = [...results]
        .sort((a, b) => verdictsFromBestToWorst.indexOf(b.verdict) - verdictsFromBestToWorst.indexOf(a.verdict))
        .filter(({ verdict }) => verdict !== 'healthy');
      const rootOf = (result: Result): string => result.causes[0]?.id ?? result.summary;
      return [...new Set(worstFirst.map(rootOf))].map((root) => {
        const same = worstFirst.filter((result) => rootOf(result) === root);
        const kb = findingGroupsOf(same)[0]?.members[0].finding.kb;
        const said = same[0] ? withoutVerdict(same[0]) : '';
        return `${target} ${routesPhrase(same, results)}: ${said}${kb && !said.includes(kb) ? ` (KB ${kb})` : ''}`;
      });
    })
    .join('; ');

const label = (result: Result, what: string): string => `${result.target}_${result.route}_${what}`.replace(/[^A-Za-z0-9_-]/g, '_');

const performance = (report: Report): string =>
  report.results
    .flatMap((result) => {
      const breaksMs = instantMs(result.forecast.breaksAt ?? '');
      const nowMs = instantMs(report.run.finishedAt);
      return [
        `${label(result, 'time')}=${(result.timings.totalMs / 1000).toFixed(2)}s;;;0`,
        ...(breaksMs === null || nowMs === null ? [] : [`${label(result, 'days_left')}=${((breaksMs - nowMs) / dayMs).toFixed(1)}`]),
      ];
    })
    .join(' ');

/** The plugin line, with its line end. */
export const renderNagios = (report: Report): string => {
  const breaksAt = earliestBreak(report.results);
  const detail = detailOf(report);
  const words = detail === '' ? `${headlineOf(report)}${breaksAt ? `; next foreseeable break ${dayText(breaksAt)}` : ''}` : detail;
  return (
    `SIGNIN ${verdictLabels[report.verdict].toUpperCase()} ` + `- ${shorten(text(words), 700)}${report.results.length > 0 ? ` | ${performance(report)}` : ''}\n`
  );
};
