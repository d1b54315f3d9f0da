import { createHmac, randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepSeconds = 30;

/** A new shared secret of 160 bits, in base32 as authenticator apps take it. */
export const newTotpSecret = (): string => Array.from(randomBytes(32), (byte) => alphabet[byte & 31]).join('');

function bytesOf(base32: string): Buffer {
  const bits = Array.from(base32.toUpperCase().replace(/[\s=-]/g, ''), (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The six digits of one time step (RFC 4226 section 5.3, RFC 6238 section 4). */
export function totpCode(base32: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(base32)).update(counter).digest();
  const at = mac.readUInt8(19) & 0x0f;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export const totpStep = (now: Date): number => Math.floor(now.getTime() / 1000 / stepSeconds);

/**
 * Checks one-time codes: those of the current step and of the one before (delay on the way), and each step's code once (RFC 6238 section 5.2).
 * One object for all accounts of a farm.
 */
export function createTotpVerifier(now: () => Date): (secret: string, code: string) => boolean {
  const lastUsed = new Map<string, number>();
  return (secret, code) => {
    const current = totpStep(now());
    const step = [current, current - 1].find((each) => totpCode(secret, each) === code.trim());
    if (step === undefined || step <= (lastUsed.get(secret) ?? -Infinity)) return false;
    lastUsed.set(secret, step);
    return true;
  };
}
