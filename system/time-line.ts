/** Where the time of one run goes: what was reached when, in ms since the process began. */
export interface TimeLine {
  mark(what: string): void;
  /** Things that were noted elsewhere, in ms after `from` (by performance.now()). */
  add(from: number, events: readonly { readonly what: string; readonly atMs: number }[]): void;
  /** One line each, in order: when, how long after the one before, and what the probe's own process had worked until a mark (ms of CPU). */
  text(): string;
}

interface Event {
  readonly what: string;
  readonly atMs: number;
  readonly cpuMs: number | null;
}

export function createTimeLine(): TimeLine {
  const events: Event[] = [{ what: 'the process began', atMs: 0, cpuMs: 0 }];
  return {
    mark: (what) => {
      const { user, system } = process.cpuUsage();
      events.push({ what, atMs: performance.now(), cpuMs: (user + system) / 1000 });
    },
    add: (from, more) => void events.push(...more.map(({ what, atMs }) => ({ what, atMs: from + atMs, cpuMs: null }))),
    text: () => {
      const sorted = [...events].sort((a, b) => a.atMs - b.atMs);
      const lines = sorted.map(({ what, atMs, cpuMs }, index) => {
        const after = Math.round(atMs - (sorted[index - 1]?.atMs ?? 0));
        const worked = cpuMs === null ? '' : `${Math.round(cpuMs)} ms`;
        return `${String(Math.round(atMs)).padStart(7)} ms ${`+${after}`.padStart(7)} ${worked.padStart(9)}  ${what}`;
      });
      return `     at    after     worked\n${lines.join('\n')}\n`;
    },
  };
}
