/** Hashes of passwords: scrypt, with its parameters written beside it, so that they can grow. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface Parameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MB and about 0.3 s of one core: one of the settings the OWASP cheat sheet on password storage counts as equal. */
const current: Parameters = { N: 2 ** 15, r: 8, p: 3 };
const keyBytes = 32;
const pattern = /^scrypt\$N=(\d{1,7}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{16,})\$([A-Za-z0-9_-]{43})$/;

const derive = (password: string, salt: Buffer, { N, r, p }: Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    // The same characters typed on another system may come as other code points: NFKC makes them one.
    scrypt(password.normalize('NFKC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r + 1024 * r * p }, (error, key) => (error ? reject(error) : resolve(key))),
  );

/** `scrypt$N=32768,r=8,p=3$<salt>$<key>` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, current);
  return `scrypt$N=${current.N},r=${current.r},p=${current.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

export const isPasswordHash = (text: string): boolean => pattern.test(text);

/** Work waits for the work before it: many sign-ins at once cost one core and 32 MB, not more. */
let queue: Promise<unknown> = Promise.resolve();

/** Whether the password is the one hashed. Takes as long for a hash of nobody (null), so that names cannot be told apart by time. */
export function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const verified = queue.then(async () => {
    const match = pattern.exec(hash ?? '');
    const [, N, r, p, salt = '', key = ''] = match ?? [];
    const derived = await derive(password, Buffer.from(salt, 'base64url'), match ? { N: Number(N), r: Number(r), p: Number(p) } : current);
    return match !== null && timingSafeEqual(derived, Buffer.from(key, 'base64url'));
  });
  queue = verified.catch(() => undefined);
  return verified;
}
