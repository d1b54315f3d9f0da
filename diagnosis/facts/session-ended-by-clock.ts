import type { RouteEvidence } from '../../contracts/evidence';
import { clockSkews, type ClockSkew, toleratedSkewMs } from './clocks';
import { sentButNotRecognised } from './cookies';
import { tokenLifeMs } from './rollover-twins';

/**
 * CRM took the token within its tolerance, but its clock is so far ahead that the session, which ends with the token, had ended when it was set. Null = not so.
 */
export function sessionEndedByClock(evidence: Pick<RouteEvidence, 'clocks' | 'token' | 'exchanges' | 'settings'>): ClockSkew | null {
  if (!sentButNotRecognised(evidence)) return null;
  return (
    clockSkews(evidence).find(
      ({ skewMs, uncertaintyMs }) => skewMs + uncertaintyMs > tokenLifeMs(evidence.token) && tokenLifeMs(evidence.token) >= toleratedSkewMs,
    ) ?? null
  );
}
