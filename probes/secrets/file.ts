import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { decodeText } from '../../system/decode-text';
import { Secret, type SecretResult } from './secret';

import { allowedIn, runWindows, savedDescriptor, sidIn, strangersIn } from './windows-access';

const maxBytes = 4096;
/** Permission bits of group and others. */
const othersBits = 0o077;

/**
 * `file:PATH`: the file's content without one line break at its end. On POSIX refused when group or others have any right on it; judged on the
 * opened file, so that it cannot be exchanged between check and reading. On Windows refused when its ACL lets anybody in but this account, administrators
 * and the system; where it cannot be read the note says so.
 */
export function secretFromFile(path: string): SecretResult {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return {
      ok: false,
      why:
        `Expected the password in the file ${path}, ${code === 'ENOENT' ? 'found no such file' : `could not open it (${code})`}; ` +
        `correct the path or its rights.`,
    };
  }
  try {
    const { mode, size } = fstatSync(handle);
    if (size > maxBytes)
      return { ok: false, why: `Expected a password of at most ${maxBytes} bytes in the file ${path}, found ${size} bytes; check the path.` };
    if (process.platform !== 'win32' && (mode & othersBits) !== 0)
      return {
        ok: false,
        why: `The secret file ${path} can be used by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')}, expected 0600); run: chmod 600 ${path}`,
      };
    const value = new Secret(
      decodeText(readFileSync(handle))
        .replace(/^\uFEFF/, '')
        .replace(/\r?\n$/, ''),
    );
    const rights = process.platform === 'win32' ? rightsOnWindows(path) : {};
    return 'why' in rights ? { ok: false, why: rights.why } : { ok: true, value, ...rights };
  } catch (error) {
    return { ok: false, why: `The secret file ${path} could not be read (${(error as NodeJS.ErrnoException).code}); expected a text file.` };
  } finally {
    closeSync(handle);
  }
}

/** Windows' rights on the file: why they are too wide, or a note where they could not be read. By SIDs: names are translated. */
function rightsOnWindows(path: string): { readonly why: string } | { readonly note?: string } {
  const how = `run: icacls "${path}" /inheritance:r /grant:r "%USERDOMAIN%\\%USERNAME%:R"`;
  const folder = mkdtempSync(join(tmpdir(), 'signin-probe-rights-'));
  try {
    const saved = join(folder, 'acl.txt');
    runWindows('icacls', [win32.normalize(path), '/save', saved]);
    const descriptor = savedDescriptor(decodeText(readFileSync(saved)));
    const own = sidIn(runWindows('whoami', ['/user', '/fo', 'csv', '/nh']));
    if (descriptor === null || own === null) return { note: `The rights on ${path} could not be read from icacls and whoami; ${how}` };
    const strangers = strangersIn(allowedIn(descriptor), own);
    return strangers.length === 0 ? {} : { why: `The secret file ${path} can be used by others (${strangers.join(', ')}); ${how}` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'icacls or whoami failed';
    return { note: `The rights on ${path} could not be read (${code}); ${how}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
