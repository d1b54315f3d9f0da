/** An instant as a server wrote it, in whatever order, digits and halves of the day its language has. */
export interface WrittenTime {
  /** Milliseconds since 1970; local times are read in this machine's zone. */
  readonly atMs: number;
  /** Day and month could be meant the other way round (4/5/2026): that reading. */
  readonly orMs: number | null;
  /** The text says what time zone it is in. */
  readonly zoned: boolean;
}

const morning = /^(a\.?\s?m\b|上午|午前|早上|凌晨|清晨|오전|πμ|π\.μ|ص|SA\b)/iu;
const afternoon = /^(p\.?\s?m\b|下午|午後|中午|晚上|傍晚|오후|μμ|μ\.μ|م|CH\b)/iu;
const parts =
  /(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(\D{1,12}?)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,](\d{1,7}))?([^\S\r\n]*(?:Z\b|GMT|UTC|[+-]\d\d:?\d\d|[^\d\r\n]{0,8}))/u;

/**
 * ISO, .NET's JSON, or day, month and year in the orders people have: 23.11.2026 is day first, 11/23/2026 month first; 4/5/2026 may be either.
 * Null for no time.
 */
export function writtenTime(text: string, utc = false): WrittenTime | null {
  const ticks = /\/Date\((\d{9,14})/.exec(text)?.[1];
  if (ticks) return { atMs: Number(ticks), orMs: null, zoned: true };
  const iso = /(?<!\d)(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*)?(Z|[+-]\d\d:?\d\d)?/.exec(text);
  if (iso) {
    const [, day = '', time = '', fraction = '0', zone] = iso;
    const atMs = Date.parse(`${day}T${time}.${fraction.padEnd(3, '0')}${zone ?? (utc ? 'Z' : '')}`);
    return Number.isNaN(atMs) ? null : { atMs, orMs: null, zoned: utc || zone !== undefined };
  }
  return inParts(text, utc) ?? inWords(text, utc);
}

function inParts(text: string, utc: boolean): WrittenTime | null {
  const found = parts.exec(text);
  if (!found) return null;
  const [, a = '', separator = '', b = '', c = '', before = '', hour = '', minute = '', second = '0', fraction = '0', behind = ''] = found;
  const marks = [before.replace(/^[^\p{L}]+/u, ''), behind.trim()];
  const half = marks.some((mark) => afternoon.test(mark)) ? 12 : 0;
  const twelve = half > 0 || marks.some((mark) => morning.test(mark));
  const hours = Number(hour) > 12 || !twelve ? Number(hour) : (Number(hour) % 12) + half;
  const zone = /^(?:Z$|GMT|UTC|([+-])(\d\d):?(\d\d))/.exec(behind.trim());
  const offsetMs = zone?.[1] ? Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0;
  const zoned = utc || zone !== null;
  const at = (year: number, month: number, day: number): number | null => {
    if (month > 12 || day > 31 || month < 1 || day < 1 || hours > 23 || Number(minute) > 59) return null;
    // Thailand counts from Buddha.
    const full = year < 100 ? 2000 + year : year > 2400 && year < 2700 ? year - 543 : year;
    const clock = [full, month - 1, day, hours, Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0'))] as const;
    return zoned ? Date.UTC(...clock) - offsetMs : new Date(...clock).getTime();
  };
  const [x, y, z] = [Number(a), Number(b), Number(c)];
  const readings = a.length === 4 ? [at(x, y, z)] : separator === '/' ? [at(z, x, y), at(z, y, x)] : [at(z, y, x), at(z, x, y)];
  const [first, other] = readings.filter((reading) => reading !== null);
  return first === undefined ? null : { atMs: first, orMs: other === undefined || other === first ? null : other, zoned };
}

/** "Saturday, November 28, 2026 8:11:52 PM", as PowerShell writes it. */
function inWords(text: string, utc: boolean): WrittenTime | null {
  const line = text.split(/[\r\n]/)[0] ?? '';
  if (!/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(line) || !/\d{4}/.test(line) || !/\d:\d\d/.test(line)) return null;
  const zoned = utc || /GMT|UTC|[+-]\d\d:?\d\d\s*$/.test(line);
  const atMs = Date.parse(utc && !/GMT|UTC/.test(line) ? `${line.trim()} UTC` : line.trim());
  return Number.isNaN(atMs) ? null : { atMs, orMs: null, zoned };
}
