/**
 * An xs:dateTime as ISO text in UTC, or null where it is none. SAML times without a zone are UTC (SAML core §1.3.3); fractions finer than a
 * millisecond, as .NET writes them, are cut.
 */
export const instant = (text: string | null): string | null => {
  const found = text === null ? null : /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,12})?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!found) return null;
  const time = new Date(`${found[1]}${(found[2] ?? '').slice(0, 4)}${found[3] ?? 'Z'}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
};
