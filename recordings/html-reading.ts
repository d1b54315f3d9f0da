/**
 * Reads a recorded page's HTML into the facts a live page gives (probes/page-actions/page-reading.ts), as far as its markup tells:
 * style sheets and scripts are not run.
 */
import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5';
import { detailTexts, factsOf, knownHooks, knownTexts, most, type PageFacts, type PageReading, secretFieldNames } from '../pages/page-facts';

/** A sign-in page is smaller. */
const mostCharacters = 1_000_000;
const mostControls = 200;
const unread = new Set(['script', 'style', 'noscript', 'template', 'title', 'textarea', 'svg', 'iframe', 'object', 'head']);
const inline = new Set(['a', 'b', 'i', 'em', 'strong', 'span', 'font', 'u', 'small', 'label', 'abbr', 'code', 'sub', 'sup']);
const complains = /error|invalid|danger/i;

/** Facts of the page at `url` as its answer had it. Pages are taken as they were saved, cut off or not well formed. Never throws; linear in the length. */
export function readHtml(source: string, url: string): PageFacts {
  const elements = elementsOf(parse(source.slice(0, mostCharacters)));
  const attributes = (name: string): Element[] => elements.filter((element) => element.name === name);
  const byId = new Map<string, Element>();
  for (const element of elements) if (element.at.get('id') && !byId.has(element.at.get('id') ?? '')) byId.set(element.at.get('id') ?? '', element);
  const hooks = knownHooks.filter((id) => byId.has(id));
  if (elements.some(({ at }) => /topBar/i.test(at.get('data-id') ?? ''))) hooks.push('data-id-topBar');
  const texts = Object.fromEntries(
    knownTexts.flatMap((id) => {
      const element = byId.get(id);
      const text =
        element && (detailTexts.includes(id) || !element.hidden)
          ? textOf(element, { hidden: detailTexts.includes(id) }, id === 'errorDetails' ? most.details : most.known)
          : '';
      return text ? [[id, text] as const] : [];
    }),
  );
  const body = elements.find(({ name }) => name === 'body');
  const base = attributes('base')[0]?.at.get('href') ?? '';
  const refresh = attributes('meta')
    .find(({ at }) => /^refresh$/i.test(at.get('http-equiv') ?? ''))
    ?.at.get('content');
  const inputs = attributes('input');
  return factsOf({
    documentId: 0,
    url,
    title: clean(elements.find(({ name }) => name === 'title')?.own ?? '', most.title),
    text: body ? textOf(body, { hidden: false }, most.text) : '',
    texts,
    hooks,
    ...controlsOf(elements, byId),
    baseUrl: URL.canParse(base, url) ? new URL(base, url).href : url,
    complaints: elements
      .filter(
        ({ at, hidden }) =>
          !hidden && (at.get('role') === 'alert' || at.get('aria-live') === 'assertive' || complains.test(`${at.get('class') ?? ''} ${at.get('id') ?? ''}`)),
      ) // prettier-ignore
      .slice(0, 50)
      .filter((element) => !inputs.some((input) => isWithin(input, element)))
      .map((element) => textOf(element, { hidden: false }, most.complaint))
      .filter((text) => text !== '')
      .slice(0, 1),
    carriesToken: inputs.some(({ at, form }) => form !== null && /^(wresult|SAMLResponse)$/i.test(at.get('name') ?? '')),
    selectorFound: false,
    buttons: elements.filter(isShownButton).map(labelOf).filter((label) => label !== '').slice(0, 6), // prettier-ignore
    scripted: elements.some(({ name }) => name === 'script'),
    refreshSeconds: refresh === undefined ? null : parseFloat(refresh) || 0,
    frames: elements
      .filter(({ name, hidden }) => !hidden && (name === 'iframe' || name === 'frame'))
      .flatMap(({ at }) => (URL.canParse(at.get('src') ?? '', url) && at.get('src') ? [new URL(at.get('src') ?? '', url).href] : []))
      .filter((address) => /^https?:/.test(address))
      .slice(0, 3),
    hidden: inputs
      .filter(({ at }) => /^hidden$/i.test(at.get('type') ?? '') && secretFieldNames.test(at.get('name') ?? ''))
      .map(({ at }) => at.get('value') ?? '')
      .filter((value) => value.length >= 16 && value.length < 200_000)
      .slice(0, 40),
    complete: true,
  });
}

interface Element {
  readonly name: string;
  readonly at: ReadonlyMap<string, string>;
  readonly parent: Element | null;
  /** By its own markup or that of an element around it. */
  readonly hidden: boolean;
  readonly form: Element | null;
  /** What is in it, in order. */
  readonly inside: (Element | string)[];
  /** The text right in it. */
  own: string;
}

/** Every element in the document's order; what stands in a `template` is in no document. */
function elementsOf(document: Tree.Document): Element[] {
  const found: Element[] = [];
  const waiting: { node: Tree.ChildNode; parent: Element | null }[] = document.childNodes.map((node) => ({ node, parent: null })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, parent } = next;
    if (node.nodeName === '#text') {
      const { value } = node as Tree.TextNode;
      parent?.inside.push(value);
      if (parent) parent.own += value;
    }
    if (!('tagName' in node)) continue;
    const at = new Map(node.attrs.map(({ name, value }) => [name.toLowerCase(), value]));
    const folded = parent?.name === 'details' && !parent.at.has('open') && node.tagName !== 'summary';
    const hidden = (parent?.hidden ?? false) || folded || isHidden(at) || unread.has(parent?.name ?? '');
    const element: Element = { name: node.tagName, at, parent, hidden, form: parent?.name === 'form' ? parent : (parent?.form ?? null), inside: [], own: '' };
    parent?.inside.push(element);
    found.push(element);
    for (const child of node.childNodes.toReversed()) waiting.push({ node: child, parent: element });
  }
  return found;
}

/** AD FS's own scripts hide the notice that scripts are switched off. */
const isHidden = (at: ReadonlyMap<string, string>): boolean =>
  at.has('hidden') ||
  at.get('aria-hidden') === 'true' ||
  at.get('id') === 'noScript' ||
  /display\s*:\s*none|visibility\s*:\s*hidden/i.test(at.get('style') ?? '');

const clean = (text: string, length: number): string => text.replace(/\s+/g, ' ').trim().slice(0, length);

/** Text in an element as a reader sees it: blocks stand apart, what is hidden is left out unless asked for. */
function textOf(element: Element, { hidden }: { hidden: boolean }, length: number): string {
  let text = '';
  const waiting: (Element | string)[] = [...element.inside].reverse();
  for (let next = waiting.pop(); next !== undefined && text.length < length * 4 + 1_000; next = waiting.pop()) {
    if (typeof next === 'string') text += next;
    else if (!unread.has(next.name) && (hidden || !next.hidden)) {
      const apart = inline.has(next.name) ? [] : [' '];
      waiting.push(...apart, ...[...next.inside].reverse(), ...apart);
    }
  }
  return clean(text, length);
}

function isWithin(element: Element, other: Element): boolean {
  for (let each: Element | null = element; each; each = each.parent) if (each === other) return true;
  return false;
}

const typeOf = ({ name, at }: Element): string =>
  name === 'input' ? (at.get('type') || 'text').toLowerCase() : name === 'select' ? (at.has('multiple') ? 'select-multiple' : 'select-one') : name;

function controlsOf(elements: readonly Element[], byId: ReadonlyMap<string, Element>): Pick<PageReading, 'controls' | 'formActions'> {
  const forms = elements.filter(({ name }) => name === 'form');
  const labels = elements.filter(({ name }) => name === 'label');
  const labelled = new Map(labels.map((label) => [label.at.get('for') ?? '', label]));
  const controls = elements
    .filter((element) => /^(input|select|textarea)$/.test(element.name) && typeOf(element) !== 'hidden' && !element.hidden)
    .slice(0, mostControls)
    .map((element) => {
      const { at } = element;
      const form = byId.get(at.get('form') ?? '') ?? element.form;
      const label = labelled.get(at.get('id') || '-') ?? labels.find((each) => isWithin(element, each));
      const hints = [at.get('placeholder'), at.get('aria-label'), at.get('autocomplete'), label && textOf(label, { hidden: true }, most.hint)];
      return {
        name: at.get('name') ?? '',
        id: at.get('id') ?? '',
        type: typeOf(element),
        hint: clean(hints.filter(Boolean).join(' '), most.hint),
        search: typeOf(element) === 'search' || inSearch(element),
        form: form ? forms.indexOf(form) : -1,
        autocomplete: at.get('autocomplete') ?? '',
      };
    });
  return { controls, formActions: forms.map(({ at }) => at.get('action') ?? '') };
}

function inSearch(element: Element): boolean {
  for (let each: Element | null = element; each; each = each.parent)
    if (each.at.get('role') === 'search' || (each.name === 'form' && /search/i.test(each.at.get('action') ?? ''))) return true;
  return false;
}

const isShownButton = (element: Element): boolean =>
  !element.hidden &&
  (element.name === 'button' || element.at.get('role') === 'button' || (element.name === 'input' && /^(submit|button)$/.test(typeOf(element))));
const labelOf = (element: Element): string =>
  element.name === 'input' ? clean(element.at.get('value') ?? '', most.button) : textOf(element, { hidden: false }, most.button);
