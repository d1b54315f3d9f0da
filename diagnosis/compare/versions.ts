import type { RouteState } from '../../contracts/baseline';
import { hostOf } from '../facts/addresses';
import type { ComparableEvidence } from './comparable-evidence';

/**
 * What the servers show of their versions. AD FS 3.0 and everything later answer from HTTP.sys alike, so more cannot be told from outside (field guide §0,
 * §1.4).
 */
export function versionsOf({
  exchanges,
  settings,
  whoAmI,
  pages,
}: Pick<ComparableEvidence, 'exchanges' | 'settings' | 'whoAmI' | 'pages'>): RouteState['versions'] {
  const serverOf = (host: string | null): string | null => exchanges.find(({ url, server }) => server !== null && hostOf(url) === host)?.server ?? null;
  const stsServer = serverOf(hostOf(settings.stsOrigin));
  const isAdfs = exchanges.some(({ url }) => /^https?:\/\/[^/]+\/adfs\/ls(\/|\?|$)/i.test(url));
  const api = whoAmI?.ok ? (/\/api\/data\/v([\d.]+)\//.exec(whoAmI.url)?.[1] ?? 'before the Web API') : null;
  const product = /(Microsoft Dynamics (?:CRM|365))/.exec(pages.findLast(({ kind }) => kind === 'crm-shell')?.title ?? '')?.[1] ?? null;
  return {
    adfs: isAdfs ? adfsGeneration(stsServer) : null,
    stsServer,
    crm: api === null ? product : `${product ?? 'CRM'}, ${/^\d/.test(api) ? `Web API ${api}` : api}`,
    crmServer: serverOf(hostOf(settings.url)),
  };
}

function adfsGeneration(server: string | null): string | null {
  if (server === null) return null;
  if (/HTTPAPI/i.test(server)) return 'AD FS 3.0 or later';
  const iis = /IIS\/([\d.]+)/i.exec(server)?.[1];
  return iis === undefined ? null : Number(iis) < 8 ? 'AD FS 2.0' : 'AD FS 2.1';
}
