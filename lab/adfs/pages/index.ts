import type { AdfsGeneration } from '../adfs-types';
import { type ErrorPageOptions, errorPage2016 } from './error-page';
import { type FormsPageOptions, formsPage2016 } from './forms-page';
import { type MfaPageOptions, mfaPage2016 } from './mfa-page';
import { signOutPage2016 } from './sign-out-page';

/** The pages a generation shows. The auto-POST page is the same in all of them. */
export interface AdfsPages {
  readonly forms: (options: FormsPageOptions) => string;
  readonly mfa: (options: MfaPageOptions) => string;
  readonly error: (options: ErrorPageOptions) => string;
  readonly signOut: (displayName: string, cleanupAddresses: readonly string[]) => string;
}

export const pagesByGeneration: Readonly<Record<AdfsGeneration, AdfsPages>> = {
  '2016': { forms: formsPage2016, mfa: mfaPage2016, error: errorPage2016, signOut: signOutPage2016 },
};
