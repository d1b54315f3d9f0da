/** CRM's own pages (field guide §10, §11), or those of any other relying party. */
import { isCrmError } from './crm-error-address';
import type { Recogniser } from './page-context';

const shellHooks = ['crmMasthead', 'crmTopBar', 'navBar', 'crmContentPanel', 'ApplicationShell', 'TabHome', 'HomeTabLink', 'data-id-topBar'];

/** CRM's shell, classic or Unified Interface; or the configured proof of sign-in. */
export const crmShell: Recogniser = ({ facts, host, status, selectorConfigured }) => {
  if (host === 'sts' || (status ?? 200) >= 400) return null;
  if (selectorConfigured) return facts.selectorFound ? { kind: 'crm-shell', recognisedBy: 'configured-selector', texts: { hooks: 'signedIn.selector' } } : null;
  const found = shellHooks.filter((hook) => facts.hooks.includes(hook));
  return found.length > 0 ? { kind: 'crm-shell', recognisedBy: 'crm-shell', texts: { hooks: found.join(', ') } } : null;
};

/** CRM's error page: the address carries ErrorCode and the exception text (§10). */
export const crmError: Recogniser = ({ facts }) =>
  isCrmError(new URL(facts.url)) ? { kind: 'crm-error', recognisedBy: 'crm-errorhandler', texts: { message: facts.text.slice(0, 500) } } : null;

/** CRM itself, or a stranger, asks for Windows credentials: claims are off, an API path, an STS that is not the configured one. */
export const crmChallenge: Recogniser = ({ host, status, challenges, facts }) =>
  host !== 'sts' && !facts.signInPassword && status === 401 && challenges.length > 0
    ? { kind: 'crm-challenge', recognisedBy: 'crm-challenge', texts: { challenges: challenges.join(', ') } }
    : null;

/** Any other page with an error status. Libraries put their message into the title. */
export const httpError: Recogniser = ({ facts, status }) => {
  if ((status ?? 200) < 400) return null;
  const { title, text } = facts;
  const message = title && !text.startsWith(title) ? `${title}: ${text}` : text;
  return { kind: 'http-error', recognisedBy: 'status', texts: { message: message.slice(0, 500) } };
};
