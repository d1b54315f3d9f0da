import type { Page } from 'playwright';
import { within } from '../../system/within';

/** What a page has that asks for an account or complains about one, shown or not: a step that is hidden now was there, or will be. */
export interface AccountTraces {
  readonly documentId: number;
  readonly origin: string;
  /** It has a field for a password or a user name. */
  readonly asksForAccount: boolean;
  /** Texts of alerts, dialogs and the like. */
  readonly says: readonly string[];
}

const answerWithinMs = 2_000;

/** Null when the page is being replaced or does not answer. */
export function readAccountTraces(page: Page): Promise<AccountTraces | null> {
  return within(
    page.evaluate(readTraces).catch(() => null),
    answerWithinMs,
    null,
  );
}

/** Runs inside the page: must not refer to anything outside itself. */
function readTraces(): AccountTraces {
  const deep = <T extends Element>(selector: string, root: Document | ShadowRoot = document): T[] => [
    ...root.querySelectorAll<T>(selector),
    ...[...root.querySelectorAll('*')].flatMap((element) => (element.shadowRoot ? deep<T>(selector, element.shadowRoot) : [])),
  ];
  const named = /user|login|e-?mail|account|identif|upn|benutzer|kennung|signin|logon|utilisateur|usuario|utente|gebruiker/i;
  const asks = (input: HTMLInputElement): boolean =>
    input.type === 'password'
      ? !/new-password|one-time-code/i.test(input.autocomplete)
      : ['text', 'email', 'tel'].includes(input.type) && (input.autocomplete === 'username' || named.test(`${input.name} ${input.id}`));
  const complaints =
    "[role='alert'], [role='alertdialog'], [role='status'], [aria-live='assertive'], [aria-live='polite'], dialog, [role='dialog'], " +
    "[class*='error' i], [id*='error' i], [class*='invalid' i], [class*='alert' i], [class*='danger' i]";
  const texts = deep<HTMLElement>(complaints)
    .filter((element) => !element.querySelector('input, script, style'))
    .map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 300))
    .filter((text) => text.length > 2);
  return {
    documentId: performance.timeOrigin,
    origin: location.origin,
    asksForAccount: deep<HTMLInputElement>('input').some(asks),
    says: [...new Set(texts)].slice(0, 20),
  };
}
