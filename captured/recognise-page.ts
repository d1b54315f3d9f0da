/** Says what a recorded document was: from its HTML where the recording has it, else from what the browser did next. */
import type { PageKind } from '../contracts/evidence';
import { challengesOf } from './exchanges';
import type { FlowDocument } from './flow';
import type { HtmlDocument } from './html-document';

export interface Recognition {
  readonly kind: PageKind;
  readonly recognisedBy: string;
  readonly texts: Readonly<Record<string, string>>;
}

export interface PageCircumstances {
  readonly page: FlowDocument;
  /** null = the recording has no content of it. */
  readonly html: HtmlDocument | null;
  /** The document after it, when its request was not a redirect's. */
  readonly next: FlowDocument | null;
  readonly credentialsGiven: boolean;
  readonly tokenPosted: boolean;
}

const shellHooks = ['crmMasthead', 'crmTopBar', 'navBar', 'crmContentPanel', 'ApplicationShell', 'TabHome', 'HomeTabLink', 'data-id-topBar'];
const codeNames = /otp|one.?time|pass.?code|verif|mfa|2fa|totp|second.?factor|\bcode\b|\bpin\b/i;

/** The same kinds, in the same order, as a live run knows (probes/pages). */
export function recognisePage(seen: PageCircumstances): Recognition {
  const { page } = seen;
  const { document, role } = page;
  const { status } = document;
  if (status === null) return { kind: 'no-answer', recognisedBy: 'network', texts: { failure: document.failure ?? 'no answer recorded' } };
  const asked = status === 401 ? challengesOf(document) : [];
  const challenges = { challenges: asked.join(', ') };
  if (seen.html?.carriesToken && status < 400) return { kind: 'sts-working', recognisedBy: 'auto-post', texts: {} };
  if (asked.length > 0 && role === 'sts' && !seen.html?.signInPassword)
    return { kind: 'sts-windows-challenge', recognisedBy: 'windows-challenge', texts: { ...challenges, ...seen.html?.texts } };
  if (asked.length > 0 && role === 'crm') return { kind: 'crm-challenge', recognisedBy: 'crm-challenge', texts: challenges };
  if (/\/_common\/error\//i.test(new URL(document.url).pathname))
    return { kind: 'crm-error', recognisedBy: 'crm-errorhandler', texts: seen.html ? { message: seen.html.text.slice(0, 500) } : {} };
  const known = seen.html ? (role === 'sts' ? stsPage(seen, seen.html) : crmPage(status, seen.html)) : null;
  if (known) return known;
  if (status >= 400) return { kind: 'http-error', recognisedBy: 'status', texts: messageOf(seen.html) };
  return byNextRequest(seen) ?? { kind: 'unknown', recognisedBy: seen.html ? 'nothing' : 'no content recorded', texts: messageOf(seen.html) };
}

function stsPage({ credentialsGiven, tokenPosted, page }: PageCircumstances, html: HtmlDocument): Recognition | null {
  const { ids, texts, fields } = html;
  if (ids.has('hrd') || ids.has('hrdArea')) return { kind: 'sts-home-realm', recognisedBy: 'adfs-home-realm', texts };
  if (ids.has('updatePasswordArea') || 'expiredNotification' in texts || /\/updatepassword\b/i.test(new URL(page.document.url).pathname))
    return { kind: 'sts-update-password', recognisedBy: 'adfs-update-password', texts };
  if (html.passwordFields > 1 && html.signInPassword === null && credentialsGiven && !tokenPosted)
    return { kind: 'sts-update-password', recognisedBy: 'generic-new-password', texts };
  const mfa = ids.has('mfaGreetingDescription') || (ids.has('authMethod') && ids.has('context'));
  if (mfa && html.passwordFields === 0) return { kind: 'sts-mfa', recognisedBy: 'adfs-mfa', texts };
  const code = credentialsGiven && html.passwordFields === 0 && fields.find(({ name, id, hint }) => codeNames.test(`${name} ${id} ${hint}`));
  if (code) return { kind: 'sts-mfa', recognisedBy: 'generic-code-field', texts: { field: code.name || code.id, ...texts } };
  if (html.signInPassword) return { kind: 'sts-forms', recognisedBy: ids.has('loginForm') ? 'adfs-forms' : 'generic-form', texts };
  const typed = fields.filter(({ type }) => ['text', 'email', 'tel'].includes(type));
  if (typed.length === 1 && !credentialsGiven && (page.document.status ?? 200) < 400) return { kind: 'sts-forms', recognisedBy: 'generic-user-name', texts };
  if (ids.has('errorArea') || ids.has('errorDetails') || 'errorMessage' in texts)
    return { kind: 'sts-error', recognisedBy: 'adfs-error', texts: { ...errorDetails(html), ...texts } };
  const reference = /[:：]\s?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b/i.exec(html.text)?.[1];
  return reference && fields.length === 0 ? { kind: 'sts-error', recognisedBy: 'adfs-2-error', texts: { message: html.text.slice(0, 500), reference } } : null;
}

function crmPage(status: number, html: HtmlDocument): Recognition | null {
  const hooks = shellHooks.filter((hook) => html.ids.has(hook));
  return status < 400 && hooks.length > 0 ? { kind: 'crm-shell', recognisedBy: 'crm-shell', texts: { hooks: hooks.join(', ') } } : null;
}

/** Browsers drop the content of pages they have left: a page that was followed by a token's POST had a token, one followed by credentials had a form. */
function byNextRequest({ page, next, html }: PageCircumstances): Recognition | null {
  if (page.role !== 'sts' || html !== null || next === null) return null;
  if (next.step === 'token-post') return { kind: 'sts-working', recognisedBy: 'the POST that followed', texts: {} };
  return next.submitsForm ? { kind: 'sts-forms', recognisedBy: 'the POST that followed', texts: {} } : null;
}

/** Libraries put their message into the title. */
function messageOf(html: HtmlDocument | null): Record<string, string> {
  if (html === null) return {};
  return { message: (html.title && !html.text.startsWith(html.title) ? `${html.title}: ${html.text}` : html.text).slice(0, 500) };
}

/** The lines under "Error details" of AD FS 3.0 and later; the ids hold them whole, the text only where they are shown. */
function errorDetails({ text, texts }: HtmlDocument): Record<string, string> {
  const all = [text, ...Object.values(texts)].join('  ');
  const line = (name: string, label: string, value: RegExp): Record<string, string> => {
    const found = new RegExp(`${label}:\\s*(${value.source})`, 'i').exec(all)?.[1]?.trim();
    return found ? { [name]: found } : {};
  };
  return {
    message: text.slice(0, 500),
    ...line('activityId', 'Activity ID', /[0-9a-f-]{36}/),
    ...line('relyingParty', 'Relying party', /.+?(?=\s+(?:Error time|Cookie|Node name|User agent)|\s{2}|$)/),
    ...line('errorTime', 'Error time', /.+?GMT/),
    ...line('nodeName', 'Node name', /\S+/),
    ...line('cookie', 'Cookie', /\w+/),
  };
}
