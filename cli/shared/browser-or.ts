import type { Logger } from 'winston';
import type { BrowserChoice, BrowserSearch } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';

/** Says which browser was chosen and why others were passed over; a ProbeFault when there is none. */
export function browserOr(search: BrowserSearch, log: Logger): BrowserChoice {
  for (const { name, why } of search.passedOver) log.debug(`browser ${name} passed over: ${why}`);
  if (!search.ok) throw new ProbeFault(search.why);
  for (const warning of search.warnings) log.warn(warning);
  log.info(`browser: ${search.choice.name} ${search.choice.version}`);
  return search.choice;
}
