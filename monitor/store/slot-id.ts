import { createHash } from 'node:crypto';
import type { SeriesKey } from '../../contracts/monitoring';

/** The id of a slot: the same for everybody who plans it. A UUID of version 8 (RFC 9562), from SHA-256. */
export function slotId({ target, route, location }: SeriesKey, slotAt: Date): string {
  return uuidOf(`${target}\n${route}\n${location}\n${slotAt.toISOString()}`);
}

/** The id of the queue's job for one attempt of a slot. */
export const jobId = (slot: string, attempt: number): string => uuidOf(`${slot}\n${attempt}`);

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
