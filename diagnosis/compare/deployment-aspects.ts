import type { RouteState } from '../../contracts/baseline';
import type { ChangeKind } from '../../contracts/comparison';
import type { Aspect, Aspects, Meaning, Unseen } from './aspect';
import { normalise } from './normalise';

const joined = (values: readonly string[]): string | null => (values.length > 0 ? values.join(', ') : null);

const entity =
  'AD FS calls itself by another name. CRM has stored the old one as its trusted issuer and refuses tokens from the new one until claims are configured again.';
const crmEntity = 'CRM names itself differently in its metadata. The identifiers of the relying-party trust have to follow.';
const crmScopes = 'CRM answers for other addresses than before. A relying-party trust that lacks one refuses sign-in to it; update it from metadata.';
const wsdl = 'CRM names another STS in its service description: clients that are no browsers go there.';

/** What both sides publish about themselves, names, versions and the account. */
export function deploymentAspects(state: RouteState): Aspects {
  const list: Aspect[] = [];
  const unseen: Unseen[] = [];
  const add = (id: string, kind: ChangeKind, where: string, value: string | null, means: Aspect['means'], more: Partial<Aspect> = {}): void => {
    list.push({ id, kind, where, value, means, ...more });
  };

  for (const [id, name, metadata] of [
    ['sts-metadata', 'AD FS', state.stsMetadata],
    ['crm-metadata', 'CRM', state.crmMetadata],
  ] as const) {
    if (metadata === null) {
      unseen.push({ prefix: id, what: `${name} metadata`, why: 'not captured' });
      continue;
    }
    add(`${id}:read`, 'endpoints', `${name} metadata`, metadata.ok ? 'can be read' : `cannot be read: ${normalise(metadata.why)}`, readMeaning(name));
    if (!metadata.ok) {
      unseen.push({ prefix: id, what: `what ${name} publishes in its metadata`, why: metadata.why });
      continue;
    }
    add(
      `${id}:address`,
      'endpoints',
      `Address of ${name}'s metadata`,
      metadata.address,
      'The metadata is served at another address: the other side has to be told where to read it.',
    );
    add(`${id}:entity`, 'identifiers', `Identifier of ${name} (entityID)`, metadata.entityId, id === 'sts-metadata' ? entity : crmEntity);
    add(
      `${id}:signature`,
      id === 'sts-metadata' ? 'signing-certificate' : 'encryption-certificate',
      `Signature of ${name}'s metadata`,
      metadata.signature,
      signatureMeaning,
    );
    add(
      `${id}:passive`,
      'endpoints',
      `Sign-in endpoint ${name} publishes`,
      joined(metadata.passiveEndpoints),
      `${name === 'CRM' ? 'AD FS posts tokens' : 'CRM sends browsers'} there once it has read the metadata again.`,
    );
    add(
      `${id}:scopes`,
      id === 'sts-metadata' ? 'endpoints' : 'identifiers',
      id === 'sts-metadata' ? 'Further endpoints AD FS publishes' : 'Addresses CRM answers for (identifiers)',
      joined(metadata.scopes),
      id === 'sts-metadata' ? 'AD FS offers other endpoints than before; sign-in by browser uses the passive one only.' : crmScopes,
    );
  }

  if (state.wsdl === null) unseen.push({ prefix: 'wsdl', what: "CRM's service description", why: 'not captured' });
  else if (!state.wsdl.ok) unseen.push({ prefix: 'wsdl', what: "CRM's service description", why: state.wsdl.why });
  else {
    add('wsdl:identifier', 'identifiers', 'STS named in CRM’s service description', state.wsdl.identifier, wsdl);
    add('wsdl:authentication', 'methods', 'Authentication in CRM’s service description', state.wsdl.authentication, wsdl);
  }

  for (const { host, addresses, error } of state.dns)
    add(`dns:${host}`, 'dns', `DNS of ${host}`, error === null ? joined(addresses) : `does not resolve (${error})`, dnsMeaning, { ofHost: true });

  const { versions } = state;
  const version = (id: keyof RouteState['versions'], where: string, means: string): void => {
    if (versions[id] === null) unseen.push({ prefix: `version:${id}`, what: where, why: 'the answers do not show it' });
    else add(`version:${id}`, 'version', where, versions[id], means);
  };
  version('adfs', 'AD FS generation', 'AD FS was upgraded or replaced: its pages, cookies and defaults differ.');
  version('stsServer', 'Server software of AD FS', 'Another server, or something in front of it, answers for AD FS.');
  version('crm', 'CRM version', 'CRM was updated.');
  version('crmServer', 'Server software of CRM', 'Another server, or something in front of it, answers for CRM.');

  add('account', 'user', 'Account the probe signs in with', state.account, 'The probe was told to use another account.');
  return { list, unseen };
}

const readMeaning =
  (name: string) =>
  (_before: string | null, after: string | null): Meaning =>
    after === 'can be read'
      ? { text: `${name}'s metadata can be read again.`, turn: 'better' }
      : {
          text: `${name}'s metadata cannot be read any more: the other side cannot be updated from it, and what it says could not be compared.`,
          turn: 'worse',
        };

const signatureMeaning = (_before: string | null, after: string | null): Meaning =>
  after === 'valid'
    ? { text: 'The metadata is properly signed now.', turn: 'better' }
    : { text: 'The metadata is not properly signed any more: whoever checks it refuses it.', turn: 'worse' };

const dnsMeaning = (before: string | null, after: string | null): Meaning => {
  if (after?.startsWith('does not resolve')) return { text: 'The name can no longer be found: nobody gets past this step.', turn: 'worse' };
  if (before?.startsWith('does not resolve')) return { text: 'The name can be found now.', turn: 'better' };
  return { text: 'The name leads to another machine. Its certificates, bindings and configuration count now.' };
};
