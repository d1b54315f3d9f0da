import { statSync } from 'node:fs';
import { ProbeFault } from '../../../contracts/probe-fault';

/** Permission bits of group and others. */
const othersBits = 0o077;

/** ProbeFault when the file is missing, or when other accounts of this machine have any right on it. On Windows the rights (ACL) are not looked at. */
export function refuseSharedFile(path: string, where: string): void {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (error) {
    throw new ProbeFault(
      `${where}: expected a file, found ${path} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}); correct the path or its rights.`,
    );
  }
  if (process.platform !== 'win32' && (mode & othersBits) !== 0)
    throw new ProbeFault(
      `${where}: ${path} can be used by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')}, expected 0600); run: chmod 600 ${path}`,
    );
}
