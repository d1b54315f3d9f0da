import type { RouteEvidence } from '../../contracts/evidence';
import type { RepairAnswer, RouteSight } from '../../contracts/repair';
import type { Result } from '../../contracts/report';
import { hostOf, redirectTarget, stsHost } from '../../diagnosis/facts/addresses';
import { encryptionMatch } from '../../diagnosis/facts/encryption-certificate';
import { predecessor, primaryChange, signerNow, stsCertificates, successor } from '../../diagnosis/facts/sts-certificates';
import { instant, shortThumbprint } from '../../diagnosis/facts/wording';

export const kbCause = 'adfs-signing-cert-rolled';
/** What a half-done long round of the KB looks like. */
export const halfDoneCause = 'crm-claims-disabled-or-half-reconfigured';

const yes = (why: string): RepairAnswer => ({ is: 'yes', why });
const no = (why: string): RepairAnswer => ({ is: 'no', why });
const unknown = (why: string): RepairAnswer => ({ is: 'unknown', why });

/** What a probing showed of one route: where the rollover stands there, and what later tells which step of the repair was done. Pure. */
export function routeSight(evidence: RouteEvidence, result: Result): RouteSight {
  const [root] = result.causes;
  const redirect = redirectToSts(evidence);
  const { crmMetadata, wsdl } = evidence;
  return {
    route: result.route,
    verdict: result.verdict,
    signedIn: result.signedIn,
    signedInAs: result.signedInAs,
    summary: result.summary,
    cause: root ? { id: root.id, title: root.title, kb: root.kb, certainty: root.certainty, doubts: root.against.map(({ text }) => text) } : null,
    ...standing(evidence, result),
    stsPrimarySha1: signerNow(evidence)?.sha1 ?? null,
    redirectsToSts: redirect !== null ? true : crmAnswered(evidence) ? false : null,
    wauth: redirect?.searchParams.get('wauth') ?? null,
    wsdlAuthentication: wsdl?.ok ? wsdl.authentication : null,
    crmMetadata: crmMetadata && { ok: crmMetadata.ok, status: crmMetadata.ok ? 200 : crmMetadata.status },
    encryption: encryptionMatch(evidence).state,
    credentialsRefused: result.failedAt === 'credentials' && evidence.journey.credentialSubmissions > 0,
    breaksAt: result.forecast.breaksAt,
  };
}

/** Generated, promoted, CRM updated: from AD FS's metadata, the last good state, and whether CRM took the token. */
function standing(evidence: RouteEvidence, result: Result): Pick<RouteSight, 'generated' | 'promoted' | 'crmUpdated'> {
  const updated = crmUpdated(evidence, result);
  const reading = stsCertificates(evidence.stsMetadata);
  if (!reading.known) {
    const open = unknown(`Not visible: ${reading.why}.`);
    return { generated: open, promoted: open, crmUpdated: updated };
  }
  const { primary } = reading;
  const [old, next, change] = [predecessor(reading), successor(reading), primaryChange(evidence)];
  const signs = `${shortThumbprint(primary.sha1)} (valid since ${instant(primary.notBefore)}) signs AD FS's metadata`;
  if (next)
    return {
      generated: yes(`AD FS publishes ${shortThumbprint(next.sha1)}, made ${instant(next.notBefore)}, beside the one in use.`),
      promoted: no(`${signs}; the new one waits.`),
      crmUpdated: updated,
    };
  const beside = old ? `; the older ${shortThumbprint(old.sha1)}, valid until ${instant(old.notAfter)}, is still published` : '';
  if (change.state === 'changed')
    return {
      generated: yes(`${shortThumbprint(change.now)} is new since the last good sign-in${beside}.`),
      promoted: yes(`${signs}; at the last good sign-in it was ${shortThumbprint(change.then)}.`),
      crmUpdated: updated,
    };
  if (old) return { generated: yes('AD FS publishes two signing certificates.'), promoted: yes(`${signs}${beside}.`), crmUpdated: updated };
  if (change.state === 'unchanged')
    return { generated: no('AD FS publishes one signing certificate.'), promoted: no(`${signs}, as at the last good sign-in.`), crmUpdated: updated };
  return {
    generated: unknown(
      `AD FS publishes one signing certificate; whether it is new cannot be told: ${'why' in change ? change.why : 'nothing to compare with'}.`,
    ),
    promoted: unknown(`${signs}; what did before cannot be told.`),
    crmUpdated: updated,
  };
}

/** CRM never says which certificate it trusts (field guide §5.2); whether it takes a token does. */
function crmUpdated(evidence: RouteEvidence, result: Result): RepairAnswer {
  const now = signerNow(evidence);
  const signed = now ? ` signed with ${shortThumbprint(now.sha1)}` : '';
  if (result.signedIn === 'yes') return yes(`CRM took a token${signed}.`);
  if (result.causes[0]?.id === kbCause) return no(`CRM refused a token${signed}.`);
  if (result.causes[0]?.id === halfDoneCause) return no('Claims or IFD is switched off in CRM: no token is taken at all.');
  return unknown('CRM did not come to judge a token by its signer; it keeps the thumbprint it trusts in MSCRM_CONFIG only.');
}

function redirectToSts(evidence: RouteEvidence): URL | null {
  const target = evidence.exchanges
    .filter(({ url }) => hostOf(url) !== stsHost(evidence))
    .map(redirectTarget)
    .find((address) => address !== null && /[?&]wa=wsignin1\.0/i.test(address));
  return target ? new URL(target) : null;
}

const crmAnswered = (evidence: RouteEvidence): boolean => evidence.exchanges.some(({ url, status }) => status !== null && hostOf(url) !== stsHost(evidence));
