/** One event of an exported Windows event log, before it is matched to a run. */
export interface ServerLogEntry {
  /** By the server's clock, milliseconds since 1970. */
  readonly atMs: number;
  /** Day and month could be meant the other way round (4/5/2026): that reading. */
  readonly orMs: number | null;
  /** The export says what time zone it is in (XML always does). */
  readonly zoned: boolean;
  /** What this event adds to a local time of its file to make it right, where it has its time both ways; milliseconds. */
  readonly zoneShiftMs: number | null;
  readonly source: string;
  readonly log: string | null;
  readonly computer: string | null;
  /** Windows' event number; null where the log has none (CRM's trace). */
  readonly id: number | null;
  readonly level: 'error' | 'warning' | 'information' | 'unknown';
  readonly activityId: string | null;
  /** The whole message; redacted and cut only when it becomes evidence. */
  readonly message: string;
}

const guid = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/i;

/** The Activity ID in a field or a message; null for none and for the empty one. */
export function activityIdIn(text: string | null): string | null {
  const found = guid.exec(text ?? '')?.[0].toLowerCase() ?? null;
  return found === '00000000-0000-0000-0000-000000000000' ? null : found;
}

/** AD FS and WIF write it into the message when the event's own field is empty. */
export const activityIdInMessage = (message: string): string | null => activityIdIn(/Activity ?ID:?\s*\{?[0-9a-f-]{36}/i.exec(message)?.[0] ?? null);
