/** An STS with AD FS's pages that asks a directory about every account, and shows of its answer what AD FS shows (field guide §7.7). */
import { createPages } from '../../../lab/adfs/pages';
import type { IdentityProviderWishes } from '../foreign/identity-provider';
import type { SignInPage } from '../foreign/sign-in-pages';
import type { Directory } from './directory';

export interface DirectorySts {
  readonly idp: Partial<IdentityProviderWishes>;
  /** What the directory answered to the forms, in order. */
  readonly answers: readonly string[];
}

export interface DirectoryStsWishes {
  /** User name and password on one page each. */
  readonly paginated?: boolean;
  /** Where the endpoint for changing passwords is on: an expired password leads there. Else the form says so. */
  readonly updatePasswordPage?: boolean;
}

const expired = ['NT_STATUS_PASSWORD_EXPIRED', 'NT_STATUS_PASSWORD_MUST_CHANGE'];

export function directorySts(directory: Directory, { paginated = false, updatePasswordPage = false }: DirectoryStsWishes = {}): DirectorySts {
  const pages = createPages('2019', { paginated });
  const displayName = 'Directory Test';
  const answers: string[] = [];
  const page: SignInPage = ({ action, error }) => ({
    body: pages.forms({ displayName, action, userName: '', errorText: error, keepSignedIn: false, optionLinks: [] }),
  });
  return {
    answers,
    idp: {
      page,
      ntlm: directory.ntlm,
      check: async (user, password) => {
        const answer = await directory.logon(user, password);
        answers.push(answer);
        return answer === 'NT_STATUS_OK' ? null : answer;
      },
      refuse: (again, { form }, _, why) => {
        if (!expired.includes(why)) return again(pages.wrongPasswordText);
        if (!updatePasswordPage || !pages.updatePassword) return again(pages.texts.passwordExpired);
        return { body: pages.updatePassword({ displayName, action: '/adfs/portal/updatepassword/', userName: form.get('UserName') ?? '' }) };
      },
    },
  };
}
