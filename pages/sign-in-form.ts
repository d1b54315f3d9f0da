import type { PageContext, Recogniser } from './page-context';
import type { PageField } from './page-facts';

/** What fields for a user name are called; `autocomplete=username` says it best. */
export const userFieldPattern = /user|login|e-?mail|account|identif|upn|benutzer|kennung|signin|logon|utilisateur|usuario|utente|gebruiker|nom/i;
/** What fields for a further factor are called. */
const codePattern = /otp|one.?time|pass.?code|verif|mfa|2fa|totp|second.?factor|token|\bcode\b|\bpin\b|challenge.?answer/i;
const textTypes: readonly string[] = ['text', 'email', 'tel'];

const namesOf = ({ name, id, hint }: PageField): string => `${name} ${id} ${hint}`;

/** A field for a code of a second factor, by its names; a field that calls itself a password is none. */
export const asksForCode = (field: PageField): boolean => codePattern.test(namesOf(field)) && !/passw|pwd|kennwort/i.test(namesOf(field));

/**
 * Any sign-in form: one visible password field (AD FS 3.0 and later, AD FS 2.x, customised pages, other WS-Federation providers), or the
 * first page of a paginated one that asks for the user name alone (field guide §7.1–7.3).
 */
export const signInForm: Recogniser = (context) => {
  const { facts, host, tokenPosted } = context;
  // A relying party's signed-in page may well have a password field somewhere.
  if (host !== 'sts' && tokenPosted && facts.selectorFound) return null;
  if (facts.signInPassword) return { kind: 'sts-forms', recognisedBy: facts.hooks.includes('loginForm') ? 'adfs-forms' : 'generic-form', texts: facts.texts };
  if (userNameField(context))
    return { kind: 'sts-forms', recognisedBy: facts.hooks.includes('nextButton') ? 'adfs-paginated' : 'generic-user-name', texts: facts.texts };
  return null;
};

/**
 * The field of the user-name page of a paginated sign-in: on the STS, the only text field, no password field yet.
 * One that is not called like a user name counts once the page has come to rest; after the password was given, it does not: then it may ask for anything. Null:
 * not such a page.
 */
export function userNameField({ facts, host, credentialsGiven, status, settled }: PageContext): PageField | null {
  const [field, ...others] = facts.fields.filter(({ type, search }) => textTypes.includes(type) && !search);
  if (!field || others.length > 0 || host !== 'sts' || (status ?? 200) >= 400 || facts.visiblePasswordFields > 0) return null;
  return (settled && !credentialsGiven) || userFieldPattern.test(namesOf(field)) ? field : null;
}
