import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import type { SeriesKey } from '../../contracts/monitoring';
import { durationPattern, type ScheduleFile } from '../../contracts/monitor-config';

export type Schedule = { readonly kind: 'every'; readonly everyMs: number } | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string };

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m` → 300000. The text fits `durationPattern`. */
export function durationMs(text: string): number {
  const [, amount = '', unit = ''] = durationPattern.exec(text) ?? [];
  return Number(amount) * (unitMs[unit] ?? NaN);
}

/** What the configuration says, with the time zone filled in; or what is wrong with it. */
export function readSchedule(file: ScheduleFile, timezone: string): Schedule | { readonly why: string } {
  const [, word, rest = ''] = typeof file === 'string' ? (/^(every|cron)\s+(.*)$/.exec(file) ?? []) : [];
  const every = typeof file === 'string' ? (word === 'every' ? rest.trim() : null) : 'every' in file ? file.every : null;
  if (every !== null) {
    return { kind: 'every', everyMs: durationMs(every) };
  }
  const cron = typeof file === 'string' ? rest.trim() : 'cron' in file ? file.cron : '';
  const zone = typeof file === 'object' && 'cron' in file ? (file.timezone ?? timezone) : timezone;
  const why = cronProblem(cron, zone);
  return why === null ? { kind: 'cron', cron, timezone: zone } : { why };
}

/** What is wrong with a cron expression (five fields: minute, hour, day, month, weekday); null = nothing. */
export function cronProblem(cron: string, timezone: string): string | null {
  if (cron.split(/\s+/).length !== 5) return `expected five fields (minute hour day month weekday) such as 0 6 * * 1-5, found "${cron}"`;
  try {
    return new Cron(cron, { timezone, mode: '5-part' }).nextRun() === null ? `expected a cron expression that comes true some day, found "${cron}"` : null;
  } catch {
    return `expected a cron expression such as 0 6 * * 1-5, found "${cron}"`;
  }
}

/**
 * The instants after `after` up to `until`. `every`: counted from 1970 in fixed steps, each series with its own offset, so that not all begin at once and a
 * restart changes nothing. `cron`: in its time zone; an hour that a change to daylight saving leaves out is made up for right after it, one that comes twice
 * counts once.
 */
export function slotTimes(schedule: Schedule, series: SeriesKey, after: Date, until: Date): Date[] {
  if (schedule.kind === 'cron') {
    const cron = new Cron(schedule.cron, { timezone: schedule.timezone, mode: '5-part' });
    const times: Date[] = [];
    for (let next = cron.nextRun(after); next !== null && next <= until; next = cron.nextRun(next)) times.push(next);
    return times;
  }
  const { everyMs } = schedule;
  const offset = offsetMs(series, everyMs);
  const first = Math.floor((after.getTime() - offset) / everyMs) + 1;
  const last = Math.floor((until.getTime() - offset) / everyMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => new Date((first + n) * everyMs + offset));
}

/** The first instant after `after`. */
export function nextSlot(schedule: Schedule, series: SeriesKey, after: Date): Date {
  if (schedule.kind === 'every')
    return new Date(
      (Math.floor((after.getTime() - offsetMs(series, schedule.everyMs)) / schedule.everyMs) + 1) * schedule.everyMs + offsetMs(series, schedule.everyMs),
    );
  return new Cron(schedule.cron, { timezone: schedule.timezone, mode: '5-part' }).nextRun(after) ?? new Date(after.getTime() + (unitMs.d ?? 0));
}

/** Whole seconds, the same on every machine. */
function offsetMs({ target, route, location }: SeriesKey, everyMs: number): number {
  const hash = createHash('sha256').update(`${target}\n${route}\n${location}`).digest().readUInt32BE(0);
  return (hash % Math.floor(everyMs / 1_000)) * 1_000;
}
