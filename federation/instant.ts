const dateTime = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/;

/**
 * An xs:dateTime as ISO text in UTC, or null where it is none. SAML times without a zone are UTC (SAML core §1.3.3) and know no leap seconds;
 * fractions finer than a millisecond, as .NET writes them, are cut.
 */
export const instant = (text: string | null): string | null => {
  const [whole, date, time, fraction = '', zone = 'Z'] = dateTime.exec(text ?? '') ?? [];
  if (whole === undefined || date === undefined || date.startsWith('0000')) return null;
  const midnight = new Date(`${date}T00:00:00Z`);
  // Date takes 30 February for 1 March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return null;
  const found = new Date(`${date}${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(found.getTime()) ? null : found.toISOString();
};
