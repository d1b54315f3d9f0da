/** CRM's anonymous Organization.svc?wsdl=wsdl0 (field guide §5.3): how CRM authenticates and the name of the STS it trusts. */
import type { RouteEvidence } from '../../../contracts/evidence';
import type { Target } from '../../../contracts/target';
import { openXml } from '../../../federation/gate';
import { childNamed, descendantElements, textOf } from '../../../federation/xml-elements';
import { type DateSample, fetchDocument, type FetchContext } from './fetch-document';
import { expected } from '../../../system/expected';

export type Wsdl = NonNullable<RouteEvidence['wsdl']>;

/** The first address that gives a WSDL counts, else the first failure. Never throws. */
export async function captureWsdl(context: FetchContext): Promise<{ wsdl: Wsdl; dateSample: DateSample | null }> {
  const failed: { wsdl: Wsdl; dateSample: DateSample | null }[] = [];
  for (const url of wsdlAddresses(context.target)) {
    const { answer, dateSample } = await fetchDocument(url, context, 'text/xml');
    const wsdl: Wsdl = answer.ok ? readWsdl(answer.status, answer.body, url) : { ok: false, url, status: null, why: answer.why };
    if (wsdl.ok) return { wsdl, dateSample };
    failed.push({ wsdl, dateSample });
  }
  return expected(failed[0], 'an address that a WSDL may have');
}

/** On the internal host an organization is a path (`/Contoso/main.aspx`): its service first, then the host's. On IFD hosts the host is the organization. */
export function wsdlAddresses({ url, route }: Pick<Target, 'url' | 'route'>): string[] {
  const { origin, pathname } = new URL(url);
  const organization = /^\/([^/.]+)\//.exec(pathname)?.[1];
  const bases = route === 'internal' && organization && !organization.startsWith('_') ? [`${origin}/${organization}`, origin] : [origin];
  return bases.map((base) => `${base}/XRMServices/2011/Organization.svc?wsdl=wsdl0`);
}

/** Names only, in any namespace: the policy's namespaces differ between CRM's versions. */
export function readWsdl(status: number, body: Buffer | string, url: string): Wsdl {
  const failed = (why: string): Wsdl => ({ ok: false, url, status, why });
  if (status !== 200) return failed(`Expected the WSDL (status 200), found status ${status}.`);
  const opened = openXml(body);
  if (!opened.ok) return failed(`Expected the WSDL, found something that could not be opened as XML: ${opened.why}`);
  const elements = descendantElements(opened.document);
  if (!elements.some(({ localName }) => localName === 'definitions')) return failed('Expected the WSDL, found another XML document.');
  const policy = elements.find(({ localName }) => localName === 'AuthenticationPolicy');
  const service = policy ? descendantElements(policy).find(({ localName }) => localName === 'SecureTokenService') : undefined;
  return { ok: true, url, authentication: textOf(childNamed(policy, 'Authentication')), identifier: textOf(childNamed(service, 'Identifier')) };
}
