/** Makes every secret of a recording known to the redactor before anything is read out of it: a HAR has them all in clear. */
import { readAutoPostPage } from '../federation/auto-post-page';
import { readHtml } from './html-reading';
import { passwordField } from './flow';
import type { HarEntry } from './har-entries';
import type { Redactor } from './redactor';

/** A form is smaller; uploads are nobody's sign-in. */
const mostBody = 2_000_000;

/** Passwords typed (by the form's own field names too), codes of a second factor, tokens, cookies, authorization headers. */
export function registerSecrets(entries: readonly HarEntry[], redactor: Redactor): void {
  const passwordNames = new Set(entries.flatMap(({ content, contentType }) => (isHtml(content, contentType) ? passwordInputs(content) : [])));
  for (const entry of entries) {
    const { body, content, contentType } = entry;
    for (const [name, value] of fieldsOf(body, entry.sent('content-type')[0])) {
      const kind = passwordNames.has(name) || passwordField.test(name) ? 'password' : /^(wresult|SAMLResponse|assertion)$/i.test(name) ? 'token' : null;
      // "KeepPassword=true" and its kind are no passwords.
      if (kind === 'password' && !/^(|true|false|on|off|[01])$/i.test(value)) redactor.add(value, 'password');
      else if (kind === 'token') redactor.add(value, 'token');
      else if (/otp|code|pin|__VIEWSTATE|^context$/i.test(name) && value.length >= 6) redactor.add(value, 'other');
    }
    if (isHtml(content, contentType) && /wresult|SAMLResponse/i.test(content))
      for (const [name, value] of readAutoPostPage(content).fields) if (/^(wresult|SAMLResponse)$/i.test(name)) redactor.add(value, 'token');
    for (const { value } of [...entry.cookiesSent, ...entry.cookiesReceived]) redactor.add(value, 'cookie');
    for (const pair of entry.sent('cookie').flatMap((header) => header.split(/;\s*/))) redactor.add(pair.slice(pair.indexOf('=') + 1), 'cookie');
    for (const line of entry.received('set-cookie')) redactor.add((line.split(';')[0] ?? '').replace(/^[^=]*=/, ''), 'cookie');
    for (const header of [...entry.sent('authorization'), ...entry.sent('proxy-authorization'), ...entry.received('www-authenticate')]) {
      const blob = header.trim().split(/\s+/)[1] ?? '';
      if (!/[="]./.test(blob)) redactor.add(blob, 'authorization');
      if (/^basic\s/i.test(header))
        redactor.add(
          Buffer.from(blob, 'base64')
            .toString('utf8')
            .replace(/^[^:]*:/, ''),
          'password',
        );
    }
  }
}

const isHtml = (content: string | null, contentType: string | null): content is string => content !== null && /html/i.test(contentType ?? 'html');

function passwordInputs(html: string): string[] {
  return /type\s*=\s*["']?password/i.test(html)
    ? readHtml(html, 'https://recorded.invalid/').fields.flatMap(({ type, name }) => (type === 'password' && name ? [name] : []))
    : [];
}

/** Fields of a form body, and the strings of a JSON one. */
function fieldsOf(body: string | null, contentType: string | undefined): readonly (readonly [string, string])[] {
  if (body === null || body.length > mostBody) return [];
  if (/json/i.test(contentType ?? '') || /^\s*\{/.test(body))
    return [...body.matchAll(/"([^"\\]{1,80})"\s*:\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => [match[1] ?? '', unescape(match[2] ?? '')] as const);
  if (/multipart/i.test(contentType ?? ''))
    return [...body.matchAll(/name="([^"]{1,80})"\r?\n\r?\n([^\r\n]*)/g)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);
  return [...new URLSearchParams(body)];
}

function unescape(json: string): string {
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return json;
  }
}
