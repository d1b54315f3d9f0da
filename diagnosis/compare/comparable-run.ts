import type { Evidence } from '../../contracts/evidence';
import type { Report } from '../../contracts/report';
import { comparableState, evidenceOfResult } from './comparable-state';
import type { ComparableRun } from './baseline-of';

/** A run's comparable states; without its evidence from the report alone, which lacks what was read from metadata, WSDL and WhoAmI. */
export function comparableRun(report: Report, evidence: Evidence | null): ComparableRun {
  return {
    run: report.run,
    states: report.results.map((result) => {
      const own = evidence?.results.find(({ target, route }) => target === result.target && route === result.route);
      return comparableState(own ?? evidenceOfResult(result), result);
    }),
  };
}
