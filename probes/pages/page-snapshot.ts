import type { Page } from 'playwright';

/** One visible form control, without its value. */
export interface SnapshotField {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly hint: string;
}

/** What is readable of the page on screen at one moment; no values of fields. */
export interface PageSnapshot {
  readonly url: string;
  readonly title: string;
  /** Visible text, at most 2,000 characters. */
  readonly text: string;
  /** Text of the elements with the ids AD FS and CRM are known to use, when non-empty (field guide §7, §10, §11). */
  readonly texts: Readonly<Record<string, string>>;
  /** Which of the known hooks are in the document at all. */
  readonly hooks: readonly string[];
  readonly fields: readonly SnapshotField[];
  readonly visiblePasswordFields: number;
  /** Where the form around the (first) password field posts to, or around the only other visible form. */
  readonly formAction: string | null;
  /** A form carrying a token (wresult, SAMLResponse) that its own script is about to post. */
  readonly carriesToken: boolean;
  readonly selectorFound: boolean;
  readonly metaRefresh: boolean;
}

const knownTexts = [
  'errorText', 'errorMessage', 'openingMessage', 'activityId', 'relyingParty', 'errorTime', 'timestamp', 'cookieEnabled', 'nodeName', 'contextId',
  'mfaGreetingDescription', 'expiredNotification', 'ctl00_ContentPlaceHolder1_ErrorTextLabel', 'ContentPlaceHolder1_ErrorTextLabel',
];
const knownHooks = [
  'loginForm', 'hrd', 'hrdArea', 'errorArea', 'errorDetails', 'mfaGreetingDescription', 'authMethod', 'context', 'updatePasswordArea', 'nextButton', 'submitButton',
  'crmMasthead', 'crmTopBar', 'navBar', 'crmContentPanel', 'ApplicationShell', 'TabHome', 'HomeTabLink', 'userNameInput', 'passwordInput',
];

/**
 * Reads the page as it is now. Returns null when the page is being replaced while reading (the next document will be read instead).
 * `selector` is the configured proof of sign-in, or null.
 */
export async function takeSnapshot(page: Page, selector: string | null): Promise<PageSnapshot | null> {
  try {
    const snapshot = await page.evaluate(readDocument, { knownTexts, knownHooks });
    return selector ? { ...snapshot, selectorFound: await page.locator(selector).first().isVisible() } : snapshot;
  } catch {
    return null;
  }
}

/** Runs inside the page: must not refer to anything outside itself. */
function readDocument({ knownTexts, knownHooks }: { knownTexts: string[]; knownHooks: string[] }): PageSnapshot {
  const visible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && style.display !== 'none';
  };
  const clean = (text: string | null | undefined, most: number): string => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, most);
  const texts: Record<string, string> = {};
  for (const id of knownTexts) {
    const element = document.getElementById(id);
    const text = element && visible(element) ? clean(element.textContent, 500) : '';
    if (text) texts[id] = text;
  }
  const hooks = knownHooks.filter((id) => document.getElementById(id));
  if (document.querySelector("[data-id*='topBar' i]")) hooks.push('data-id-topBar');
  const controls = Array.from(document.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>('input, select, textarea'));
  const shown = controls.filter((control) => control.type !== 'hidden' && visible(control));
  const labelOf = (control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): string =>
    clean([control.getAttribute('placeholder'), control.getAttribute('aria-label'), control.getAttribute('autocomplete'), control.labels?.[0]?.textContent].filter(Boolean).join(' '), 80);
  const passwords = shown.filter((control) => control.type === 'password');
  const form = passwords[0]?.form ?? shown.find((control) => control.form)?.form ?? null;
  return {
    url: location.href,
    title: clean(document.title, 200),
    text: clean(document.body?.innerText, 2000),
    texts,
    hooks,
    fields: shown.slice(0, 30).map((control) => ({ name: control.name, id: control.id, type: control.type, hint: labelOf(control) })),
    visiblePasswordFields: passwords.length,
    // getAttribute: a field named "action" would hide the property
    formAction: form ? new URL(form.getAttribute('action') || location.href, document.baseURI).href : null,
    carriesToken: !!document.querySelector('form input[name="wresult"], form input[name="SAMLResponse"]'),
    selectorFound: false,
    metaRefresh: !!document.querySelector('meta[http-equiv="refresh" i]'),
  };
}
