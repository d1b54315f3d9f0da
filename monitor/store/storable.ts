/**
 * The values of a statement as Postgres takes them. Its texts have no place for the character U+0000, and a page, a certificate or a visitor may send one: a
 * result that is refused for it would be handed in again and again, for ever. A visible box stands for it, as in reports.
 */
export const storable = (values: readonly unknown[]): unknown[] => values.map(withoutNul);

const withoutNul = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\u25A1') : Array.isArray(value) ? value.map(withoutNul) : value;

/** A value for a column of JSON, which refuses that character as an escape, too. */
export const storableJson = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => withoutNul(part));
