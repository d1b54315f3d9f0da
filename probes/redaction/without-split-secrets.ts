/** The fewest texts that a secret would be worth splitting over, as it is told letter by letter. */
const fewest = 3;

/**
 * A copy of plain JSON data in which no list tells a secret piece by piece (a letter per console line, field name or title):
 * where the texts of a list, read one after the other, hold one, each becomes `[masked]`. `clean`: the redactor's; every single text has passed it.
 */
export function withoutSplitSecrets<T>(data: T, clean: (text: string) => string): T {
  return walk(data) as T;

  function walk(value: unknown): unknown {
    if (Array.isArray(value)) return masked(value.map(walk));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]));
  }

  function masked(list: readonly unknown[]): readonly unknown[] {
    if (list.length < fewest) return list;
    if (list.every((each) => typeof each === 'string')) return tells(list) ? list.map(() => '[masked]') : list;
    const keys = new Set(list.flatMap((each) => (typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.keys(each) : [])));
    const telling = [...keys].filter((key) => tells(list.flatMap((each) => textAt(each, key))));
    if (telling.length === 0) return list;
    return list.map((each) =>
      Object.fromEntries(
        Object.entries(each as object).map(([key, part]) => [key, telling.includes(key) && typeof part === 'string' ? '[masked]' : (part as unknown)]),
      ),
    );
  }

  function tells(texts: readonly string[]): boolean {
    // The last sign keeps the end from being taken for a place where something was cut off.
    const together = `${texts.join('\n')}\n|`;
    return texts.length >= fewest && clean(together) !== together;
  }
}

function textAt(each: unknown, key: string): string[] {
  const text = typeof each === 'object' && each !== null ? (each as Record<string, unknown>)[key] : null;
  return typeof text === 'string' ? [text] : [];
}
