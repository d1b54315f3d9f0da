import { randomPassword } from './lab-files';
import type { LabParts } from './lab-types';

/**
 * What an administrator does for an account that could not sign in: a new password in Active Directory, which the operator puts where the
 * probe's configuration points to (a probe does not submit a refused password again). Where the password is in an environment variable, the old
 * one is set again.
 */
export async function resetPassword({ account, healthy, client }: LabParts): Promise<void> {
  const password = randomPassword();
  if (await client?.storePassword(password)) healthy.password = password;
  account.password = healthy.password;
}
