import type { RouteEvidence } from '../../contracts/evidence';
import type { Answer, Question } from './ask-in-page';

type WhoAmI = NonNullable<RouteEvidence['whoAmI']>;
type UserNames = Pick<Extract<WhoAmI, { ok: true }>, 'userName' | 'accountName'>;
type Ask = (question: Question) => Promise<Answer | { readonly failed: string }>;

const noUser = '00000000-0000-0000-0000-000000000000';
const action = 'http://schemas.microsoft.com/xrm/2011/Contracts/Services/IOrganizationService/Execute';
const request =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Execute xmlns="http://schemas.microsoft.com/xrm/2011/Contracts/Services">' +
  '<request i:type="b:WhoAmIRequest" xmlns:a="http://schemas.microsoft.com/xrm/2011/Contracts" xmlns:b="http://schemas.microsoft.com/crm/2011/Contracts" ' +
  'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a:Parameters xmlns:c="http://schemas.datacontract.org/2004/07/System.Collections.Generic"/>' +
  '<a:RequestId i:nil="true"/><a:RequestName>WhoAmI</a:RequestName></request></Execute></s:Body></s:Envelope>';

/** WhoAmI by the endpoint of CRM 2011 to 2015 (field guide §11.2). `root` is `https://host` or `https://host/Contoso`. */
export async function whoAmIBySoap(ask: Ask, root: string): Promise<WhoAmI> {
  const url = `${root}/XRMServices/2011/Organization.svc/web`;
  const answer = await ask({ url, accept: 'text/xml, application/xml', soap: { action, body: request } });
  if ('failed' in answer) return { ok: false, url, status: null, why: answer.failed };
  const isXml = /xml/i.test(answer.contentType) && !/html/i.test(answer.contentType);
  const userId = isXml && answer.status === 200 ? valueOf(answer.body, 'UserId') : null;
  if (userId === null || userId === noUser) {
    const found = userId === noUser ? 'an all-zero UserId: nobody is signed in' : `status ${answer.status} ${answer.contentType || 'without a content type'}`;
    return { ok: false, url, status: answer.status, why: `expected a SOAP answer with a UserId, found ${found}` };
  }
  return {
    ok: true,
    url,
    userId,
    organizationId: valueOf(answer.body, 'OrganizationId'),
    businessUnitId: valueOf(answer.body, 'BusinessUnitId'),
    ...(await namesOf(ask, root, userId)),
  };
}

/** A GUID of the answer's list of keys and values, whatever the prefixes. */
function valueOf(body: string, key: string): string | null {
  return new RegExp(`<(?:\\w+:)?key>${key}</(?:\\w+:)?key>\\s*<(?:\\w+:)?value\\b[^>]*>\\s*([0-9a-f-]{36})\\s*<`, 'i').exec(body)?.[1]?.toLowerCase() ?? null;
}

/** The user's e-mail address, else the account, by the REST endpoint of the same time. */
async function namesOf(ask: Ask, root: string, userId: string): Promise<UserNames> {
  const unknown = { userName: null, accountName: null };
  const answer = await ask({
    url: `${root}/XRMServices/2011/OrganizationData.svc/SystemUserSet(guid'${userId}')?$select=InternalEMailAddress,DomainName,FullName`,
    accept: 'application/json',
  });
  if ('failed' in answer || answer.status !== 200) return unknown;
  try {
    const { d } = JSON.parse(answer.body) as { d?: Record<string, unknown> };
    const name = (key: string): string | null => (typeof d?.[key] === 'string' && d[key] !== '' ? d[key] : null);
    const accountName = name('DomainName');
    return { userName: name('InternalEMailAddress') ?? accountName ?? name('FullName'), accountName };
  } catch {
    return unknown;
  }
}
