import type { ServerEvent } from '../../contracts/evidence';

/** An event of the CRM server that was matched to the token's POST. */
export const serverEvent = (over: Partial<ServerEvent> = {}): ServerEvent => ({
  n: 1,
  at: '2026-03-02T09:00:01.620Z',
  zone: null,
  source: 'ASP.NET 4.0.30319.0',
  log: 'Application',
  computer: 'CRM01.contoso.com',
  id: 1309,
  level: 'warning',
  activityId: null,
  side: 'relying-party',
  codes: ['ID4175'],
  text: 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.',
  matchedBy: 'time',
  exchange: 5,
  ...over,
});
