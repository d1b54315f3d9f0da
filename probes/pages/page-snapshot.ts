import type { Page } from 'playwright';

/** One visible form control, without its value. */
export interface SnapshotField {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly hint: string;
  /** Part of a search form. */
  readonly search: boolean;
}

/** What is readable of the page on screen at one moment; no values of fields. */
export interface PageSnapshot {
  /** Tells one document from the next, whatever their addresses. */
  readonly documentId: number;
  readonly url: string;
  readonly title: string;
  /** Visible text, at most 2,000 characters. */
  readonly text: string;
  /** Text of the elements with the ids AD FS and CRM are known to use, when non-empty (field guide §7, §10, §11); `errorText` of any page's. */
  readonly texts: Readonly<Record<string, string>>;
  /** Which of the known hooks are in the document at all. */
  readonly hooks: readonly string[];
  readonly fields: readonly SnapshotField[];
  readonly visiblePasswordFields: number;
  /** The password field that stands alone in its form: a sign-in, not a change of password or a registration. */
  readonly signInPassword: SnapshotField | null;
  /** Where the form around that password field posts to, or around the first visible field. */
  readonly formAction: string | null;
  /** A form carrying a token (wresult, SAMLResponse) that its own script is about to post. */
  readonly carriesToken: boolean;
  readonly selectorFound: boolean;
  /** What the visible buttons say. */
  readonly buttons: readonly string[];
  /** The page has scripts: it may go on by itself. */
  readonly scripted: boolean;
  /** The page replaces itself after so many seconds. */
  readonly refreshSeconds: number | null;
  /** Addresses of visible frames: what they show is not read. */
  readonly frames: readonly string[];
  /** What stands in hidden fields that page states and tokens travel in: only to be known as secrets, never kept. */
  readonly hidden: readonly string[];
  /** Everything the page wants is loaded. */
  readonly complete: boolean;
}

const knownTexts = [
  'errorText',
  'errorMessage',
  'openingMessage',
  'activityId',
  'relyingParty',
  'errorTime',
  'timestamp',
  'cookieEnabled',
  'nodeName',
  'contextId',
  'mfaGreetingDescription',
  'expiredNotification',
  'ctl00_ContentPlaceHolder1_ErrorTextLabel',
  'ContentPlaceHolder1_ErrorTextLabel',
];
const knownHooks = [
  'loginForm',
  'hrd',
  'hrdArea',
  'errorArea',
  'errorDetails',
  'mfaGreetingDescription',
  'authMethod',
  'context',
  'updatePasswordArea',
  'nextButton',
  'submitButton',
  'crmMasthead',
  'crmTopBar',
  'navBar',
  'crmContentPanel',
  'ApplicationShell',
  'TabHome',
  'HomeTabLink',
  'userNameInput',
  'passwordInput',
];

/** A page whose script never lets go answers nothing. */
const answerWithinMs = 3_000;

/**
 * Reads the page as it is now. Returns null when the page is being replaced while reading (the next document will be read instead) or does not
 * answer. `selector` is the configured proof of sign-in, or null.
 */
export async function takeSnapshot(page: Page, selector: string | null): Promise<PageSnapshot | null> {
  let timer: NodeJS.Timeout | undefined;
  const noAnswer = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerWithinMs);
  });
  const read = async (): Promise<PageSnapshot> => {
    const snapshot = await page.evaluate(readDocument, { knownTexts, knownHooks });
    return selector ? { ...snapshot, selectorFound: await page.locator(selector).first().isVisible() } : snapshot;
  };
  return Promise.race([read().catch(() => null), noAnswer]).finally(() => clearTimeout(timer));
}

/** Runs inside the page: must not refer to anything outside itself. */
function readDocument({ knownTexts, knownHooks }: { knownTexts: string[]; knownHooks: string[] }): PageSnapshot {
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
    const text = element && visible(element) ? clean(element.textContent, 500) : '';
    if (text) texts[id] = text;
  }
  // AD FS shows its details collapsed: what stands in them is evidence all the same.
  const list = document.getElementById('errorDetails');
  const lines = list ? [...list.querySelectorAll('li, p, tr, dd')].map(({ textContent }) => textContent) : [];
  const details = clean(lines.join(' ') || list?.textContent, 1500);
  if (details) texts['errorDetails'] = details;
  const hooks = knownHooks.filter((id) => document.getElementById(id));
  if (document.querySelector("[data-id*='topBar' i]")) hooks.push('data-id-topBar');

  const shown = deep<Control>('input, select, textarea').filter((control) => control.type !== 'hidden' && visible(control));
  const hintOf = (control: Control): string =>
    clean(
      [control.getAttribute('placeholder'), control.getAttribute('aria-label'), control.getAttribute('autocomplete'), control.labels?.[0]?.textContent]
        .filter(Boolean)
        .join(' '),
      80,
    );
  const describe = (control: Control): SnapshotField => ({
    name: control.name,
    id: control.id,
    type: control.type,
    hint: hintOf(control),
    search: control.type === 'search' || control.closest('[role=search], form[action*="search" i]') !== null,
  });
  const passwords = shown.filter((control) => control.type === 'password');
  // What a form complains of; elsewhere such names mean anything.
  const complaints = "[role='alert'], [aria-live='assertive'], [class*='error' i], [id*='error' i], [class*='invalid' i], [class*='danger' i]";
  const isForm = passwords.length > 0 || shown.filter(({ type }) => ['text', 'email', 'tel'].includes(type)).length === 1;
  const complaint =
    isForm && deep<HTMLElement>(complaints).find((element) => visible(element) && !element.querySelector('input') && clean(element.innerText, 300));
  if (complaint && !texts['errorText']) texts['errorText'] = clean(complaint.innerText, 300);
  // As in form-controls.ts, which types into it: of several, the field for the password there is, in the form that asks for least.
  const [alone = null] = passwords
    .filter((each) => !/new-password/i.test(each.autocomplete) && passwords.filter((other) => other.form === each.form).length === 1)
    .map((each) => ({
      each,
      known: /current-password/i.test(each.autocomplete),
      asks: shown.filter((other) => other.form === each.form && ['text', 'email', 'tel'].includes(other.type)).length,
    }))
    .sort((a, b) => Number(b.known) - Number(a.known) || a.asks - b.asks)
    .map(({ each }) => each);
  const form = (alone ?? passwords[0])?.form ?? shown.find((control) => control.form)?.form ?? null;
  const refresh = document.querySelector('meta[http-equiv="refresh" i]')?.getAttribute('content');
  return {
    documentId: performance.timeOrigin,
    url: location.href,
    title: clean(document.title, 200),
    text: clean(document.body ? document.body.innerText : document.documentElement?.textContent, 2000),
    texts,
    hooks,
    fields: shown.slice(0, 30).map(describe),
    visiblePasswordFields: passwords.length,
    signInPassword: alone ? describe(alone) : null,
    // getAttribute: a field named "action" would hide the property
    formAction: form ? new URL(form.getAttribute('action') || location.href, document.baseURI).href : null,
    carriesToken: !!document.querySelector('form input[name="wresult" i], form input[name="SAMLResponse" i]'),
    selectorFound: false,
    buttons: deep<HTMLElement>('button, input[type=submit], input[type=button], [role=button]')
      .filter(visible)
      .map((button) => clean(button instanceof HTMLInputElement ? button.value : button.innerText, 40))
      .filter((label) => label !== '')
      .slice(0, 6),
    scripted: document.scripts.length > 0,
    refreshSeconds: refresh === null || refresh === undefined ? null : parseFloat(refresh) || 0,
    frames: deep<HTMLIFrameElement>('iframe, frame')
      .filter(visible)
      .flatMap(({ src }) => (/^https?:/.test(src) ? [src] : []))
      .slice(0, 3),
    hidden: deep<HTMLInputElement>('input[type=hidden]')
      .filter(({ name }) => /viewstate|validation|verification|csrf|xsrf|token|wresult|saml|assertion|ticket|session|^context$/i.test(name))
      .map(({ value }) => value)
      .filter((value) => value.length >= 16 && value.length < 200_000)
      .slice(0, 40),
    complete: document.readyState === 'complete',
  };
}

/** Of a page that is not there to be read: a browser's own error page, an answer without a document. */
export function emptySnapshot(url: string): PageSnapshot {
  return {
    documentId: 0,
    url,
    title: '',
    text: '',
    texts: {},
    hooks: [],
    fields: [],
    visiblePasswordFields: 0,
    signInPassword: null,
    formAction: null,
    carriesToken: false,
    selectorFound: false,
    buttons: [],
    scripted: false,
    refreshSeconds: null,
    frames: [],
    hidden: [],
    complete: true,
  };
}
