import type { Page } from 'playwright';
import { pressButton } from './form-controls';
import { decisionWords, harmfulLabels, passingPages } from './passing-words';
import type { PageFacts } from '../../pages/page-facts';

/** The harmless way on from a page between password and token. */
export interface WayOn {
  /** What the page does, e.g. "asks whether to stay signed in". */
  readonly page: string;
  /** What its button says. */
  readonly label: string;
  readonly press: () => Promise<boolean>;
}

/**
 * Finds the button of a page that may be left behind: a question whether to stay signed in, or a notice. Null where the page is none of these, has
 * anything to fill in or to choose, speaks of terms, consent or the like, or its button leads away from `origin`.
 */
export async function findWayOn(page: Page, { title, text, fields }: PageFacts, origin: string): Promise<WayOn | null> {
  const passing = passingPages.find(({ says }) => says.test(`${title} ${text}`));
  // A box may be left as it is; anything else wants an answer.
  if (!passing || fields.some(({ type }) => !['checkbox', 'submit', 'button', 'image'].includes(type))) return null;
  const found = await page.evaluateHandle(findButtons, { origin });
  const { prose, labels } = await found.evaluate(({ prose, buttons }) => ({ prose, labels: buttons.map(({ label }) => label) }));
  if (decisionWords.test(`${title} ${prose}`)) return null;
  for (const wanted of passing.press) {
    const at = labels.findIndex((label) => wanted.test(label) && !harmfulLabels.test(label));
    if (at < 0) continue;
    const button = (await found.evaluateHandle(({ buttons }, index) => buttons[index]?.element, at)).asElement();
    return button && { page: passing.is, label: labels[at] ?? '', press: () => pressButton(button) };
  }
  return null;
}

/** Runs inside the page: must not refer to anything outside itself. What can be pressed and stays at `origin`, and the text that is in no link. */
function findButtons({ origin }: { origin: string }): { prose: string; buttons: { element: HTMLElement; label: string }[] } {
  const elementsOf = (root: Document | ShadowRoot): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => [element, ...(element.shadowRoot ? elementsOf(element.shadowRoot) : [])]);
  const clean = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
  const visible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  const stays = (address: string | null): boolean => {
    try {
      const url = new URL(address ?? '', document.baseURI);
      return url.protocol === 'javascript:' || url.origin === origin;
    } catch {
      return false;
    }
  };
  const goesTo = (element: HTMLElement): string | null => {
    if (element instanceof HTMLAnchorElement) return element.getAttribute('href');
    const form = (element as HTMLButtonElement).form ?? element.closest('form');
    return element.getAttribute('formaction') ?? form?.getAttribute('action') ?? null;
  };
  const say = (element: HTMLElement): string =>
    clean(
      element instanceof HTMLInputElement ? element.value || element.alt : element.innerText || element.getAttribute('aria-label') || element.title,
    ).replace(/^[\s›»«‹<>→←…!.]+|[\s›»«‹<>→←…!.]+$/g, '');
  const buttons = elementsOf(document)
    .filter((element) => element.matches('button, input[type=submit], input[type=button], input[type=image], [role=button], a[href]'))
    .filter((element) => visible(element) && stays(goesTo(element)))
    .map((element) => ({ element, label: say(element) }));
  const links = [...document.querySelectorAll<HTMLElement>('a[href]')].map((link) => clean(link.innerText)).filter((text) => text.length > 0);
  const labels = buttons.flatMap(({ element, label }) => (element instanceof HTMLAnchorElement ? [] : [label]));
  const prose = links.reduce((text, link) => text.replace(link, ' '), clean([document.body.innerText, ...labels].join(' ')).slice(0, 20_000));
  return { prose, buttons };
}
