import type { Exchange } from '../../contracts/evidence';
import type { RouteState } from '../../contracts/baseline';
import { hostOf } from '../facts/addresses';
import { normalise } from './normalise';

/**
 * Cookies as the servers set them on the way in: names and flags, sorted by host and name. A large cookie comes in pieces (MSISAuth, MSISAuth1, …)
 * whose number follows the size of the token, so they count as one.
 */
export function cookieShape(exchanges: readonly Exchange[]): RouteState['cookies'] {
  const set = exchanges.flatMap(({ url, cookiesSet }) =>
    cookiesSet
      .filter(({ removes }) => !removes)
      .map(({ name, domain, path, flags, blocked }) => ({
        host: hostOf(url) ?? url,
        name: normalise(name),
        domain,
        path,
        flags: [...flags].sort(),
        blocked: [...blocked].sort(),
      })),
  );
  const names = new Set(set.map(({ host, name }) => `${host} ${name}`));
  const isPiece = (host: string, name: string): boolean => {
    const base = /^(.*[^0-9])[0-9]{1,2}$/.exec(name)?.[1];
    return base !== undefined && names.has(`${host} ${base}`);
  };
  // Set twice on the way (before and after the token): the last one is what stays.
  const last = new Map(set.filter(({ host, name }) => !isPiece(host, name)).map((cookie) => [`${cookie.host} ${cookie.name}`, cookie]));
  return [...last.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cookie]) => cookie);
}
