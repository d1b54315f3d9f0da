import type { CrmUser, Organization } from './crm-types';
import { json, type Answer } from './responses';

const apiPath = /^\/api\/data\/v(\d+\.\d+)\/(.+)$/i;
const userPath = /^systemusers\(([0-9a-f-]{36})\)$/i;

const fault = (status: number, code: string, message: string): Answer => json(status, { error: { code, message } });

export interface ApiRequest {
  /** Path without the organization's segment. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `https://contoso…:4443` or `https://internalcrm…:4443/Contoso`. */
  readonly base: string;
  readonly user: CrmUser;
  readonly users: readonly CrmUser[];
  readonly organization: Organization;
  /** Versions that answer. */
  readonly versions: readonly string[];
}

/** The part of the Web API that proves who is signed in (field guide §11.2): WhoAmI and one systemuser. Null when the path is not the Web API's. */
export function webApi({ path, query, base, user, users, organization, versions }: ApiRequest): Answer | null {
  const match = apiPath.exec(path);
  if (!match || !versions.includes(match[1] as string)) return null;
  const root = `${base}/api/data/v${match[1]}`;
  const resource = match[2] as string;
  if (/^WhoAmI(\(\))?$/i.test(resource))
    return json(200, {
      '@odata.context': `${root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
      BusinessUnitId: organization.businessUnitId,
      UserId: user.systemUserId,
      OrganizationId: organization.id,
    });
  const id = userPath.exec(resource)?.[1]?.toLowerCase();
  if (id === undefined) return fault(404, '0x8006088a', `Resource not found for the segment '${resource.split(/[/(]/)[0]}'.`);
  const found = users.find((candidate) => candidate.systemUserId === id);
  if (!found) return fault(404, '0x80040217', `systemuser With Id = ${id} Does Not Exist`);
  const columns: Readonly<Record<string, string | boolean>> = {
    fullname: found.fullName,
    domainname: found.domainName,
    internalemailaddress: found.email,
    isdisabled: found.isDisabled === true,
  };
  const selected = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = selected?.find((name) => !(name in columns) && name !== 'systemuserid');
  if (unknown) return fault(400, '0x80060888', `Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.systemuser'.`);
  const names = selected?.filter((name) => name in columns) ?? Object.keys(columns);
  return json(200, {
    '@odata.context': `${root}/$metadata#systemusers${selected ? `(${selected.join(',')})` : ''}/$entity`,
    '@odata.etag': 'W/"1830214"',
    ...Object.fromEntries(names.map((name) => [name, columns[name]])),
    systemuserid: found.systemUserId,
  });
}
