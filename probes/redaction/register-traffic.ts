import type { Redactor } from './redact';

/** The parts of one request and its answer that sign somebody in. Header names in any case. */
export interface TrafficSecrets {
  readonly url: string;
  readonly body: string;
  readonly requestHeaders: readonly { readonly name: string; readonly value: string }[];
  readonly responseHeaders: readonly { readonly name: string; readonly value: string }[];
}

/** Values of these parameters and fields are good for a sign-in, once or for a while. */
const telling =
  /^(?:code|access_token|id_token|refresh_token|ticket|assertion|client_secret|samlart|__viewstate\w*|__eventvalidation|__requestverificationtoken)$/i;

/** Makes known what passed by: cookies sent and set (also those replaced since), credentials in headers, authorization codes, page states. */
export function registerTraffic({ url, body, requestHeaders, responseHeaders }: TrafficSecrets, redactor: Redactor): void {
  const values = (headers: TrafficSecrets['requestHeaders'], name: string): string[] =>
    headers.filter((header) => header.name.toLowerCase() === name).flatMap(({ value }) => value.split('\n'));
  for (const pair of values(requestHeaders, 'cookie').flatMap((header) => header.split(/;\s*/))) redactor.add(afterEquals(pair), 'cookie');
  for (const line of values(responseHeaders, 'set-cookie')) redactor.add(afterEquals(line.split(';')[0] ?? ''), 'cookie');
  for (const header of [
    ...values(requestHeaders, 'authorization'),
    ...values(responseHeaders, 'www-authenticate'),
    ...values(responseHeaders, 'authentication-info'),
  ])
    for (const [, blob] of header.matchAll(/\b(?:Negotiate|NTLM|Basic|Bearer)\s+([A-Za-z0-9+/_.~-]{8,}=*)/gi)) redactor.add(blob ?? '', 'authorization');
  const addresses = [url, ...values(responseHeaders, 'location')];
  for (const text of [body, ...addresses.flatMap((address) => address.split(/[?#]/).slice(1))])
    for (const [name, value] of new URLSearchParams(text)) if (telling.test(name)) redactor.add(value, 'other');
}

function afterEquals(pair: string): string {
  const value = pair.slice(pair.indexOf('=') + 1);
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
