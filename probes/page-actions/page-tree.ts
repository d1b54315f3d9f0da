import type { Page } from 'playwright';

/** An element as Playwright's trace viewer draws it: name, attributes, children; a string is a text. */
export type TreeNode = string | [string, Record<string, string>, ...TreeNode[]];

const answerWithinMs = 3_000;
const most = { nodes: 3_000, style: 200_000, text: 2_000 };

/**
 * The visible structure of the page on screen: known elements, a few harmless attributes, texts and style sheets. No scripts, no values of fields, no frames'
 * contents, no pictures. null when the page is being replaced or does not answer.
 */
export async function readPageTree(page: Page): Promise<TreeNode | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerWithinMs);
  });
  return Promise.race([page.evaluate(readTree, most).catch(() => null), late]).finally(() => clearTimeout(timer));
}

/** Runs inside the page: must not refer to anything outside itself. */
function readTree({ nodes, style, text }: typeof most): TreeNode | null {
  const elements =
    /^(a|abbr|address|article|aside|b|blockquote|br|button|caption|code|col|colgroup|dd|div|dl|dt|em|fieldset|figure|footer|form|h[1-6]|header|hr|i|iframe|img|input|label|legend|li|main|nav|ol|optgroup|option|p|pre|section|select|small|span|strong|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|u|ul)$/;
  const attributes = [
    'id',
    'class',
    'type',
    'name',
    'for',
    'role',
    'title',
    'alt',
    'placeholder',
    'aria-label',
    'colspan',
    'rowspan',
    'disabled',
    'lang',
    'dir',
  ];
  const silent = /^(script|noscript|template|object|embed|video|audio|canvas|style|link|meta|base|head)$/;
  const empty = /^(textarea|iframe|img|input|svg|br|hr)$/;
  let left = nodes;
  const walk = (element: Element): TreeNode | null => {
    const name = element.localName;
    if (left-- <= 0 || silent.test(name) || getComputedStyle(element).display === 'none') return null;
    const kept: Record<string, string> = {};
    for (const attribute of attributes) {
      const value = element.getAttribute(attribute);
      if (value !== null) kept[attribute] = value.slice(0, 200);
    }
    const type = (element.getAttribute('type') ?? '').toLowerCase();
    if (name === 'input' && /^(submit|button|reset)$/.test(type)) kept['value'] = (element.getAttribute('value') ?? '').slice(0, 200);
    const children: TreeNode[] = [];
    if (!empty.test(name))
      for (const child of element.childNodes) {
        if (child.nodeType === 3) children.push((child.textContent ?? '').slice(0, text));
        else if (child.nodeType === 1) children.push(...[walk(child as Element)].filter((each) => each !== null));
      }
    return [elements.test(name) ? name.toUpperCase() : 'DIV', kept, ...children];
  };
  let sheets = '';
  for (const sheet of document.styleSheets) {
    try {
      for (const rule of sheet.cssRules) if (sheets.length < style) sheets += `${rule.cssText}\n`;
    } catch {
      // another origin's: its rules are not ours to read
    }
  }
  // Nothing is to be fetched when somebody looks at it, and an address could tell something.
  const plain = sheets.replace(/@import[^;]*;?/gi, '').replace(/url\([^)]*\)/gi, 'none');
  const body = document.body ? walk(document.body) : null;
  return body && ['HTML', {}, ['HEAD', {}, ['STYLE', {}, plain.replace(/<\//g, '')]], body];
}
