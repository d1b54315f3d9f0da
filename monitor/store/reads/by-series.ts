/** Rows by their series, in their order. */
export function bySeries<Row extends { readonly series_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.series_id);
    if (group) group.push(row);
    else groups.set(row.series_id, [row]);
  }
  return groups;
}
