/** A server's clock: the machine's time plus an offset that a test may move at any moment. */
export interface Clock {
  now(): Date;
  offsetSeconds: number;
}

/** A clock that runs with the machine's time, `offsetSeconds` ahead of it (behind it when below zero). */
export function createClock(offsetSeconds = 0): Clock {
  return {
    offsetSeconds,
    now() {
      return new Date(Date.now() + this.offsetSeconds * 1000);
    },
  };
}
