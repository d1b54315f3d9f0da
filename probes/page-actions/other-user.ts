import type { Page } from 'playwright';

/**
 * A paginated form may begin at the password, for a user it knows from before (field guide §7.3). Where that is not `user`, its own way back to the
 * user name is pressed. True when it was.
 */
export function backFromOtherUser(page: Page, user: string): Promise<boolean> {
  return page.evaluate(goBackInDocument, { user });
}

/** Runs inside the page: must not refer to anything outside itself. */
function goBackInDocument({ user }: { user: string }): boolean {
  const shown = (element: Element): boolean => element.getClientRects().length > 0;
  const name = document.querySelector<HTMLInputElement>('#userNameInput');
  const back = document.querySelector<HTMLElement>('#backButton');
  if (!name || !back || shown(name) || !shown(back) || name.value === '' || name.value.toLowerCase() === user.toLowerCase()) return false;
  back.click();
  return true;
}
