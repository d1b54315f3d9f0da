/** Fields of the first form of an HTML page that posts a token. */
export interface AutoPostPage {
  /** The form's action, as written; null where absent. */
  readonly action: string | null;
  /** Hidden (and other) input fields by name, decoded. */
  readonly fields: ReadonlyMap<string, string>;
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: '\u00A0' };

/** Undoes HTML escapes of attribute values. */
export const decodeHtml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([a-z]{2,4}));/g, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return namedEntities[name] ?? whole;
    const point = decimal !== undefined ? parseInt(decimal, 10) : parseInt(hex ?? '', 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

const attributePattern = /[\s/]*([^\s=>"'/<]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;
const maxTags = 500;

/**
 * Reads form and input tags of an HTML page without building it; values may hold bare ">" (AD FS escapes only `<`, `"` and `&`, field guide §2).
 * Linear: every tag is read once, from where the last one ended.
 */
export const readAutoPostPage = (html: string): AutoPostPage => {
  const fields = new Map<string, string>();
  let action: string | null = null;
  const tagPattern = /<(form|input)(?=[\s/>])/gi;
  for (let count = 0, tag = tagPattern.exec(html); tag && count < maxTags; count += 1, tag = tagPattern.exec(html)) {
    const attributes = new Map<string, string>();
    attributePattern.lastIndex = tagPattern.lastIndex;
    for (let found = attributePattern.exec(html); found; found = attributePattern.exec(html)) {
      const name = (found[1] ?? '').toLowerCase();
      if (!attributes.has(name)) attributes.set(name, decodeHtml(found[2] ?? found[3] ?? found[4] ?? ''));
      tagPattern.lastIndex = attributePattern.lastIndex;
      attributePattern.lastIndex = tagPattern.lastIndex;
    }
    const name = attributes.get('name');
    if (tag[1]?.toLowerCase() === 'form') action ??= attributes.get('action') ?? null;
    else if (name && !fields.has(name)) fields.set(name, attributes.get('value') ?? '');
  }
  return { action, fields };
};
