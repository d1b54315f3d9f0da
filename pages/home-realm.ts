import type { Recogniser } from './page-context';

/** AD FS 2.x asks for the home realm on a page of its own, with a list instead of tiles (field guide §7.4 for the later ones). */
export const webFormsHomeRealm: Recogniser = ({ facts, host }) =>
  host === 'sts' && /\/HomeRealmDiscovery\.aspx$/i.test(new URL(facts.url).pathname) && facts.visiblePasswordFields === 0
    ? { kind: 'sts-home-realm', recognisedBy: 'adfs-2-home-realm', texts: facts.texts }
    : null;
