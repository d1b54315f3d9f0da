/**
 * The only user of p-retry: what may be tried again after a passing network fault. That is DNS, opening a connection and fetching metadata, and never a
 * credential submission (one wrong try per run; an account must not be locked by its own monitor).
 */
import pRetry from 'p-retry';
import { expected } from './expected';

export interface RetryLimits {
  /** Ends waiting and trying; the last result stays. */
  readonly signal?: AbortSignal | undefined;
  /** No further try begins after this time. Default 5000. */
  readonly maxTimeMs?: number;
}

/**
 * How often each passing fault is worth another try. A refused connection is retried once:
 * a service in restart answers so for a moment, a stopped one for good.
 */
const retriesOf: Readonly<Record<string, number>> = { ECONNRESET: 2, ETIMEDOUT: 2, ETIMEOUT: 2, EAI_AGAIN: 2, ESERVFAIL: 2, ECONNREFUSED: 1 };

/** Carries a result through p-retry, which only knows thrown errors. */
class PassingFault extends Error {}

/**
 * Runs `attempt` and, while `codeOf` names a passing fault in its result, again: at most twice, after about 100 and 200 ms.
 * The result is always the last attempt's; faults are data, so nothing is thrown but what `attempt` itself throws.
 */
export async function retrying<T>(attempt: () => Promise<T>, codeOf: (result: T) => string | null, { signal, maxTimeMs = 5000 }: RetryLimits = {}): Promise<T> {
  if (signal?.aborted) return attempt(); // which says so itself; p-retry would throw
  const results: { readonly result: T }[] = [];
  let foreign: { readonly error: unknown } | null = null;
  const once = async (): Promise<void> => {
    let last: T;
    try {
      last = await attempt();
      results.push({ result: last });
    } catch (error) {
      foreign = { error };
      return;
    }
    const code = codeOf(last);
    if (code !== null && retriesOf[code] !== undefined) throw new PassingFault(code);
  };
  await pRetry(once, {
    retries: 2,
    factor: 2,
    minTimeout: 100,
    maxTimeout: 400,
    randomize: false,
    maxRetryTime: maxTimeMs,
    signal,
    shouldRetry: ({ error, attemptNumber }) => attemptNumber <= (retriesOf[error.message] ?? 0),
  }).catch((error: unknown) => {
    // An abort or the last fault: the last result tells it. Without any result there is nothing to tell it with.
    if (results.length === 0) throw error;
  });
  if (foreign !== null) throw (foreign as { error: unknown }).error;
  return expected(results.at(-1), 'a result of some attempt').result;
}
