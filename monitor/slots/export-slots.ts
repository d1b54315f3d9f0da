import type { Slot } from '../../contracts/monitoring';
import { safeJson } from '../../reports/safe-json';
import { oneLine } from '../../reports/safe-text';
import type { Queries } from '../store/database';
import { type Row, slotColumns, slotOf } from '../store/slot-rows';

export const exportFormats = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const pageSize = 2_000;
const columns = [
  'id',
  'target',
  'route',
  'location',
  'slotAt',
  'origin',
  'state',
  'missedBecause',
  'cause',
  'causeTitle',
  'kb',
  'why',
  'startedAt',
  'finishedAt',
  'totalMs',
  'attempts',
  'runId',
] as const satisfies readonly (keyof Slot)[];

/** All slots that ended within the span, the oldest first, as text: JSON lines, or CSV with a heading. Reads page by page, whatever the size of the store. */
export async function* exportSlots(
  db: Queries,
  format: ExportFormat,
  span: { readonly from: string | null; readonly to: string | null },
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  let after: { readonly at: string; readonly id: string } | null = null;
  for (;;) {
    const rows: Row[] = await db.query<Row>(
      `SELECT ${slotColumns} FROM slots s JOIN series r ON r.id = s.series_id
       WHERE s.state NOT IN ('planned', 'running') AND ($1::timestamptz IS NULL OR s.slot_at >= $1) AND ($2::timestamptz IS NULL OR s.slot_at < $2)
         AND ($3::timestamptz IS NULL OR (s.slot_at, s.id) > ($3, $4::uuid))
       ORDER BY s.slot_at, s.id LIMIT ${pageSize}`,
      [span.from, span.to, after?.at ?? null, after?.id ?? null],
    );
    const slots = rows.map(slotOf);
    yield slots.map((slot) => (format === 'csv' ? csvLine(slot) : `${safeJson(slot)}\n`)).join('');
    const last = slots.at(-1);
    if (!last || slots.length < pageSize) return;
    after = { at: last.slotAt, id: last.id };
  }
}

const csvLine = (slot: Slot): string => `${columns.map((column) => csvCell(slot[column])).join(',')}\r\n`;

/** Begins a formula, also as typed with an Asian keyboard: at the start, or behind what a spreadsheet set up otherwise takes for the end of a cell. */
const formulas = /(^|[;,|"'])(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=[|%])/g;

/** A cell of RFC 4180, on one line. An apostrophe stands before what a spreadsheet would take for a formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = oneLine(value).replace(formulas, "$1$2'");
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
