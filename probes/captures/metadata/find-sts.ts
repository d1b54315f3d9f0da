/**
 * Which STS a CRM address sends people to: an anonymous look at its redirects. A suggestion only:
 * what is found here is never given a credential before the operator has confirmed it.
 */
import { httpsGet } from '../../network/https-get';
import type { Lookup } from '../../network/lookup';

export type FoundSts =
  | {
      readonly ok: true;
      /** Origin of the sign-in request, e.g. https://sts.contoso.com */
      readonly origin: string;
      /** wtrealm of the request: CRM's name at the STS; null when the request carries none. */
      readonly realm: string | null;
    }
  | { readonly ok: false; readonly why: string };

const mostRedirects = 8;
const timeoutMs = 8_000;
const maxBytes = 1024 * 1024;

/**
 * Follows redirects from a CRM address to the WS-Federation sign-in request (`wa=wsignin1.0`, field guide §1). TLS is verified;
 * nothing is sent but GETs without a credential. Never throws.
 */
export async function findSts(url: string, { lookup, caFile }: { readonly lookup: Lookup; readonly caFile: string | null }): Promise<FoundSts> {
  let address = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const { origin, searchParams, host } = new URL(address);
    if (searchParams.get('wa')?.toLowerCase() === 'wsignin1.0') return { ok: true, origin, realm: searchParams.get('wtrealm') };
    const answer = await httpsGet(address, { lookup, caFile, timeoutMs, maxBytes });
    if (!answer.ok) return { ok: false, why: answer.why };
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status >= 400 || !location)
      return {
        ok: false,
        why: `${host} answered HTTP ${answer.status}, not a redirect to an STS${answer.status === 401 ? ': claims-based authentication seems to be off' : ''}.`,
      };
    if (!URL.canParse(location, address)) return { ok: false, why: `${host} redirects to something that is no address.` };
    address = new URL(location, address).href;
  }
  return { ok: false, why: `${new URL(url).host}: more than ${mostRedirects} redirects, and none of them a WS-Federation sign-in request.` };
}
