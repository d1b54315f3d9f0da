import type { Claim } from '../../contracts/report';
import { type ErrorSources, type ErrorText, errorTexts, inServerLog } from './error-codes';
import { excerpt } from './wording';

/** An error text of one side that says what was looked for. */
export interface Saying {
  readonly claim: Claim;
  /** It stands in an event log, not on a page. */
  readonly inLog: boolean;
}

/** The first text of a side, of a page, an address or an event log, in which the pattern is found; quoted from there on. Null when none says it. */
export function textSaying(evidence: ErrorSources, side: ErrorText['side'], pattern: RegExp): Saying | null {
  for (const { side: of, text, ref } of errorTexts(evidence)) {
    const at = of === side ? text.search(pattern) : -1;
    if (at < 0) continue;
    const who = inServerLog(ref) ? "The server's event log" : side === 'sts' ? "The STS's page" : "CRM's answer";
    // An exception's name stands before what was found: whole words, not the middle of one.
    const from = text.slice(0, at).search(/[\w.]+$/);
    return { claim: { text: `${who} says "${excerpt(text.slice(from < 0 ? at : from))}".`, refs: [ref] }, inLog: inServerLog(ref) };
  }
  return null;
}
