import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Clock } from '../clock';

export type SignInMethod = 'windows' | 'forms';

/** What AD FS remembers of a browser in its MSISAuth cookie. */
export interface SsoSession {
  /** The account's UPN. */
  readonly upn: string;
  readonly method: SignInMethod;
  /** ISO */
  readonly authenticatedAt: string;
  /** The `client-request-id` of the request that asked for the credentials: it alone may use them when the request said `wfresh=0`. */
  readonly requestId: string | null;
  /** An additional factor was given too. */
  readonly secondFactor?: boolean;
}

export interface SsoSessions {
  /** An opaque cookie value. */
  seal(session: SsoSession): string;
  /** Null when the value was not sealed by this service since its last start, or is older than eight hours. */
  open(value: string): SsoSession | null;
}

/** Session cookies end after 480 minutes (field guide section 12). */
const lifetimeMs = 480 * 60_000;

/** Seals SSO sessions with a key that lives only as long as this object (a restart of the service ends every session). */
export function createSsoSessions(clock: Clock): SsoSessions {
  const key = randomBytes(32);
  return {
    seal(session) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(value) {
      const bytes = Buffer.from(value, 'base64');
      if (bytes.length < 29) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        const session = JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as SsoSession;
        return clock.now().getTime() - Date.parse(session.authenticatedAt) > lifetimeMs ? null : session;
      } catch {
        return null;
      }
    },
  };
}
