import type { RouteEvidence } from '../../contracts/evidence';
import { withoutStop } from './wording';

/** CRM's name for its STS (WSDL) against the STS's own name (metadata entityID). */
export type IssuerNames =
  | { readonly state: 'same'; readonly crm: string; readonly sts: string }
  /** Equal but for http/https: clients swap the scheme, so this alone proves nothing (field guide §5.3). */
  | { readonly state: 'scheme-differs'; readonly crm: string; readonly sts: string }
  | { readonly state: 'different'; readonly crm: string; readonly sts: string }
  | { readonly state: 'unknown'; readonly why: string };

/** Compares both names; case of scheme and host, default ports and one trailing slash are no difference. */
export function issuerNames({ wsdl, stsMetadata }: Pick<RouteEvidence, 'wsdl' | 'stsMetadata'>): IssuerNames {
  if (stsMetadata === null) return { state: 'unknown', why: "the STS's metadata was not captured" };
  if (!stsMetadata.ok) return { state: 'unknown', why: `the STS's metadata could not be read: ${withoutStop(stsMetadata.why)}` };
  if (wsdl === null) return { state: 'unknown', why: "CRM's WSDL was not captured" };
  if (!wsdl.ok) return { state: 'unknown', why: `CRM's WSDL could not be read: ${withoutStop(wsdl.why)}` };
  if (wsdl.identifier === null) return { state: 'unknown', why: "CRM's WSDL names no STS" };
  const crm = wsdl.identifier;
  const sts = stsMetadata.entityId;
  if (normalised(crm) === normalised(sts)) return { state: 'same', crm, sts };
  return { state: withoutScheme(crm) === withoutScheme(sts) ? 'scheme-differs' : 'different', crm, sts };
}

/** True when the STS calls itself what it was called at the last good sign-in; null when either is unknown. */
export function entityIdUnchanged({ stsMetadata, lastGood }: Pick<RouteEvidence, 'stsMetadata' | 'lastGood'>): boolean | null {
  if (!stsMetadata?.ok || lastGood === null || lastGood.stsEntityId === null) return null;
  return normalised(stsMetadata.entityId) === normalised(lastGood.stsEntityId);
}

function normalised(name: string): string {
  try {
    const url = new URL(name.trim());
    return url.href.replace(/\/$/, '');
  } catch {
    return name.trim().replace(/\/$/, '');
  }
}

const withoutScheme = (name: string): string => normalised(name).replace(/^https?:/i, '');
