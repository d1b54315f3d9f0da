import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { Secret, type SecretResult } from './secret';

const maxBytes = 4096;
/** Permission bits of group and others. */
const othersBits = 0o077;

/**
 * `file:PATH`: the file's content without one line break at its end. On POSIX refused when group or others have any right on it; judged on the
 * opened file, so that it cannot be exchanged between check and reading. On Windows the rights (ACL) are not checked, which the note says.
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
      readFileSync(handle, 'utf8')
        .replace(/^\uFEFF/, '')
        .replace(/\r?\n$/, ''),
    );
    return process.platform === 'win32' ? { ok: true, value, note: `The rights of ${path} were not checked (Windows).` } : { ok: true, value };
  } catch (error) {
    return { ok: false, why: `The secret file ${path} could not be read (${(error as NodeJS.ErrnoException).code}); expected a text file.` };
  } finally {
    closeSync(handle);
  }
}
