/**
 * What an account is called whatever way it is spelled: `CONTOSO\probe`, `probe@contoso.com` and `Probe` are all `probe`.
 * Which NetBIOS name belongs to which DNS name cannot be seen from outside, so spellings that may be one account count as one:
 * the directory counts wrong passwords for the account, not for the spelling.
 */
export function accountName(user: string): string {
  const plain = user.normalize('NFKC').trim();
  const name = plain.includes('\\') ? (plain.split('\\').at(-1) ?? plain) : (plain.split('@')[0] ?? plain);
  return (name.trim() || plain).toLowerCase();
}
