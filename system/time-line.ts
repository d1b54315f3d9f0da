/** Where the time of one run goes: what was reached when, in ms since the process began. */
export interface TimeLine {
  mark(what: string): void;
  /** Things that were noted elsewhere, in ms after `from` (by performance.now()). */
  add(from: number, events: readonly { readonly what: string; readonly atMs: number }[]): void;
  /** One line each, in order, with how long after the one before. */
  text(): string;
}

export function createTimeLine(): TimeLine {
  const events: { what: string; atMs: number }[] = [{ what: 'the process began', atMs: 0 }];
  return {
    mark: (what) => void events.push({ what, atMs: performance.now() }),
    add: (from, more) => void events.push(...more.map(({ what, atMs }) => ({ what, atMs: from + atMs }))),
    text: () => {
      const sorted = [...events].sort((a, b) => a.atMs - b.atMs);
      const lines = sorted.map(({ what, atMs }, index) => {
        const after = Math.round(atMs - (sorted[index - 1]?.atMs ?? 0));
        return `${String(Math.round(atMs)).padStart(7)} ms ${`+${after}`.padStart(7)}  ${what}`;
      });
      return `${lines.join('\n')}\n`;
    },
  };
}
