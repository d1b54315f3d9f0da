import type { CDPSession, ElementHandle, Page } from 'playwright';
import { userFieldPattern } from '../../pages/sign-in-form';

const signInWords =
  /sign.?[io]n|log.?[io]n|anmeld|einlogg|connexion|connecter|entrar|acced|iniciar|inlogg|aanmeld|logga|log ind|zalog|přihl|войти|вход|登录|ログイン|サインイン|로그인|next|weiter|suivant|siguiente|avanti|continu|submit|enter|\bok\b|\bgo\b/;
const otherWords =
  /cancel|abbrech|annul|forgot|vergess|oubli|reset|regist|sign.?up|creat|erstell|show|hide|anzeig|back\b|zurück|retour|language|sprache|help|hilfe|google|facebook|certificat|zertifikat/;

type Handle = ElementHandle<HTMLElement>;

export interface FormControls {
  readonly user: Handle | null;
  readonly password: Handle | null;
  readonly submit: Handle | null;
}

/** Finds the controls of the sign-in form on screen, in shadow trees too. */
export async function findFormControls(page: Page): Promise<FormControls> {
  const handle = await page.evaluateHandle(findInDocument, { userName: userFieldPattern.source, signIn: signInWords.source, other: otherWords.source });
  const control = async (name: string): Promise<Handle | null> => (await handle.getProperty(name)).asElement() as Handle | null;
  return { user: await control('user'), password: await control('password'), submit: await control('submit') };
}

/** Runs inside the page: must not refer to anything outside itself. */
function findInDocument(words: { userName: string; signIn: string; other: string }): Record<'user' | 'password' | 'submit', HTMLElement | null> {
  const matches = (source: string, text: string): boolean => new RegExp(source, 'i').test(text);
  /** Every element in the order a person reads them: a web component's own tree stands where the component stands. */
  const elementsOf = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? elementsOf(element.shadowRoot) : [])]);
  const inOrder = new Map(elementsOf(document).map((element, at) => [element, at]));
  const deep = <T extends Element>(selector: string): T[] => [...inOrder.keys()].filter((element): element is T => element.matches(selector));
  const visible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return (
      box.width > 0 && box.height > 0 && box.right + window.scrollX > 0 && box.bottom + window.scrollY > 0 && getComputedStyle(element).visibility !== 'hidden'
    );
  };
  const precedes = (a: Element, b: Element): boolean => (inOrder.get(a) ?? 0) < (inOrder.get(b) ?? 0);
  /** The form a control belongs to, also from inside web components; null = the page itself. */
  const formOf = (element: Element): Element | null => {
    const own = (element as HTMLInputElement).form ?? element.closest('form');
    const root = element.getRootNode();
    return own ?? (root instanceof ShadowRoot ? formOf(root.host) : null);
  };
  const sameForm = (a: Element, b: Element): boolean => formOf(a) === formOf(b);

  const inputs = deep<HTMLInputElement>('input').filter((input) => visible(input) && !input.disabled);
  const isText = (input: HTMLInputElement): boolean =>
    ['text', 'email', 'tel'].includes(input.type) && input.closest('[role=search], form[action*="search" i]') === null;
  const typed = inputs.filter(isText);
  const passwords = inputs.filter((input) => input.type === 'password');
  // As in page-facts.ts, which judges where the password may go: of several, the field for the password there is, in the form that asks for least.
  const [password = null] = passwords
    .filter((each) => !/new-password/i.test(each.autocomplete) && passwords.filter((other) => other.form === each.form).length === 1)
    .map((each) => ({ each, known: /current-password/i.test(each.autocomplete), asks: typed.filter(({ form }) => form === each.form).length }))
    .sort((a, b) => Number(b.known) - Number(a.known) || a.asks - b.asks)
    .map(({ each }) => each);
  const before = password ? typed.filter((input) => precedes(input, password) && sameForm(input, password)) : typed;
  const named = before.filter((input) => matches(words.userName, `${input.name} ${input.id} ${input.autocomplete} ${input.placeholder}`));
  const user = named.at(-1) ?? before.at(-1) ?? null;
  const last = password ?? user;

  const buttons = deep<HTMLElement>(
    'button, input[type=submit], input[type=image], input[type=button], [role=button], .submit, a[onclick], a[href^="javascript:"]',
  ).filter((button) => visible(button) && last !== null && (sameForm(button, last) || (!formOf(last) && button.getRootNode() === last.getRootNode())));
  const says = (button: HTMLElement): string =>
    [
      button.textContent,
      (button as HTMLInputElement).value,
      button.getAttribute('aria-label'),
      button.getAttribute('alt'),
      button.title,
      button.querySelector('img')?.alt,
    ]
      .filter(Boolean)
      .join(' ');
  const rank = (button: HTMLElement): number => {
    if (button.id === (password ? 'submitButton' : 'nextButton')) return 0; // AD FS
    const type = button.getAttribute('type')?.toLowerCase() ?? '';
    const submits = type === 'submit' || type === 'image' || (button.tagName === 'BUTTON' && !['button', 'reset'].includes(type));
    const elsewhere = matches(words.other, says(button));
    if (matches(words.signIn, says(button)) && !elsewhere) return submits ? 1 : 3;
    return submits && !elsewhere ? 2 : 9;
  };
  // Of equals, the first behind the last field.
  const order = (button: HTMLElement): number => rank(button) * 2 + (last && precedes(last, button) ? 0 : 1);
  const known = buttons.filter((button) => rank(button) < 9).sort((a, b) => order(a) - order(b))[0];
  // Nothing that submits by itself, and no word that is known: what alone can be pressed is the button, in whatever language.
  const others = buttons.filter((button) => button.getAttribute('type') !== 'reset' && says(button).trim() !== '' && !matches(words.other, says(button)));
  const submit = known ?? (others.length === 1 ? others[0] : null) ?? null;
  return { user, password, submit };
}

/**
 * Types into a field through the browser's input, so that the text is in no call log, trace or error text, with a
 * key pressed and the field left afterwards: some pages listen to those. False when the field does not hold the text then.
 */
export async function typeInto(page: Page, cdp: CDPSession, field: Handle, text: string): Promise<boolean> {
  if (!(await focus(field))) {
    await uncover(page);
    if (!(await focus(field))) return false;
  }
  await cdp.send('Input.insertText', { text });
  await page.keyboard.press('Shift');
  await page.keyboard.press('Tab');
  const length = await field.evaluate((element) => (element as HTMLInputElement).value.length);
  return length === text.length;
}

/** Only a field that has the focus gets what is typed: anything else could be typed anywhere. */
function focus(field: Handle): Promise<boolean> {
  return field.evaluate((element) => {
    element.focus();
    (element as HTMLInputElement).select();
    return (element.getRootNode() as Document | ShadowRoot).activeElement === element;
  });
}

/** A modal dialog (mostly a consent banner) makes the form behind it deaf. */
function uncover(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const dialog of document.querySelectorAll('dialog')) if (dialog.open) dialog.close();
    for (const element of document.querySelectorAll('[inert]')) element.removeAttribute('inert');
  });
}

const buttonWithinMs = 2_000;

/**
 * Presses the form's button once it is enabled: by the mouse, or by script where something lies over it (a cookie banner); Enter in its last field
 * where there is no button.
 */
export async function pressSubmit({ user, password, submit }: FormControls): Promise<void> {
  if (submit && (await pressButton(submit))) return;
  await (password ?? user)?.press('Enter', { timeout: buttonWithinMs, noWaitAfter: true });
}

/** Presses the button of the form that carries the token; false when there is none. */
export async function pressTokenButton(page: Page): Promise<boolean> {
  const button = page.locator('form:has(input[name="wresult" i], input[name="SAMLResponse" i]) :is(button, input[type=submit], input[type=image])').first();
  const handle = (await button.isVisible()) ? await button.elementHandle() : null;
  return handle !== null && pressButton(handle as Handle);
}

/** By the mouse, or by script where something lies over it; false where it does not become enabled or is gone. */
export async function pressButton(button: Handle): Promise<boolean> {
  try {
    await button.waitForElementState('enabled', { timeout: buttonWithinMs });
    const reached = await button.evaluate((element) => {
      element.scrollIntoView({ block: 'center' });
      const box = element.getBoundingClientRect();
      const top = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return top !== null && (element.contains(top) || top.contains(element));
    });
    if (reached) await button.click({ timeout: buttonWithinMs, noWaitAfter: true });
    else await button.evaluate((element) => element.click()).catch(() => undefined); // the page may be gone by the answer
    return true;
  } catch {
    return false;
  }
}
