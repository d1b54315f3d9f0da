import type { InferredZone } from '../../contracts/evidence';

const from: Readonly<Record<InferredZone['by'], string>> = {
  'activity-id': 'inferred from the event with the page’s Activity ID',
  'utc-line': 'inferred from an event of the same file that has its time in UTC as well',
  'token-post': 'inferred: only so an event falls together with the token’s POST',
  'this-machine': 'inferred: the zone of the machine that read it, as nothing else tells',
};

/** `UTC+05:30` */
const offsetText = (minutes: number): string =>
  `UTC${minutes < 0 ? '-' : '+'}${[Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, '0')).join(':')}`;

/** "the log does not say its time zone, taken as UTC+01:00 (inferred …)"; null where the log writes it. */
export const zoneWords = (zone: InferredZone | null): string | null =>
  zone === null ? null : `the log does not say its time zone; taken as ${offsetText(zone.offsetMinutes)} (${from[zone.by]})`;

export const inBrackets = (words: string | null): string => (words === null ? '' : ` [${words}]`);
