/** A report in which every text a probed server could choose is an attack: whatever the schema lets be any text. */
import type { z } from 'zod';
import { type Report, reportSchema } from '../../contracts/report';

/** Ends markup, attributes, scripts, comments, tables and code spans; drives a terminal; reorders text. */
export const attack =
  `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;</style></pre>]]>-->javascript:alert(1)|\`\`\`|{{7*7}}\u001B[31m\u001B]0;` +
  `owned\u0007\u202Egnp.exe\n# owned\r\n[x](javascript:alert(1)) ${'W'.repeat(60)}`;

type Path = readonly PropertyKey[];

const replaceStrings = (value: unknown, path: Path, keep: ReadonlySet<string>, by: string): unknown => {
  if (typeof value === 'string') return keep.has(JSON.stringify(path)) ? value : by;
  if (Array.isArray(value)) return value.map((item, index) => replaceStrings(item, [...path, index], keep, by));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [path.at(-1) === 'texts' ? `${key}${by}` : key, replaceStrings(item, [...path, key], keep, by)]),
    );
  return value;
};

/**
 * Replaces by the attack, or by another text, every string except those the schema restricts (words of the contract, instants); the result passes the schema.
 */
export const hostile = <Document>(schema: z.ZodType<Document>, sample: Document, by = attack): Document => {
  const keep = new Set<string>();
  for (;;) {
    const parsed = schema.safeParse(replaceStrings(sample, [], keep, by));
    if (parsed.success) return parsed.data;
    const before = keep.size;
    for (const { path } of parsed.error.issues) keep.add(JSON.stringify(path));
    if (keep.size === before) throw new Error(`the sample itself does not pass the schema: ${parsed.error.message}`);
  }
};

export const hostileReport = (sample: Report): Report => hostile(reportSchema, sample);
