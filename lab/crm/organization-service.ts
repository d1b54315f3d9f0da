import type { CrmUser, Organization } from './crm-types';
import { notFound, type Answer } from './responses';

const servicePath = /^\/XRMServices\/2011\/Organization\.svc\/web$/i;
const dataPath = /^\/XRMServices\/2011\/OrganizationData\.svc\/SystemUserSet\(guid'([0-9a-f-]{36})'\)$/i;
const xml = 'text/xml; charset=utf-8';

const envelope = (body: string): string => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;

const value = (key: string, guid: string): string =>
  `<a:KeyValuePairOfstringanyType><c:key>${key}</c:key><c:value i:type="d:guid" xmlns:d="http://schemas.microsoft.com/2003/10/Serialization/">` +
  `${guid}</c:value></a:KeyValuePairOfstringanyType>`;

const whoAmI = (user: CrmUser, organization: Organization): string =>
  envelope(
    `<ExecuteResponse xmlns="http://schemas.microsoft.com/xrm/2011/Contracts/Services" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
      `<ExecuteResult i:type="b:WhoAmIResponse" xmlns:a="http://schemas.microsoft.com/xrm/2011/Contracts" ` +
      `xmlns:b="http://schemas.microsoft.com/crm/2011/Contracts">` +
      `<a:ResponseName>WhoAmI</a:ResponseName><a:Results xmlns:c="http://schemas.datacontract.org/2004/07/System.Collections.Generic">` +
      `${value('UserId', user.systemUserId)}${value('BusinessUnitId', organization.businessUnitId)}${value('OrganizationId', organization.id)}` +
      `</a:Results></ExecuteResult></ExecuteResponse>`,
  );

const fault = (text: string): Answer => ({
  status: 500,
  contentType: xml,
  body: envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en-US">${text}</faultstring></s:Fault>`),
});

export interface ServiceRequest {
  /** Without the organization's segment. */
  readonly path: string;
  /** `https://contoso…:4443` or `https://internalcrm…:4443/Contoso`. */
  readonly base: string;
  /** The posted text; null for a GET. */
  readonly body: string | null;
  readonly user: CrmUser;
  readonly users: readonly CrmUser[];
  readonly organization: Organization;
  /** False: this version has no OrganizationData.svc any more. */
  readonly organizationData: boolean;
}

/** The 2011 endpoints as far as they tell who is signed in (field guide §11.2): WhoAmI by SOAP, one user by REST. Null when the path is not theirs. */
export function organizationService({ path, base, body, user, users, organization, organizationData }: ServiceRequest): Answer | null {
  if (servicePath.test(path)) {
    if (body === null) return { status: 400, body: '' };
    return /<(\w+:)?RequestName>WhoAmI<\//.test(body)
      ? { status: 200, contentType: xml, body: whoAmI(user, organization) }
      : fault('The message could not be processed.');
  }
  const id = dataPath.exec(path)?.[1]?.toLowerCase();
  if (id === undefined) return null;
  const found = users.find(({ systemUserId }) => systemUserId === id);
  if (!organizationData || !found) return notFound;
  const address = `${base}/XRMServices/2011/OrganizationData.svc/SystemUserSet(guid'${id}')`;
  const entity = {
    __metadata: { uri: address, type: 'Microsoft.Crm.Sdk.Data.Services.SystemUser' },
    FullName: found.fullName,
    DomainName: found.domainName,
    InternalEMailAddress: found.email,
    SystemUserId: id,
  };
  return { status: 200, contentType: 'application/json;charset=utf-8', body: JSON.stringify({ d: entity }) };
}
