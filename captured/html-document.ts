/**
 * Reads what is needed of an HTML page without building it: title, text, known elements, form controls. Pages are taken as they are saved, cut off
 * or not well formed; linear in their length.
 */
import { decodeHtml } from '../federation/auto-post-page';

export interface HtmlField {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly hint: string;
}

export interface HtmlDocument {
  readonly title: string;
  /** Text that is not hidden by its own markup, at most 2,000 characters. */
  readonly text: string;
  /** Text of the elements with known ids, when non-empty (field guide §7). */
  readonly texts: Readonly<Record<string, string>>;
  /** Ids in the document; `data-id-topBar` for CRM's bar. */
  readonly ids: ReadonlySet<string>;
  /** Visible form controls. */
  readonly fields: readonly HtmlField[];
  /** The password field that stands alone in its form. */
  readonly signInPassword: HtmlField | null;
  readonly passwordFields: number;
  readonly formAction: string | null;
  readonly carriesToken: boolean;
}

/** AD FS fills these in only when they say something, so their text counts wherever they stand. */
const detailIds = ['activityId', 'relyingParty', 'errorTime', 'timestamp', 'nodeName', 'contextId'];
const knownIds = new Set([
  ...detailIds,
  'errorText', 'errorMessage', 'openingMessage', 'cookieEnabled', 'mfaGreetingDescription', 'expiredNotification',
  'ctl00_ContentPlaceHolder1_ErrorTextLabel', 'ContentPlaceHolder1_ErrorTextLabel',
]); // prettier-ignore
const voidElements = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const unread = new Set(['script', 'style', 'noscript', 'template', 'title', 'textarea', 'svg', 'select', 'iframe', 'object']);
/** Their content is text whatever it looks like. */
const rawText = /^(script|style|title|textarea|noscript|template|iframe)$/;
const mostCharacters = 1_000_000;
const mostText = 2_000;
const mostDepth = 300;

interface Open {
  readonly name: string;
  readonly hidden: boolean;
  readonly known: string | null;
}

/** Reads a page. Never throws. */
export function readHtmlDocument(source: string): HtmlDocument {
  const html = source.slice(0, mostCharacters);
  const lower = html.toLowerCase();
  const ids = new Set<string>();
  const texts: Record<string, string> = {};
  const controls: (HtmlField & { readonly form: number })[] = [];
  const actions: (string | null)[] = [];
  let [title, text, form, carriesToken] = ['', '', -1, false];
  let open: Open[] = [];

  const write = (piece: string): void => {
    if (!piece.trim()) return;
    const hidden = open.some((element) => element.hidden);
    const decoded = decodeHtml(piece.slice(0, 20_000));
    if (!hidden && text.length < mostText) text = `${text}${decoded}`.replace(/\s+/g, ' ').slice(0, mostText);
    for (const { known } of open)
      if (known !== null && (!hidden || detailIds.includes(known))) texts[known] = `${texts[known] ?? ''}${decoded}`.replace(/\s+/g, ' ').slice(0, 500);
  };

  for (let at = 0; at < html.length;) {
    const next = html.indexOf('<', at);
    write(html.slice(at, next < 0 ? html.length : next));
    if (next < 0) break;
    if (html.startsWith('<!--', next)) {
      const end = html.indexOf('-->', next + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const tag = readTag(html, next);
    at = tag.end;
    if (tag.name === '') continue;
    if (tag.closes) {
      if (tag.name === 'form') form = -1;
      const depth = open.findLastIndex(({ name }) => name === tag.name);
      if (depth >= 0) open = open.slice(0, depth);
      if (!inline.has(tag.name) && text !== '' && !text.endsWith(' ')) text += ' ';
      continue;
    }
    const id = tag.attributes.get('id') ?? '';
    if (id) ids.add(id);
    if (/topBar/i.test(tag.attributes.get('data-id') ?? '')) ids.add('data-id-topBar');
    if (tag.name === 'form') form = actions.push(tag.attributes.get('action') ?? null) - 1;
    const hidden = isHidden(tag.attributes) || unread.has(tag.name) || id === 'noScript';
    if (/^(input|select|textarea)$/.test(tag.name)) {
      const name = tag.attributes.get('name') ?? '';
      const type = tag.name === 'input' ? (tag.attributes.get('type') ?? 'text').toLowerCase() : tag.name;
      if (form >= 0 && /^(wresult|SAMLResponse)$/i.test(name)) carriesToken = true;
      const shown = type !== 'hidden' && !isHidden(tag.attributes) && !open.some((element) => element.hidden);
      const hint = ['placeholder', 'aria-label', 'autocomplete'].map((each) => tag.attributes.get(each) ?? '').join(' ').trim(); // prettier-ignore
      if (shown && controls.length < 30) controls.push({ name, id, type, hint, form });
    }
    if (!inline.has(tag.name) && text !== '' && !text.endsWith(' ')) text += ' ';
    if (rawText.test(tag.name)) {
      const end = lower.indexOf(`</${tag.name}`, at);
      if (tag.name === 'title' && title === '') title = decodeHtml(html.slice(at, end < 0 ? at + 300 : end));
      at = end < 0 ? html.length : Math.max(html.indexOf('>', end) + 1, end + 1);
      continue;
    }
    if (!voidElements.has(tag.name) && !tag.empty && open.length < mostDepth) open.push({ name: tag.name, hidden, known: knownIds.has(id) ? id : null });
  }

  const passwords = controls.filter(({ type }) => type === 'password');
  const alone = passwords.find((password) => passwords.filter((other) => other.form === password.form).length === 1) ?? null;
  const around = alone ?? passwords[0] ?? controls.find(({ form: index }) => index >= 0);
  const plain = ({ name, id, type, hint }: HtmlField): HtmlField => ({ name, id, type, hint });
  return {
    title: title.replace(/\s+/g, ' ').trim().slice(0, 200),
    text: text.trim(),
    texts: Object.fromEntries(Object.entries(texts).flatMap(([id, value]) => (value.trim() ? [[id, value.trim()]] : []))),
    ids,
    fields: controls.map(plain),
    signInPassword: alone ? plain(alone) : null,
    passwordFields: passwords.length,
    formAction: actions[around?.form ?? 0] ?? null,
    carriesToken,
  };
}

const inline = new Set(['a', 'b', 'i', 'em', 'strong', 'span', 'font', 'u', 'small', 'label']);

const isHidden = (attributes: ReadonlyMap<string, string>): boolean =>
  attributes.has('hidden') || attributes.get('aria-hidden') === 'true' || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.get('style') ?? '');

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly empty: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  readonly end: number;
}

const tagName = /<(\/?)([A-Za-z][A-Za-z0-9:-]*)/y;
const attribute = /[\s/]*([^\s=>"'/<]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;

function readTag(html: string, at: number): Tag {
  tagName.lastIndex = at;
  const head = tagName.exec(html);
  if (!head) {
    // A doctype, a processing instruction, or a lone "<" in a text.
    const end = /^<[!?]/.test(html.slice(at, at + 2)) ? html.indexOf('>', at) + 1 : at + 1;
    return { name: '', closes: false, empty: false, attributes: new Map(), end: end > at ? end : html.length };
  }
  const attributes = new Map<string, string>();
  let end = tagName.lastIndex;
  attribute.lastIndex = end;
  for (let found = attribute.exec(html); found; found = attribute.exec(html)) {
    const name = (found[1] ?? '').toLowerCase();
    if (!attributes.has(name)) attributes.set(name, decodeHtml((found[2] ?? found[3] ?? found[4] ?? '').slice(0, 2_000)));
    end = attribute.lastIndex;
  }
  const close = html.indexOf('>', end);
  const stop = close < 0 ? html.length : close + 1;
  return { name: (head[2] ?? '').toLowerCase(), closes: head[1] === '/', empty: html[stop - 2] === '/', attributes, end: stop };
}
