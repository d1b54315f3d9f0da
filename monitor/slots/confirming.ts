import type { CauseId } from '../../contracts/causes';
import type { Result } from '../../contracts/report';

/** What the STS or CRM said about the account itself: another try submits the password again, and tells nothing new. */
const aboutTheAccount: ReadonlySet<string> = new Set<CauseId>([
  'wrong-password',
  'account-locked-disabled-restricted',
  'password-expired-or-must-change',
  'mfa-required-for-probe',
  'adfs-issuance-authorization-denied',
  'crm-user-missing-disabled-or-no-role',
]);

/** Whether a broken sign-in may be repeated at once to see if it stays broken: never after the credentials were refused. */
export function mayConfirm({ verdict, failedAt, causes }: Pick<Result, 'verdict' | 'failedAt' | 'causes'>): boolean {
  return verdict === 'broken' && failedAt !== 'credentials' && !causes.some(({ id }) => aboutTheAccount.has(id));
}
