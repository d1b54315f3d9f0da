import type { RouteState } from '../../contracts/baseline';
import { duration } from '../facts/wording';

interface ClockDifference {
  readonly id: string;
  readonly where: string;
  readonly before: string;
  readonly after: string;
  readonly meaning: string;
}

/** Jumps up to this much are of no consequence for sign-in (AD FS and CRM tolerate minutes), and NTP makes them. */
const harmlessMs = 60_000;

/** The STS's clock against the probe's, and CRM's against the STS's: so a probe whose own clock was set does not accuse both servers. */
export function compareClocks(before: RouteState, after: RouteState): ClockDifference[] {
  const readings = [
    ['sts', 'Clock of AD FS against the probe’s', 'AD FS’s clock (or the probe’s) was moved. Tokens carry AD FS’s time.'],
    ['skew', 'Clock of CRM against AD FS’s', 'CRM refuses tokens that are not valid yet or any more by its own clock; five minutes are tolerated.'],
  ] as const;
  return readings.flatMap(([id, where, meaning]): ClockDifference[] => {
    const [a, b] = [reading(before, id), reading(after, id)];
    if (a === null || b === null || Math.abs(b.ms - a.ms) <= harmlessMs + a.uncertaintyMs + b.uncertaintyMs) return [];
    return [{ id, where, before: words(a.ms), after: words(b.ms), meaning }];
  });
}

function reading({ clocks }: RouteState, id: 'sts' | 'skew'): { readonly ms: number; readonly uncertaintyMs: number } | null {
  const best = (role: 'sts' | 'crm') => clocks.filter((clock) => clock.role === role).sort((a, b) => a.uncertaintyMs - b.uncertaintyMs)[0];
  const [sts, crm] = [best('sts'), best('crm')];
  if (!sts) return null;
  if (id === 'sts') return { ms: sts.offsetMs, uncertaintyMs: sts.uncertaintyMs };
  return crm ? { ms: crm.offsetMs - sts.offsetMs, uncertaintyMs: crm.uncertaintyMs + sts.uncertaintyMs } : null;
}

const words = (ms: number): string => (Math.abs(ms) < 1000 ? 'in step' : `${duration(ms)} ${ms < 0 ? 'behind' : 'ahead'}`);
