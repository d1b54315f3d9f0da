import { loopValue, readLoopValue } from './cookies';

export interface LoopDetectionSettings {
  readonly enabled: boolean;
  readonly maxTokens: number;
  readonly intervalSeconds: number;
}

export type LoopVerdict = { readonly kind: 'issue'; readonly cookie: string } | { readonly kind: 'loop'; readonly requests: number; readonly seconds: number };

/**
 * Counts the tokens of one browser session by its MSISLoopDetectionCookie: more than `maxTokens` within `intervalSeconds` is a loop
 * (field guide section 9: an error on the sixth token). The cookie keeps the time of the first token of the interval.
 */
export function judgeLoop(settings: LoopDetectionSettings, cookie: string | null, now: Date): LoopVerdict {
  const seen = cookie === null ? null : readLoopValue(cookie);
  const elapsedSeconds = seen ? Math.floor((now.getTime() - seen.since.getTime()) / 1000) : 0;
  // A time in the future means the clock was put back: count anew.
  if (!seen || elapsedSeconds < 0 || elapsedSeconds >= settings.intervalSeconds) return { kind: 'issue', cookie: loopValue(now, 1) };
  const requests = seen.count + 1;
  if (settings.enabled && requests > settings.maxTokens) return { kind: 'loop', requests, seconds: elapsedSeconds };
  return { kind: 'issue', cookie: loopValue(seen.since, requests) };
}
