/** The pages of the STS besides its sign-in form (field guide §2, §7.4–7.7). Structure decides; words are only kept as evidence. */
import { httpError } from './crm-pages';
import type { Recogniser, Recognition } from './page-context';
import type { SnapshotField } from './page-snapshot';
import { asksForCode } from './sign-in-form';

/** The page whose script posts the token to CRM ("Working…"). */
export const workingPage: Recogniser = ({ snapshot }) => (snapshot.carriesToken ? { kind: 'sts-working', recognisedBy: 'auto-post', texts: {} } : null);

/** 401 with a Windows challenge as the final answer: no credentials were given, or they were refused (§8). A sign-in form in its body is for those who have no ticket. */
export const windowsChallenge: Recogniser = ({ host, status, challenges, snapshot }) =>
  status === 401 && challenges.length > 0 && host === 'sts' && !snapshot.signInPassword
    ? { kind: 'sts-windows-challenge', recognisedBy: 'windows-challenge', texts: { challenges: challenges.join(', '), ...snapshot.texts } }
    : null;

/** Home realm discovery: several claims providers to choose from (§7.4). */
export const homeRealmDiscovery: Recogniser = ({ snapshot }) =>
  snapshot.hooks.includes('hrd') || snapshot.hooks.includes('hrdArea')
    ? { kind: 'sts-home-realm', recognisedBy: 'adfs-home-realm', texts: snapshot.texts }
    : null;

/** The STS wants the password changed first (§7.7); on pages of other providers, several password fields after the credentials. */
export const updatePassword: Recogniser = ({ snapshot, host, credentialsGiven, tokenPosted }) => {
  if (host !== 'sts') return null;
  if (snapshot.hooks.includes('updatePasswordArea') || 'expiredNotification' in snapshot.texts || /\/updatepassword\b/i.test(new URL(snapshot.url).pathname))
    return { kind: 'sts-update-password', recognisedBy: 'adfs-update-password', texts: snapshot.texts };
  const several = snapshot.visiblePasswordFields > 1 && snapshot.signInPassword === null;
  return several && credentialsGiven && !tokenPosted ? { kind: 'sts-update-password', recognisedBy: 'generic-new-password', texts: snapshot.texts } : null;
};

/** A second factor is asked for (§7.7); also on pages of other providers, by a field for a code after the credentials, whatever its type. */
export const additionalAuthentication: Recogniser = ({ snapshot, host, credentialsGiven, passwordField }) => {
  if (host !== 'sts') return null;
  const { hooks, fields, texts, signInPassword, visiblePasswordFields } = snapshot;
  const adfs = hooks.includes('mfaGreetingDescription') || (hooks.includes('authMethod') && hooks.includes('context'));
  if (adfs && visiblePasswordFields === 0) return { kind: 'sts-mfa', recognisedBy: 'adfs-mfa', texts };
  // Some providers call the password a passcode.
  const isCode = (field: SnapshotField): boolean => asksForCode(field) && !(field.type === 'password' && (field.name || field.id) === passwordField);
  if (!credentialsGiven || (visiblePasswordFields > 0 && !(signInPassword && isCode(signInPassword)))) return null;
  const code = fields.find((field) => !['checkbox', 'radio', 'select-one'].includes(field.type) && isCode(field));
  return code ? { kind: 'sts-mfa', recognisedBy: 'generic-code-field', texts: { field: code.name || code.id, ...texts } } : null;
};

/** AD FS's error page: Activity ID, relying party and time lead to event 364 on the server (§7.6). */
export const stsError: Recogniser = (context): Recognition | null => {
  const { snapshot, host } = context;
  if (host !== 'sts') return null;
  const adfs =
    snapshot.hooks.includes('errorArea') ||
    snapshot.hooks.includes('errorDetails') ||
    ('errorMessage' in snapshot.texts && snapshot.visiblePasswordFields === 0);
  if (adfs) return { kind: 'sts-error', recognisedBy: 'adfs-error', texts: { ...errorDetails(snapshot.text, snapshot.texts.errorDetails), ...snapshot.texts } };
  // AD FS 2.x: a text and its reference number in the page's language, and nothing to fill in.
  const reference = /[:：]\s?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b/i.exec(snapshot.text)?.[1];
  if (reference && snapshot.fields.length === 0)
    return { kind: 'sts-error', recognisedBy: 'adfs-2-error', texts: { message: snapshot.text.slice(0, 500), reference } };
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
    ...line('Cookie', /\w+/),
  };
}
