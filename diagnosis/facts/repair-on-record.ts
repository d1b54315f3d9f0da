import type { RouteEvidence } from '../../contracts/evidence';
import { signerNow } from './sts-certificates';
import { instant, shortThumbprint } from './wording';

/**
 * The whole repair of KB 2686840, recorded as done while AD FS already signed with today's certificate: then CRM should know it. A record of the
 * short way, or of another certificate, says nothing. It rests on the operator's word.
 */
export function repairOnRecord(
  evidence: Pick<RouteEvidence, 'stsMetadata' | 'token' | 'repairOnRecord'> & Partial<Pick<RouteEvidence, 'diagnosticToken'>>,
): { readonly said: string } | null {
  const { repairOnRecord: record } = evidence;
  const now = signerNow(evidence);
  if (!record?.claimsReconfigured || record.stsPrimarySha1 === null || now?.sha1 !== record.stsPrimarySha1) return null;
  return {
    said: `KB 2686840's whole repair was recorded as done on ${instant(record.finishedAt)}, when AD FS signed with ${shortThumbprint(now.sha1)} as it does now`,
  };
}
