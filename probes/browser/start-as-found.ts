/** The first sign-in's own start of a browser is the test whether it starts: none is started only to try. */
import type { BrowserCandidate, BrowserChoice, PassedOver } from './browser';
import { browserCandidates, launchWarnings, noBrowser, notStarted } from './browser';
import { type BrowserLender, freshBrowsers, type LoanResult } from './browser-pool';
import { ProbeFault } from '../../contracts/probe-fault';

export interface FoundBrowser {
  readonly choice: BrowserChoice;
  readonly passedOver: readonly PassedOver[];
  readonly warnings: readonly string[];
}

/**
 * Lends browsers and finds out with the first of them which one it is: the first candidate that starts as the sign-in wants it.
 * `choice` tells its version from then on. `found` is called once, with the first that started.
 */
export function startAsFound(
  configured: string | null,
  found: (browser: FoundBrowser) => void,
  browsers: BrowserLender = freshBrowsers,
): { readonly choice: BrowserChoice; readonly browsers: BrowserLender } {
  const search = browserCandidates(configured);
  if (!search.ok) throw new ProbeFault(search.why);
  const [first] = search.candidates;
  if (!first) throw new ProbeFault(noBrowser(search.passedOver));
  const choice: { -readonly [Key in keyof BrowserChoice]: BrowserChoice[Key] } = { ...first, version: '' };
  let known = false;

  async function lend(wishes: Parameters<BrowserLender['lend']>[1], sharedAs: string | null): Promise<LoanResult> {
    const passedOver = search.ok ? [...search.passedOver] : [];
    const candidates: readonly BrowserCandidate[] = search.ok ? search.candidates : [];
    for (const candidate of candidates) {
      const lent = await browsers.lend({ ...candidate, version: '' }, wishes, sharedAs);
      if (lent.ok) {
        Object.assign(choice, candidate, { version: lent.loan.browser.version() });
        known = true;
        found({ choice, passedOver, warnings: launchWarnings() });
        return lent;
      }
      passedOver.push({ name: candidate.name, why: lent.why });
    }
    throw new ProbeFault(configured === null ? noBrowser(passedOver) : notStarted(configured, passedOver.at(-1)?.why ?? ''));
  }

  return { choice, browsers: { lend: (_, wishes, sharedAs) => (known ? browsers.lend(choice, wishes, sharedAs) : lend(wishes, sharedAs)) } };
}
