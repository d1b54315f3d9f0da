import { availableParallelism, freemem } from 'node:os';
import { readFileSync } from 'node:fs';

/** What one sign-in needs at most, browser included (docs/monitoring.md, "Sizing"). */
const perSignInMb = 350;
/** Left for everything else on the machine. */
const reserveMb = 300;

/** How many sign-ins at once: as configured; else one per core, fewer while memory is short, never less than one. */
export function capacity(configured: number | null): number {
  if (configured !== null) return configured;
  const byMemory = Math.floor((freeMb() - reserveMb) / perSignInMb);
  return Math.max(1, Math.min(availableParallelism(), byMemory));
}

/** Linux counts the page cache as used; what could be had at once is in /proc/meminfo. */
function freeMb(): number {
  if (process.platform === 'linux')
    try {
      const kb = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
      if (kb !== undefined) return Number(kb) / 1024;
    } catch {
      // not there in some containers
    }
  return freemem() / 1024 / 1024;
}
