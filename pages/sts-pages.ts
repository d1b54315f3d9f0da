/** The pages of the STS besides its sign-in form (field guide §2, §7.4–7.7). Structure decides; words are only kept as evidence. */
import { httpError } from './crm-pages';
import type { Recogniser, Recognition } from './page-context';
import type { PageField } from './page-facts';
import { asksForCode } from './sign-in-form';

/** The page whose script posts the token to CRM ("Working…"). */
export const workingPage: Recogniser = ({ facts }) => (facts.carriesToken ? { kind: 'sts-working', recognisedBy: 'auto-post', texts: {} } : null);

/**
 * 401 with a Windows challenge as the final answer: no credentials were given, or they were refused (§8).
 * A sign-in form in its body is for those who have no ticket.
 */
export const windowsChallenge: Recogniser = ({ host, status, challenges, facts }) =>
  status === 401 && challenges.length > 0 && host === 'sts' && !facts.signInPassword
    ? { kind: 'sts-windows-challenge', recognisedBy: 'windows-challenge', texts: { challenges: challenges.join(', '), ...facts.texts } }
    : null;

/** Home realm discovery: several claims providers to choose from (§7.4). */
export const homeRealmDiscovery: Recogniser = ({ facts }) =>
  facts.hooks.includes('hrd') || facts.hooks.includes('hrdArea') ? { kind: 'sts-home-realm', recognisedBy: 'adfs-home-realm', texts: facts.texts } : null;

/** The STS wants the password changed first (§7.7); on pages of other providers, several password fields after the credentials. */
export const updatePassword: Recogniser = ({ facts, host, credentialsGiven, tokenPosted }) => {
  if (host !== 'sts') return null;
  if (facts.hooks.includes('updatePasswordArea') || 'expiredNotification' in facts.texts || /\/updatepassword\b/i.test(new URL(facts.url).pathname))
    return { kind: 'sts-update-password', recognisedBy: 'adfs-update-password', texts: facts.texts };
  const several = facts.visiblePasswordFields > 1 && facts.signInPassword === null;
  return several && credentialsGiven && !tokenPosted ? { kind: 'sts-update-password', recognisedBy: 'generic-new-password', texts: facts.texts } : null;
};

/** A second factor is asked for (§7.7); also on pages of other providers, by a field for a code after the credentials, whatever its type. */
export const additionalAuthentication: Recogniser = ({ facts, host, credentialsGiven, passwordField }) => {
  if (host !== 'sts') return null;
  const { hooks, fields, texts, signInPassword, visiblePasswordFields } = facts;
  const adfs = hooks.includes('mfaGreetingDescription') || (hooks.includes('authMethod') && hooks.includes('context'));
  if (adfs && visiblePasswordFields === 0) return { kind: 'sts-mfa', recognisedBy: 'adfs-mfa', texts };
  // Some providers call the password a passcode.
  const isCode = (field: PageField): boolean => asksForCode(field) && !(field.type === 'password' && (field.name || field.id) === passwordField);
  if (!credentialsGiven || (visiblePasswordFields > 0 && !(signInPassword && isCode(signInPassword)))) return null;
  const code = fields.find((field) => !['checkbox', 'radio', 'select-one'].includes(field.type) && isCode(field));
  return code ? { kind: 'sts-mfa', recognisedBy: 'generic-code-field', texts: { field: code.name || code.id, ...texts } } : null;
};

/** AD FS's error page: Activity ID, relying party and time lead to event 364 on the server (§7.6). */
export const stsError: Recogniser = (context): Recognition | null => {
  const { facts, host } = context;
  if (host !== 'sts') return null;
  const adfs =
    facts.hooks.includes('errorArea') || facts.hooks.includes('errorDetails') || ('errorMessage' in facts.texts && facts.visiblePasswordFields === 0);
  if (adfs) return { kind: 'sts-error', recognisedBy: 'adfs-error', texts: { ...errorDetails(facts.text, facts.texts.errorDetails), ...facts.texts } };
  // AD FS 2.x: a text and its reference number in the page's language, and nothing to fill in.
  const reference = /[:：]\s?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b/i.exec(facts.text)?.[1];
  if (reference && facts.fields.length === 0)
    return { kind: 'sts-error', recognisedBy: 'adfs-2-error', texts: { message: facts.text.slice(0, 500), reference } };
  return httpError(context);
};

/** The lines under "Error details" of AD FS 3.0 and later, read from the visible text and from what is collapsed. */
function errorDetails(text: string, collapsed = ''): Record<string, string> {
  const line = (label: string, value: RegExp): Record<string, string> => {
    const found = new RegExp(`${label}:\\s*(${value.source})`, 'i').exec(`${text} ${collapsed}`)?.[1]?.trim();
    return found ? { [label.toLowerCase().replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())]: found } : {};
  };
  return {
    message: text.slice(0, 500),
    ...line('Activity ID', /[0-9a-f-]{36}/),
    ...line('Relying party', /.+?(?=\s+(?:Error time|Cookie|Node name|User agent)|$)/),
    ...line('Error time', /.+?GMT/),
    ...line('Node name', /\S+/),
    ...line('Cookie', /(?!User agent)\w+/),
  };
}
