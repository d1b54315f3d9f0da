/** A control somebody can see and fill in, without its value. */
export interface PageField {
  readonly name: string;
  readonly id: string;
  /** As HTML's `type`; `select-one` and `textarea` for those. */
  readonly type: string;
  /** Its placeholder, labels and `autocomplete`. */
  readonly hint: string;
  /** Part of a search form. */
  readonly search: boolean;
}

/** What can be told of a page without judging it: who reads a page, live or recorded, gives these. No values of fields but the `hidden` ones. */
export interface PageReading {
  /** Tells one document from the next, whatever their addresses. */
  readonly documentId: number;
  readonly url: string;
  readonly title: string;
  /** Visible text, at most 2,000 characters. */
  readonly text: string;
  /** Text of the elements with known ids (`knownTexts`), when non-empty: what is shown; of `detailTexts` also what is hidden. */
  readonly texts: Readonly<Record<string, string>>;
  /** Which of `knownHooks` are in the document at all. */
  readonly hooks: readonly string[];
  /** Visible controls in the document's order; `form` is the number of the form around one, −1 = none. */
  readonly controls: readonly (PageField & { readonly form: number; readonly autocomplete: string })[];
  /** Where each form posts to, as it is written; empty = to the page itself. */
  readonly formActions: readonly string[];
  /** Relative addresses start here. */
  readonly baseUrl: string;
  /** Visible texts that look like complaints: alerts, elements called error, invalid or danger. */
  readonly complaints: readonly string[];
  /** A form carrying a token (wresult, SAMLResponse) that its own script is about to post. */
  readonly carriesToken: boolean;
  /** The configured proof of sign-in is on the page. */
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

/** A page as recognisers see it. */
export interface PageFacts extends Omit<PageReading, 'controls' | 'formActions' | 'baseUrl' | 'complaints'> {
  /** At most 30. */
  readonly fields: readonly PageField[];
  readonly visiblePasswordFields: number;
  /** The password field that stands alone in its form: a sign-in, not a change of password or a registration. */
  readonly signInPassword: PageField | null;
  /** Where the form around that password field posts to, or around the first visible field. */
  readonly formAction: string | null;
}

/** AD FS fills these in only when they say something, and shows them collapsed: their text counts wherever it stands (field guide §7.6). */
export const detailTexts: readonly string[] = [
  'activityId',
  'relyingParty',
  'errorTime',
  'timestamp',
  'cookieEnabled',
  'nodeName',
  'contextId',
  'errorDetails',
];

/** Elements with the ids AD FS and CRM are known to use for texts (field guide §7, §10, §11). */
export const knownTexts: readonly string[] = [
  ...detailTexts,
  'errorText',
  'errorMessage',
  'openingMessage',
  'mfaGreetingDescription',
  'expiredNotification',
  'ctl00_ContentPlaceHolder1_ErrorTextLabel',
  'ContentPlaceHolder1_ErrorTextLabel',
];

/** Elements by which pages of AD FS and CRM are known; `data-id-topBar` stands for an attribute. */
export const knownHooks: readonly string[] = [
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

/** Names of hidden fields that page states and tokens travel in. */
export const secretFieldNames = /viewstate|validation|verification|csrf|xsrf|token|wresult|saml|assertion|ticket|session|^context$/i;

/** Longest texts kept, in characters. */
export const most = { title: 200, text: 2_000, known: 500, details: 1_500, hint: 80, complaint: 300, button: 40, fields: 30 } as const;

const typed: readonly string[] = ['text', 'email', 'tel'];

/** What follows from a reading: which password field is the sign-in's, where it posts to, what the form complains of. */
export function factsOf(reading: PageReading): PageFacts {
  const { controls, formActions, baseUrl, complaints, ...rest } = reading;
  const passwords = controls.filter(({ type }) => type === 'password');
  const asks = (form: number): number => controls.filter((each) => each.form === form && typed.includes(each.type)).length;
  // Of several, the field for the password there is, in the form that asks for least.
  const [alone = null] = passwords
    .filter((each) => !/new-password/i.test(each.autocomplete) && passwords.filter(({ form }) => form === each.form).length === 1)
    .sort((a, b) => Number(/current-password/i.test(b.autocomplete)) - Number(/current-password/i.test(a.autocomplete)) || asks(a.form) - asks(b.form));
  const around = alone ?? passwords[0] ?? controls.find(({ form }) => form >= 0);
  // What a form complains of; elsewhere such names mean anything.
  const isForm = passwords.length > 0 || controls.filter(({ type }) => typed.includes(type)).length === 1;
  const complaint = isForm && !rest.texts['errorText'] ? complaints[0] : undefined;
  return {
    ...rest,
    texts: complaint ? { ...rest.texts, errorText: complaint } : rest.texts,
    fields: controls.slice(0, most.fields).map(plain),
    visiblePasswordFields: passwords.length,
    signInPassword: alone ? plain(alone) : null,
    formAction: around && around.form >= 0 ? resolve(formActions[around.form] || rest.url, baseUrl) : null,
  };
}

const plain = ({ name, id, type, hint, search }: PageField): PageField => ({ name, id, type, hint, search });
const resolve = (address: string, base: string): string | null => (URL.canParse(address, base) ? new URL(address, base).href : null);

/** Of a page that is not there to be read: a browser's own error page, an answer without a document. */
function emptyReading(url: string): PageReading {
  return {
    documentId: 0,
    url,
    title: '',
    text: '',
    texts: {},
    hooks: [],
    controls: [],
    formActions: [],
    baseUrl: url,
    complaints: [],
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

/** As `emptyReading`, for recognisers. */
export const emptyFacts = (url: string): PageFacts => factsOf(emptyReading(url));
