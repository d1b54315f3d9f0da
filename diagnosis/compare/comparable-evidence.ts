import type { RouteEvidence } from '../../contracts/evidence';

/** What of the evidence goes into a comparison; the last four are missing from a bare report. */
export type ComparableEvidence = Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'token' | 'tls' | 'dns' | 'clocks' | 'timings' | 'method'> &
  Pick<RouteEvidence, 'stsMetadata' | 'crmMetadata' | 'wsdl' | 'whoAmI'>;
