import type { RouteState } from '../../contracts/baseline';
import type { Aspect, Aspects, Meaning, Unseen } from './aspect';

type Certificate = RouteState['certificates'][number];

const day = (iso: string): string => iso.slice(0, 10);
const shown = ({ subject, sha1, notBefore, notAfter }: Certificate): string => `${subject} · ${sha1} · valid ${day(notBefore)} to ${day(notAfter)}`;

function listAspect(aspect: Omit<Aspect, 'value' | 'key'>, certificates: readonly Certificate[]): Aspect {
  const distinct = [...new Map(certificates.map((certificate) => [certificate.sha1, certificate])).values()].sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1));
  return {
    ...aspect,
    value: distinct.length > 0 ? distinct.map(shown).join('; ') : null,
    key: distinct.map(({ sha1 }) => sha1).join(' '),
  };
}

const signingInUse =
  'AD FS signs its tokens with another certificate. CRM accepts only the one it has stored and does not follow by itself (KB 2686840). ' +
  'Where sign-in works afterwards, CRM was repaired.';
const signingOthers =
  'Besides the one in use AD FS publishes other signing certificates than before. One that waits will be promoted by AD FS, ' +
  'and sign-in breaks on that day unless CRM is updated; an old one that was removed does no harm.';
const decrypting = 'AD FS decrypts what is sent to it with another certificate. Sign-in to CRM does not use it; partners that encrypt to AD FS have to update.';
const encryption =
  'CRM publishes another encryption certificate. AD FS has to read the metadata of every relying-party trust of CRM again, and CRM needs the private key.';

/** Certificates of all roles, and TLS of every host. */
export function certificateAspects(state: RouteState): Aspects {
  const of = (role: Certificate['role']): Certificate[] => state.certificates.filter((certificate) => certificate.role === role);
  const signing = of('sts-signing');
  const primary = signing.filter((certificate) => certificate.primary === true);
  const list: Aspect[] = [];
  const unseen: Unseen[] = [];
  const metadataWhy = (metadata: RouteState['stsMetadata']): string => (metadata?.ok === false ? metadata.why : 'not captured, or none published');

  if (primary.length > 0) {
    list.push(listAspect({ id: 'signing:in-use', kind: 'signing-certificate', where: 'AD FS token-signing certificate in use', means: signingInUse }, primary));
    list.push(
      listAspect(
        { id: 'signing:others', kind: 'signing-certificate', where: 'AD FS token-signing certificates, further ones', means: signingOthers },
        signing.filter((certificate) => certificate.primary !== true),
      ),
    );
  } else unseen.push({ prefix: 'signing:', what: 'AD FS token-signing certificates', why: metadataWhy(state.stsMetadata) });

  if (of('sts-encryption').length > 0)
    list.push(
      listAspect({ id: 'decrypting', kind: 'decrypting-certificate', where: 'AD FS token-decrypting certificate', means: decrypting }, of('sts-encryption')),
    );
  else unseen.push({ prefix: 'decrypting', what: 'AD FS token-decrypting certificate', why: metadataWhy(state.stsMetadata) });

  if (of('crm-encryption').length > 0)
    list.push(
      listAspect({ id: 'crm-encryption', kind: 'encryption-certificate', where: 'CRM encryption certificate', means: encryption }, of('crm-encryption')),
    );
  else unseen.push({ prefix: 'crm-encryption', what: 'CRM encryption certificate', why: metadataWhy(state.crmMetadata) });

  return { list: [...list, ...state.tls.flatMap((tls) => tlsAspects(tls, of('tls')))], unseen };
}

/** A server certificate that only got worse is a finding even where a new one was announced. */
const trustMeaning = (before: string | null, after: string | null): Meaning =>
  after === 'trusted'
    ? { text: 'The connection is trusted now.', turn: 'better' }
    : before === 'trusted'
      ? {
          text: 'Browsers that have not seen this server before may refuse the connection, or have to look for the missing certificate themselves.',
          turn: 'worse',
        }
      : { text: 'The connection is not trusted on either side, for different reasons.' };

function tlsAspects(tls: RouteState['tls'][number], leaves: readonly Certificate[]): Aspect[] {
  const { host, trusted, error, protocol, chain, names, incomplete } = tls;
  const place = `${host}:${tls.port}`;
  const leaf = leaves.filter((certificate) => certificate.host === host);
  const aspect = (id: string, kind: Aspect['kind'], where: string, value: string | null, means: Aspect['means'], key?: string): Aspect => ({
    id: `${id}:${place}`,
    kind,
    where: `${where} of ${host}`,
    value,
    means,
    ofHost: true,
    ...(key === undefined ? {} : { key }),
  });
  const trust = trusted ? (incomplete ? 'trusted, but an intermediate certificate is not sent' : 'trusted') : `not trusted (${error ?? 'unknown reason'})`;
  if (chain.length === 0) return [aspect('tls-trust', 'tls-certificate', 'TLS', trust, trustMeaning)];
  return [
    ...(leaf.length > 0
      ? [
          {
            ...listAspect(
              aspect(
                'tls',
                'tls-certificate',
                'TLS certificate',
                null,
                'The server presents another certificate. A client that pins the old one, or does not know the issuer, refuses it.',
              ),
              leaf,
            ),
          },
        ]
      : []),
    aspect(
      'tls-chain',
      'tls-certificate',
      'TLS issuer chain',
      chain.slice(1).join(' ← ') || 'no issuer sent',
      'The certificate comes from another issuer, or with another chain: every client has to trust it.',
    ),
    aspect(
      'tls-names',
      'tls-certificate',
      'Names in the TLS certificate',
      names.join(', ') || null,
      'The certificate covers other names than before. A name that left can no longer be opened.',
    ),
    aspect('tls-trust', 'tls-certificate', 'Trust in TLS', trust, trustMeaning),
    aspect(
      'tls-protocol',
      'tls-protocol',
      'TLS version',
      protocol,
      'Server and probe agree on another TLS version. Old clients, and .NET on the servers, may not speak it.',
    ),
  ];
}
