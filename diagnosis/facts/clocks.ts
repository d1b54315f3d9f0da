import type { RouteEvidence } from '../../contracts/evidence';
import { duration } from './wording';

type Reading = RouteEvidence['clocks'][number];

/** CRM's clock minus the STS's clock. */
export interface ClockSkew {
  /** Positive: CRM is ahead. */
  readonly skewMs: number;
  readonly uncertaintyMs: number;
  readonly crm: Reading;
  readonly sts: Reading;
}

/** WIF's default tolerance, five minutes (field guide §12, [R]; Microsoft's guide names the same limit, [D]). */
export const toleratedSkewMs = 300_000;

/** Below this the clock twin counts as refuted (field guide §12). */
export const harmlessSkewMs = 60_000;

/**
 * The skew by Date headers, and by the times the servers write themselves (wct, wsu:Created). A proxy can answer with its own Date, so both are
 * given when both are there; the larger one comes first.
 */
export function clockSkews({ clocks }: Pick<RouteEvidence, 'clocks'>): readonly ClockSkew[] {
  const best = (role: Reading['role'], sources: readonly Reading['source'][]): Reading | null =>
    clocks.filter((clock) => clock.role === role && sources.includes(clock.source)).sort((a, b) => a.uncertaintyMs - b.uncertaintyMs)[0] ?? null;
  const pair = (crm: Reading | null, sts: Reading | null): ClockSkew[] =>
    crm && sts ? [{ skewMs: crm.offsetMs - sts.offsetMs, uncertaintyMs: crm.uncertaintyMs + sts.uncertaintyMs, crm, sts }] : [];
  const byHeader = pair(best('crm', ['Date']), best('sts', ['Date']));
  const byServer = pair(best('crm', ['wct', 'wsu:Created']), best('sts', ['wsu:Created', 'wct']));
  const all = byHeader.length + byServer.length > 0 ? [...byHeader, ...byServer] : pair(anyOf(clocks, 'crm'), anyOf(clocks, 'sts'));
  return all.sort((a, b) => Math.abs(b.skewMs) - Math.abs(a.skewMs));
}

/** "10 min behind", "2 s ahead of", or agreement where the reading cannot tell a difference. */
export function skewWords({ skewMs, uncertaintyMs }: ClockSkew): string {
  if (Math.abs(skewMs) <= uncertaintyMs) return 'in step with';
  return skewMs < 0 ? `${duration(skewMs)} behind` : `${duration(skewMs)} ahead of`;
}

/** The time a server took this run for: the probe's start, put right by the best reading of the server's clock. */
export function serverNow({ clocks, startedAt }: Pick<RouteEvidence, 'clocks' | 'startedAt'>, role: Reading['role']): Date {
  return new Date(new Date(startedAt).getTime() + (anyOf(clocks, role)?.offsetMs ?? 0));
}

/** By whose clock `serverNow` tells the time. */
export const clockName = ({ clocks }: Pick<RouteEvidence, 'clocks'>, role: Reading['role']): string =>
  anyOf(clocks, role) ? (role === 'sts' ? "the STS's clock" : "CRM's clock") : "the probe's clock";

/** An instant of this machine's clock by the STS's clock, which decides its rollover. Offsets within the tolerance count as none. */
export function byStsClock(at: string, clocks: readonly Reading[]): string {
  const sts = anyOf(clocks, 'sts');
  return sts && Math.abs(sts.offsetMs) > toleratedSkewMs ? new Date(new Date(at).getTime() + sts.offsetMs).toISOString() : at;
}

const anyOf = (clocks: readonly Reading[], role: Reading['role']): Reading | null =>
  clocks.filter((clock) => clock.role === role).sort((a, b) => a.uncertaintyMs - b.uncertaintyMs)[0] ?? null;
