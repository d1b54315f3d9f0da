/**
 * AD FS signs claim values with their carriage returns, but every XML parser turns CR LF into LF before anyone can hash it, so a good signature looks
 * broken. These spellings of the source make the parser keep the CR: it is written as a character reference.
 */

/** Rewrites the character data behind the root's start tag; comments, tags and processing instructions stay as they are. */
const rewriteCharacterData = (source: string, from: number, rewrite: (text: string) => string): string => {
  const out = [source.slice(0, from)];
  let at = from;
  const copyTo = (end: number): void => {
    out.push(source.slice(at, end));
    at = end;
  };
  const endOf = (mark: string, start: number): number => {
    const found = source.indexOf(mark, start);
    return found < 0 ? source.length : found + mark.length;
  };
  while (at < source.length) {
    const tag = source.indexOf('<', at);
    const textEnd = tag < 0 ? source.length : tag;
    out.push(rewrite(source.slice(at, textEnd)));
    at = textEnd;
    if (source.startsWith('<!--', at)) copyTo(endOf('-->', at + 4));
    else if (source.startsWith('<![CDATA[', at)) {
      const end = endOf(']]>', at + 9);
      // A reference means nothing inside CDATA: close the section around it.
      out.push(rewrite(source.slice(at, end)).replaceAll('&#xD;', ']]>&#xD;<![CDATA['));
      at = end;
    } else if (source.startsWith('<?', at)) copyTo(endOf('?>', at + 2));
    else if (at < source.length) copyTo(tagEnd(source, at));
  }
  return out.join('');
};

/** Position behind a tag; ">" may stand inside a quoted attribute value. */
const tagEnd = (source: string, start: number): number => {
  let quote: string | null = null;
  for (let at = start; at < source.length; at += 1) {
    const c = source.charAt(at);
    if (quote !== null) {
      if (c === quote) quote = null;
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return at + 1;
  }
  return source.length;
};

/**
 * Other spellings of a well-formed document whose text nodes hold the carriage returns that parsing removes, most exact first: every CR of the source
 * kept, then every line end as CR LF (for a message that lost its CRs on the way). Empty when the text has no line ends.
 * @param source the text the document was parsed from
 * @param rootTagStart where the root element begins: nothing before it is touched
 */
export const withCarriageReturns = (source: string, rootTagStart: number): string[] => {
  const kept = source.includes('\r') ? [rewriteCharacterData(source, rootTagStart, (text) => text.replaceAll('\r', '&#xD;'))] : [];
  const all = rewriteCharacterData(source, rootTagStart, (text) => text.replace(/\r\n?|\n/g, '&#xD;\n'));
  return all === source || all === kept[0] ? kept : [...kept, all];
};
