import type { LabAccount } from './adfs-types';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `CONTOSO\probe` → `CONTOSO` and `probe`. */
const samNames = (account: LabAccount): { domain: string; name: string } => {
  const [domain = '', name = ''] = account.user.split('\\');
  return { domain, name };
};

/**
 * Finds an account by the two fields of an NTLM answer. `domain` may be the NetBIOS or the DNS name; it is empty for `user@domain`
 * and for a bare name, which the domain of AD FS itself then answers for.
 */
export function findAccountByParts(accounts: readonly LabAccount[], domain: string, user: string): LabAccount | null {
  if (user.includes('@')) return accounts.find(({ upn }) => same(upn, user)) ?? null;
  const matches = (account: LabAccount): boolean => {
    const own = samNames(account);
    const dnsDomain = account.upn.split('@')[1] ?? '';
    return same(own.name, user) && (domain === '' || same(own.domain, domain) || same(dnsDomain, domain));
  };
  return accounts.find(matches) ?? null;
}

/** Finds an account by what was typed into the form: `DOMAIN\user` or `user@domain`. */
export function findAccountByTypedName(accounts: readonly LabAccount[], typed: string): LabAccount | null {
  const [domain, user] = typed.split('\\');
  if (user !== undefined) return domain ? findAccountByParts(accounts, domain, user) : null;
  return typed.includes('@') ? findAccountByParts(accounts, '', typed) : null;
}
