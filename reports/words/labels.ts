/** The words a reader sees, once for all renderers. */
import type { Certainty, Method, Route, SignatureStatus, Stage, Symptom, Verdict } from '../../contracts/words';
import type { Exchange, PageKind } from '../../contracts/evidence';
import type { Forecast, ReportCertificate, Result } from '../../contracts/report';

export const verdictLabels: Readonly<Record<Verdict, string>> = { healthy: 'Healthy', 'at-risk': 'At risk', broken: 'Broken', unknown: 'Unknown' };

/** Shapes that differ without colour. */
export const verdictSymbols: Readonly<Record<Verdict, string>> = { healthy: '✓', 'at-risk': '!', broken: '✕', unknown: '?' };

export const routeLabels: Readonly<Record<Route, string>> = { internal: 'Internal claims', ifd: 'IFD' };

/** The route inside a sentence. */
export const routePhrases: Readonly<Record<Route, string>> = { internal: 'internal claims', ifd: 'IFD' };

export const methodLabels: Readonly<Record<Method, string>> = { windows: 'Windows sign-in', forms: 'sign-in form' };

export const symptomSentences: Readonly<Record<Symptom, string>> = {
  none: 'People see nothing unusual.',
  'repeated-prompt': 'People are asked for their password again and again.',
  'http-401': 'People see “HTTP Error 401 – Unauthorized”.',
  'error-page': 'People see an error page.',
  'redirect-loop': 'The browser is sent to and fro between CRM and AD FS until one of them gives up.',
  'no-answer': 'People see the browser’s own error page: a server does not answer.',
  other: 'People end at a page that is not CRM.',
};

/** The stages as places: "stopped at …". */
export const stageLabels: Readonly<Record<Stage, string>> = {
  dns: 'name lookup (DNS)',
  tls: 'TLS connection',
  'crm-redirect': 'CRM’s redirect to AD FS',
  'sts-page': 'AD FS sign-in page',
  credentials: 'credentials',
  'token-issue': 'AD FS issuing the token',
  'token-post': 'CRM’s check of the token',
  'crm-session': 'CRM session',
  'crm-page': 'CRM page',
};

/** Steps of the exchange in two or three words. */
export const stepLabels: Readonly<Record<Exchange['step'], string>> = {
  dns: 'name lookup',
  tls: 'TLS',
  'crm-redirect': 'CRM redirects',
  'sts-page': 'AD FS page',
  credentials: 'credentials',
  'token-issue': 'token issued',
  'token-post': 'token to CRM',
  'crm-session': 'CRM session',
  'crm-page': 'CRM page',
  'sign-out': 'sign-out',
  other: 'other',
};

export const certaintyLabels: Readonly<Record<Certainty, string>> = { confirmed: 'Confirmed', probable: 'Probable', suspected: 'Suspected' };

export const certaintyMeanings: Readonly<Record<Certainty, string>> = {
  confirmed: 'the visible evidence alone decides it',
  probable: 'the evidence fits and its look-alikes are refuted',
  suspected: 'it fits, but the deciding fact is on the server',
};

export const forecastLabels: Readonly<Record<Forecast['state'], string>> = {
  steady: 'no rollover under way',
  'window-open': 'a new signing certificate waits to be promoted',
  promoted: 'the new signing certificate is in use',
  urgent: 'the signing certificate is close to its end',
  unknown: 'no forecast possible',
};

export const certificateRoleLabels: Readonly<Record<ReportCertificate['role'], string>> = {
  'sts-signing': 'AD FS token signing',
  'sts-encryption': 'AD FS token decrypting',
  'crm-encryption': 'CRM encryption',
  tls: 'TLS',
};

export const seenInLabels: Readonly<Record<ReportCertificate['seenIn'][number], string>> = {
  'metadata-signature': 'signs the metadata',
  metadata: 'in the metadata',
  token: 'in the token',
  tls: 'in the TLS handshake',
  'last-good': 'at the last good sign-in',
};

export const signatureLabels: Readonly<Record<SignatureStatus, string>> = {
  valid: 'valid',
  invalid: 'invalid',
  'untrusted-key': 'made with a key AD FS does not publish',
  ambiguous: 'ambiguous (refused)',
  absent: 'absent',
  encrypted: 'inside the encryption, not readable from outside',
  'unknown-algorithm': 'made with an unknown algorithm',
};

export const pageKindLabels: Readonly<Record<PageKind, string>> = {
  'sts-forms': 'AD FS sign-in form',
  'sts-windows-challenge': 'AD FS Windows challenge (401)',
  'sts-home-realm': 'AD FS home realm discovery',
  'sts-mfa': 'second factor',
  'sts-update-password': 'password change',
  'sts-error': 'AD FS error page',
  'sts-working': 'AD FS “Working...” page',
  'crm-shell': 'CRM',
  'crm-error': 'CRM error page',
  'crm-challenge': 'CRM challenge (401)',
  'http-error': 'HTTP error',
  'no-answer': 'no answer',
  unknown: 'unknown page',
};

/** Whether people can sign in, as a sentence. */
export const signedInSentence = (result: Pick<Result, 'signedIn' | 'verdict'>): string => {
  if (result.signedIn === 'unknown') return 'Could not tell whether people can sign in.';
  if (result.signedIn === 'no') return 'People cannot sign in.';
  if (result.verdict === 'at-risk') return 'People can sign in now.';
  return result.verdict === 'broken' ? 'The sign-in went through, but not as expected.' : 'People can sign in.';
};

/** Reason phrases of the statuses this flow meets; servers' own phrases are not trusted. */
export const statusPhrases: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
