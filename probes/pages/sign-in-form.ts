import type { CDPSession, ElementHandle, Page } from 'playwright';
import type { PageContext, Recogniser } from './page-context';

const userFieldPattern = /user|login|e-?mail|account|identif|upn|benutzer|signin|logon|nom/i;

/**
 * Any sign-in form: one visible password field (AD FS 3.0 and later, AD FS 2.x, customised pages, other WS-Federation providers), or the
 * first page of a paginated one that asks for the user name alone (field guide §7.1–7.3).
 */
export const signInForm: Recogniser = (context) => {
  const { snapshot } = context;
  if (snapshot.visiblePasswordFields === 1) return { kind: 'sts-forms', recognisedBy: snapshot.hooks.includes('loginForm') ? 'adfs-forms' : 'generic-form', texts: snapshot.texts };
  if (asksForUserName(context)) return { kind: 'sts-forms', recognisedBy: snapshot.hooks.includes('nextButton') ? 'adfs-paginated' : 'generic-user-name', texts: snapshot.texts };
  return null;
};

/** The user-name page of a paginated sign-in: on the STS, one text field that looks like a user name, no password field yet. */
export function asksForUserName({ snapshot, host, credentialsGiven, status }: PageContext): boolean {
  const typed = snapshot.fields.filter((field) => ['text', 'email', 'tel'].includes(field.type));
  const looksRight = typed.length === 1 && userFieldPattern.test(`${typed[0]?.name} ${typed[0]?.id} ${typed[0]?.hint}`);
  return host === 'sts' && !credentialsGiven && (status ?? 200) < 400 && snapshot.visiblePasswordFields === 0 && looksRight;
}

interface FormParts {
  readonly user: ElementHandle<HTMLElement> | null;
  readonly password: ElementHandle<HTMLElement> | null;
  readonly submit: ElementHandle<HTMLElement> | null;
}

/** Finds the controls of the sign-in form on screen. */
export async function findFormParts(page: Page): Promise<FormParts> {
  const handle = await page.evaluateHandle((pattern) => {
    const visible = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
    };
    const inputs = Array.from(document.querySelectorAll<HTMLInputElement>('input')).filter((input) => visible(input) && !input.disabled);
    const password = inputs.find((input) => input.type === 'password') ?? null;
    const before = inputs.filter(
      (input) =>
        ['text', 'email', 'tel', ''].includes(input.type) &&
        (!password || (input.compareDocumentPosition(password) & Node.DOCUMENT_POSITION_FOLLOWING && (!password.form || !input.form || input.form === password.form))),
    );
    const named = before.filter((input) => new RegExp(pattern, 'i').test(`${input.name} ${input.id} ${input.autocomplete} ${input.placeholder}`));
    const user = named.at(-1) ?? before.at(-1) ?? null;
    const form = (password ?? user)?.form ?? null;
    const scope: ParentNode = form ?? document;
    const buttons = Array.from(scope.querySelectorAll<HTMLElement>('#submitButton, #nextButton, button, input[type=submit], input[type=image], input[type=button], [role=button], .submit')).filter(
      (button) => visible(button) && !(button as HTMLButtonElement).disabled,
    );
    const rank = (button: HTMLElement): number => {
      if (button.id === (password ? 'submitButton' : 'nextButton')) return 0;
      const type = button.getAttribute('type') ?? '';
      if (type === 'submit' || type === 'image' || (button.tagName === 'BUTTON' && type === '')) return 1;
      return /sign.?in|log.?in|log.?on|anmelden|connexion|next|continue|submit/i.test(`${button.textContent} ${(button as HTMLInputElement).value ?? ''}`) ? 2 : 3;
    };
    const submit = buttons.sort((a, b) => rank(a) - rank(b))[0] ?? null;
    return { user, password, submit };
  }, userFieldPattern.source);
  const part = async (name: string): Promise<ElementHandle<HTMLElement> | null> => (await handle.getProperty(name)).asElement() as ElementHandle<HTMLElement> | null;
  return { user: await part('user'), password: await part('password'), submit: await part('submit') };
}

/** Types into a field through the browser's input, so that the text is in no call log, trace or error text (design: "Typing the password"). */
export async function typeInto(cdp: CDPSession, field: ElementHandle<HTMLElement>, text: string): Promise<void> {
  await field.evaluate((element) => {
    element.focus();
    (element as HTMLInputElement).select();
  });
  await cdp.send('Input.insertText', { text });
}

/** Presses the form's button; Enter in its last field where there is no button, or something lies over it (a cookie banner). */
export async function pressSubmit({ user, password, submit }: FormParts): Promise<void> {
  const pressed = submit ? await submit.click({ timeout: 2_000, noWaitAfter: true }).then(() => true, () => false) : false;
  if (!pressed) await (password ?? user)?.press('Enter', { timeout: 2_000, noWaitAfter: true });
}
