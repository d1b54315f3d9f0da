import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { AcceptedToken } from './check-token';

/** WIF's chunk size (field guide §4.1). */
const chunkCharacters = 2000;
/** A real session token carries the whole identity with its serialisation and so never fits one cookie. */
export const usualSessionBytes = 2400;

export interface Session {
  readonly upn: string | null;
  readonly name: string | null;
  readonly expires: Date;
  /** It followed an earlier session of the same browser. */
  readonly renewed: boolean;
}

export interface SessionCookies {
  /** Set-Cookie lines for a new session: MSISAuth, MSISAuth1 …, encrypted. `domain` null makes them host-only. */
  open(token: AcceptedToken, domain: string | null, renewed?: boolean): string[];
  /** The session the request's Cookie header carries; null when there is none, it is not ours, or it has ended. */
  read(cookieHeader: string | undefined, now: Date): Session | null;
  /** Set-Cookie lines that remove every session cookie of the request. */
  remove(cookieHeader: string | undefined, domain: string | null): string[];
}

export function parseCookies(header: string | undefined): { name: string; value: string }[] {
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.includes('='))
    .map((part) => ({ name: part.slice(0, part.indexOf('=')), value: part.slice(part.indexOf('=') + 1) }));
}

const cookieName = (index: number): string => (index === 0 ? 'MSISAuth' : `MSISAuth${index}`);
const attributes = (domain: string | null): string => `${domain ? `domain=${domain}; ` : ''}path=/; secure; HttpOnly`;

/**
 * CRM's session cookies (its SessionAuthenticationModule). The key lives in the configuration database, so an iisreset ends no session. With
 * several front ends the requests (each opens or reads one session) are dealt out in turn, and every front end has a key of its own.
 */
export function createSessionCookies(frontEnds: () => 1 | 2 = () => 1, sessionBytes: () => number = () => usualSessionBytes): SessionCookies {
  const keys = [randomBytes(32), randomBytes(32)] as const;
  let requests = 0;
  const keyOfNextFrontEnd = (): Buffer => {
    requests += 1;
    return frontEnds() === 2 && requests % 2 === 0 ? keys[1] : keys[0];
  };

  const seal = (session: object): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyOfNextFrontEnd(), nonce);
    const text = JSON.stringify(session);
    const plain = Buffer.from(text.padEnd(sessionBytes()), 'utf8');
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  };

  const unseal = (value: string): { upn: string | null; name: string | null; expires: string; renewed: boolean } | null => {
    const key = keyOfNextFrontEnd();
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length < 29) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as ReturnType<typeof unseal>;
    } catch {
      return null; // AD FS's cookie of the same name, or a cookie of another deployment
    }
  };

  return {
    open(token, domain, renewed = false) {
      const value = seal({ upn: token.upn, name: token.name, expires: token.notOnOrAfter.toISOString(), renewed });
      const chunks = value.match(new RegExp(`.{1,${chunkCharacters}}`, 'g')) ?? [];
      return chunks.map((chunk, index) => `${cookieName(index)}=${chunk}; ${attributes(domain)}`);
    },
    read(header, now) {
      const cookies = parseCookies(header);
      let value = '';
      for (let index = 0; ; index += 1) {
        const chunk = cookies.find(({ name }) => name === cookieName(index));
        if (!chunk) break;
        value += chunk.value;
      }
      const session = unseal(value);
      if (!session || new Date(session.expires) <= now) return null;
      return { upn: session.upn, name: session.name, expires: new Date(session.expires), renewed: session.renewed };
    },
    remove(header, domain) {
      return parseCookies(header)
        .filter(({ name }) => /^MSISAuth\d*$/.test(name))
        .map(({ name }) => `${name}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes(domain)}`);
    },
  };
}
