/** Instants, durations and distances in time as people read them. All in UTC; text that is no instant is passed through. */

export const dayMs = 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** Milliseconds since 1970, or null where the text is no instant. */
export const instantMs = (iso: string): number | null => {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
};

/** `18 Nov 2025` */
export const dayText = (iso: string): string => {
  const ms = instantMs(iso);
  if (ms === null) return iso;
  const date = new Date(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
};

/** `Nov 2025` */
export const monthText = (ms: number): string => `${months[new Date(ms).getUTCMonth()]} ${new Date(ms).getUTCFullYear()}`;

/** `18 Nov 2025 02:47 UTC` */
export const minuteText = (iso: string): string => {
  const ms = instantMs(iso);
  if (ms === null) return iso;
  const date = new Date(ms);
  return `${dayText(iso)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
};

/** `18 Nov 2025 02:47:10 UTC` */
export const secondText = (iso: string): string => {
  const ms = instantMs(iso);
  return ms === null ? iso : minuteText(iso).replace(' UTC', `:${two(new Date(ms).getUTCSeconds())} UTC`);
};

/** `41 ms`, `1.83 s`, `12.4 s`, `2 min 5 s`, `3 h 20 min` */
export const durationText = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
};

/** A clock's offset: `0.3 s ahead`, `10 min behind`, `exact`. */
export const offsetText = (ms: number): string => (Math.abs(ms) < 1 ? 'exact' : `${durationText(Math.abs(ms))} ${ms > 0 ? 'ahead' : 'behind'}`);

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The distance between two instants without direction: `9 days`, `14 hours`, `20 minutes`, `40 seconds`; null where one is no instant. */
export const distanceText = (from: string, to: string): string | null => {
  const start = instantMs(from);
  const end = instantMs(to);
  if (start === null || end === null) return null;
  const ms = Math.abs(end - start);
  if (ms >= 2 * dayMs) return counted(Math.floor(ms / dayMs), 'day');
  if (ms >= 2 * 3_600_000) return counted(Math.floor(ms / 3_600_000), 'hour');
  return ms >= 2 * 60_000 ? counted(Math.floor(ms / 60_000), 'minute') : counted(Math.round(ms / 1000), 'second');
};

/** `in 9 days`, `3 days ago`; empty where one is no instant. */
export const whenText = (now: string, instant: string): string => {
  const distance = distanceText(now, instant);
  if (distance === null) return '';
  return (instantMs(instant) ?? 0) >= (instantMs(now) ?? 0) ? `in ${distance}` : `${distance} ago`;
};

/** `1,987 bytes` */
export const bytesText = (bytes: number): string => `${String(Math.round(bytes)).replace(/\B(?=(\d{3})+$)/g, ',')} bytes`;
