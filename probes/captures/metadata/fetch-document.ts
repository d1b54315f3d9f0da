/** Fetching one anonymous document (metadata, WSDL): retried on passing faults, bounded, with the server's Date as a clock reading. */
import type { Target } from '../../../contracts/target';
import { httpsGet, type GetResult } from '../../network/https-get';
import type { Lookup } from '../../network/lookup';
import { retrying } from '../../../system/retry-policy';

/** A Date header with when it was asked for and came, milliseconds since 1970 by the probe's clock. */
export interface DateSample {
  readonly host: string;
  readonly date: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

export interface FetchContext {
  readonly target: Target;
  readonly lookup: Lookup;
  readonly signal?: AbortSignal | undefined;
}

const timeoutMs = 8000;
/** The federation gate refuses more anyway. */
const maxBytes = 1024 * 1024;

/** The answer to a GET, and the clock reading it carries (null without one). Never throws. */
export async function fetchDocument(
  url: string,
  { target, lookup, signal }: FetchContext,
  accept: string,
): Promise<{ answer: GetResult; dateSample: DateSample | null }> {
  const answer = await retrying(
    () => httpsGet(url, { lookup, caFile: target.caFile, timeoutMs, maxBytes, headers: { accept }, signal }),
    (result) => (result.ok ? null : result.code),
    { signal },
  );
  if (!answer.ok || typeof answer.headers.date !== 'string') return { answer, dateSample: null };
  const { sentAtMs, answeredAtMs } = answer;
  return { answer, dateSample: { host: new URL(url).hostname, date: answer.headers.date, sentAtMs, answeredAtMs } };
}
