import { crmChallenge, crmError, crmShell, httpError } from './crm-pages';
import type { PageContext, Recogniser, Recognition } from './page-context';
import { webFormsError } from './adfs-webforms';
import { crmMainPage } from './crm-main-page';
import { webFormsHomeRealm } from './home-realm';
import { signInForm } from './sign-in-form';
import { additionalAuthentication, homeRealmDiscovery, stsError, updatePassword, windowsChallenge, workingPage } from './sts-pages';

/**
 * Every page the journey knows, in the order they are tried: what carries a token first, then what asks for something,
 * then errors. Home realm discovery comes before forms: the forms page contains parts of it (field guide §7.5).
 */
const recognisers: readonly Recogniser[] = [
  workingPage,
  windowsChallenge,
  crmChallenge,
  crmError,
  homeRealmDiscovery,
  webFormsHomeRealm,
  updatePassword,
  additionalAuthentication,
  signInForm,
  stsError,
  webFormsError,
  httpError,
  crmShell,
  crmMainPage,
];

/** Says what page this is, or null: unknown (so far). */
export function recognise(context: PageContext): Recognition | null {
  for (const recogniser of recognisers) {
    const recognition = recogniser(context);
    if (recognition) return recognition;
  }
  return null;
}
