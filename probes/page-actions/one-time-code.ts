import type { CDPSession, ElementHandle, Page } from 'playwright';
import { findFormControls, pressSubmit, typeInto } from './form-controls';
import type { PageFacts, PageField } from '../../pages/page-facts';
import { asksForCode } from '../../pages/sign-in-form';

/** The field for the code: called like one, or the only one to type into. Null where the second factor is something else (a call, a push message). */
export function codeField({ fields }: PageFacts): PageField | null {
  const typed = fields.filter(({ type, search }) => ['text', 'tel', 'number', 'password'].includes(type) && !search);
  return typed.find(asksForCode) ?? (typed.length === 1 ? (typed[0] ?? null) : null);
}

/** Types the code into its field and sends the page off. False when the field does not hold the code then. */
export async function giveCode(page: Page, cdp: CDPSession, { id, name }: PageField, code: string): Promise<boolean> {
  const field = page.locator(id ? `[id=${JSON.stringify(id)}]` : `input[name=${JSON.stringify(name)}]`).first();
  const handle = (await field.elementHandle()) as ElementHandle<HTMLElement> | null;
  if (!handle || !(await typeInto(page, cdp, handle, code))) return false;
  const { submit } = await findFormControls(page);
  await pressSubmit({ user: handle, password: null, submit });
  return true;
}
