/** The programs of Debian's Samba packages that make an Active Directory, and whether it can run here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export const programs = {
  samba: '/usr/sbin/samba',
  winbindd: '/usr/sbin/winbindd',
  ntlmAuth: '/usr/bin/ntlm_auth',
  sambaTool: '/usr/bin/samba-tool',
  ldbadd: '/usr/bin/ldbadd',
  ldbmodify: '/usr/bin/ldbmodify',
  ldbsearch: '/usr/bin/ldbsearch',
  python: '/usr/bin/python3',
  pythonModules: '/usr/lib/python3/dist-packages/samba/provision/__init__.py',
  provision: '/usr/share/samba/setup/provision.ldif',
  unshare: '/usr/bin/unshare',
  nsenter: '/usr/bin/nsenter',
} as const;

const packages = ['samba', 'samba-ad-provision', 'samba-dsdb-modules', 'winbind', 'krb5-user', 'ldb-tools', 'python3-samba'] as const;

/** Why no directory can run here, or null. */
export function cannotRunDirectory(): string | null {
  if (process.platform !== 'linux') return 'Samba as a domain controller is run on Linux only';
  const missing = Object.values(programs).filter((path) => !existsSync(path));
  if (missing.length > 0) return `no ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${packages.join(' ')}`;
  const { status, stderr } = spawnSync(programs.unshare, ['--net', '--mount', 'true'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? null : `no network and mount namespaces of its own may be made here (unshare --net --mount): ${stderr.trim()}`;
}
