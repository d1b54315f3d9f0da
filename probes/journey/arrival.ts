import type { Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { captureWhoAmI } from '../captures/who-am-i';
import type { Ending } from './endings';

type WhoAmI = RouteEvidence['whoAmI'];

const whoAmITimeoutMs = 10_000;

/** Makes sure by CRM's API, where that is on, that the page on screen belongs to a signed-in user, and to the expected one. */
export async function proveArrival(page: Page, target: Target): Promise<{ readonly whoAmI: WhoAmI; readonly outcome: Ending | 'signed-in' }> {
  if (!target.api) return { whoAmI: null, outcome: 'signed-in' };
  const whoAmI = await captureWhoAmI(page, organizationPath(target), whoAmITimeoutMs);
  if (whoAmI.ok) return { whoAmI, outcome: unexpected(whoAmI, target) ?? 'signed-in' };
  const why = `CRM shows its shell, but WhoAmI ${whoAmI.why}: half a sign-in counts as a failure.`;
  return { whoAmI, outcome: { symptom: 'other', failedAt: 'crm-page', why } };
}

/** What should prove a sign-in is shown to anybody. */
export function endingAtPublicPage(url: string): Ending {
  const advice = 'Open an address that needs a sign-in, or choose a signedIn.selector that only signed-in users see.';
  return {
    symptom: 'other',
    failedAt: 'crm-redirect',
    why: `${new URL(url).host} shows what should prove a sign-in to a visitor who never was at the STS. ${advice}`,
  };
}

/** Signed in, but not as the configured account, or not as `expect` says. */
function unexpected(who: Extract<NonNullable<WhoAmI>, { ok: true }>, { expect, account }: Target): Ending | null {
  if (account.kind === 'password' && who.accountName !== null && isAnotherAccount(who.accountName, account.user))
    return {
      symptom: 'other',
      failedAt: null,
      why: `Signed in as ${who.accountName}, not as the configured account ${account.user}: its password was not tested.`,
    };
  const plain = (value: string): string => value.replace(/[{}]/g, '').toLowerCase();
  const differs = (found: string | null, wanted: string | null): boolean => found !== null && wanted !== null && plain(found) !== plain(wanted);
  if (differs(who.userName, expect.user)) return { symptom: 'other', failedAt: 'crm-page', why: `Signed in as ${who.userName}, expected ${expect.user}.` };
  if (differs(who.organizationId, expect.organization))
    return { symptom: 'other', failedAt: 'crm-page', why: `Signed in to organisation ${who.organizationId}, expected ${expect.organization}.` };
  return null;
}

/** Two names of one form that differ. A name of another form (a UPN, an alternate login) may belong to the same account. */
function isAnotherAccount(found: string, configured: string): boolean {
  const [one, other] = [found.trim().toLowerCase(), configured.trim().toLowerCase()];
  const form = (name: string): string => (name.includes('\\') ? 'domain' : name.includes('@') ? 'upn' : 'bare');
  return form(one) === form(other) && one !== other;
}

/** '/Contoso' of https://internalcrm.contoso.com/Contoso/main.aspx; '' for host-based organisations. */
function organizationPath({ url }: Target): string {
  const folders = new URL(url).pathname.split('/').slice(1, -1).filter(Boolean);
  return folders.length > 0 ? `/${folders[0]}` : '';
}
