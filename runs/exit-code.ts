import { exitCodeOf, type Verdict, verdictsFromBestToWorst } from '../contracts/words';

/** The worst verdict of several (contract: 2 over 1 over 3 over 0). */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, each) => (verdictsFromBestToWorst.indexOf(each) > verdictsFromBestToWorst.indexOf(worst) ? each : worst), 'healthy');
}

/** Exit code of a verdict; `failOn: 'broken'` turns at-risk into success. */
export function exitCodeFor(verdict: Verdict, failOn: 'broken' | 'at-risk'): number {
  return verdict === 'at-risk' && failOn === 'broken' ? 0 : exitCodeOf[verdict];
}
