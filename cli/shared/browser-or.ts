import type { Logger } from 'winston';
import type { BrowserChoice, BrowserSearch, FoundBrowser } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';

/** Says which browser was chosen and why others were passed over; a ProbeFault when there is none. */
export function browserOr(search: BrowserSearch, log: Logger): BrowserChoice {
  if (search.ok) {
    sayBrowser(search, log);
    return search.choice;
  }
  sayPassedOver(search.passedOver, log);
  throw new ProbeFault(search.why);
}

/** The same of a browser that was found by starting it. */
export function sayBrowser({ choice, passedOver, warnings }: FoundBrowser, log: Logger): void {
  sayPassedOver(passedOver, log);
  for (const warning of warnings) log.warn(warning);
  log.info(`browser: ${choice.name} ${choice.version}`);
}

function sayPassedOver(passedOver: FoundBrowser['passedOver'], log: Logger): void {
  for (const { name, why } of passedOver) log.debug(`browser ${name} passed over: ${why}`);
}
