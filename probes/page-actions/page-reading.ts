import type { Page } from 'playwright';
import { within } from '../../system/within';
import { factsOf, knownHooks, knownTexts, detailTexts, most, type PageFacts, type PageReading, secretFieldNames } from '../../pages/page-facts';

/** A page whose script never lets go answers nothing. */
const answerWithinMs = 3_000;

/**
 * Reads the page as it is now. Returns null when the page is being replaced while reading (the next document will be read instead) or does not
 * answer. `selector` is the configured proof of sign-in, or null.
 */
export async function readPage(page: Page, selector: string | null): Promise<PageFacts | null> {
  const read = async (): Promise<PageFacts> => {
    const reading = await page.evaluate(readDocument, { knownTexts, detailTexts, knownHooks, most, secretNames: secretFieldNames.source });
    return factsOf(selector ? { ...reading, selectorFound: await page.locator(selector).first().isVisible() } : reading);
  };
  return within(
    read().catch(() => null),
    answerWithinMs,
    null,
  );
}

interface Wanted {
  readonly knownTexts: readonly string[];
  readonly detailTexts: readonly string[];
  readonly knownHooks: readonly string[];
  readonly most: typeof most;
  readonly secretNames: string;
}

/** Runs inside the page: must not refer to anything outside itself. The same facts as recordings/html-reading.ts reads from HTML. */
function readDocument({ knownTexts, detailTexts, knownHooks, most, secretNames }: Wanted): PageReading {
  type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  /** Also inside the shadow trees of web components. */
  const deep = <T extends Element>(selector: string, root: Document | ShadowRoot = document): T[] => [
    ...root.querySelectorAll<T>(selector),
    ...[...root.querySelectorAll('*')].flatMap((element) => (element.shadowRoot ? deep<T>(selector, element.shadowRoot) : [])),
  ];
  const visible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    const onPage = box.right + window.scrollX > 0 && box.bottom + window.scrollY > 0; // fields against robots stand outside
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && onPage && style.visibility !== 'hidden' && style.display !== 'none';
  };
  const clean = (text: string | null | undefined, most: number): string => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, most);
  const texts: Record<string, string> = {};
  for (const id of knownTexts) {
    const element = document.getElementById(id);
    const counts = element !== null && (detailTexts.includes(id) || visible(element));
    // Lines of a list stand side by side in its text.
    const lines = element && id === 'errorDetails' ? [...element.querySelectorAll('li, p, tr, dd')].map(({ textContent }) => textContent) : [];
    const text = counts ? clean(lines.join(' ') || element.textContent, id === 'errorDetails' ? most.details : most.known) : '';
    if (text) texts[id] = text;
  }
  const hooks = knownHooks.filter((id) => document.getElementById(id));
  if (document.querySelector("[data-id*='topBar' i]")) hooks.push('data-id-topBar');

  const shown = deep<Control>('input, select, textarea').filter((control) => control.type !== 'hidden' && visible(control));
  const hintOf = (control: Control): string =>
    clean(
      [control.getAttribute('placeholder'), control.getAttribute('aria-label'), control.getAttribute('autocomplete'), control.labels?.[0]?.textContent]
        .filter(Boolean)
        .join(' '),
      most.hint,
    );
  const forms = [...document.forms];
  const describe = (control: Control): PageReading['controls'][number] => {
    if (control.form && !forms.includes(control.form)) forms.push(control.form);
    return {
      name: control.name,
      id: control.id,
      type: control.type,
      hint: hintOf(control),
      search: control.type === 'search' || control.closest('[role=search], form[action*="search" i]') !== null,
      form: control.form ? forms.indexOf(control.form) : -1,
      autocomplete: control.autocomplete,
    };
  };
  const controls = shown.map(describe);
  const complaints = "[role='alert'], [aria-live='assertive'], [class*='error' i], [id*='error' i], [class*='invalid' i], [class*='danger' i]";
  const refresh = document.querySelector('meta[http-equiv="refresh" i]')?.getAttribute('content');
  return {
    documentId: performance.timeOrigin,
    url: location.href,
    title: clean(document.title, most.title),
    text: clean(document.body ? document.body.innerText : document.documentElement?.textContent, most.text),
    texts,
    hooks,
    controls,
    // getAttribute: a field named "action" would hide the property
    formActions: forms.map((form) => form.getAttribute('action') ?? ''),
    baseUrl: document.baseURI,
    complaints: deep<HTMLElement>(complaints)
      .filter((element) => visible(element) && !element.querySelector('input'))
      .map((element) => clean(element.innerText, most.complaint))
      .filter((text) => text !== '')
      .slice(0, 1),
    carriesToken: !!document.querySelector('form input[name="wresult" i], form input[name="SAMLResponse" i]'),
    selectorFound: false,
    buttons: deep<HTMLElement>('button, input[type=submit], input[type=button], [role=button]')
      .filter(visible)
      .map((button) => clean(button instanceof HTMLInputElement ? button.value : button.innerText, most.button))
      .filter((label) => label !== '')
      .slice(0, 6),
    scripted: document.scripts.length > 0,
    refreshSeconds: refresh === null || refresh === undefined ? null : parseFloat(refresh) || 0,
    frames: deep<HTMLIFrameElement>('iframe, frame')
      .filter(visible)
      .flatMap(({ src }) => (/^https?:/.test(src) ? [src] : []))
      .slice(0, 3),
    hidden: deep<HTMLInputElement>('input[type=hidden]')
      .filter(({ name }) => new RegExp(secretNames, 'i').test(name))
      .map(({ value }) => value)
      .filter((value) => value.length >= 16 && value.length < 200_000)
      .slice(0, 40),
    complete: document.readyState === 'complete',
  };
}
