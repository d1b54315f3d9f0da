import type { Recogniser } from './page-context';

/**
 * The start page of CRM 2011, whose element ids are not known (field guide §11.1): main.aspx with its content in a frame, after a token. Anything
 * with known hooks is recognised before; whether there is a session behind it, WhoAmI tells.
 */
export const crmMainPage: Recogniser = ({ facts, host, status, tokenPosted, selectorConfigured, settled }) => {
  if (host !== 'crm' || !tokenPosted || selectorConfigured || !settled || (status ?? 200) >= 400) return null;
  const isMain = /\/main\.aspx$/i.test(new URL(facts.url).pathname) && facts.visiblePasswordFields === 0 && facts.frames.length > 0;
  return isMain ? { kind: 'crm-shell', recognisedBy: 'crm-main-page', texts: { hooks: 'main.aspx with a frame' } } : null;
};
