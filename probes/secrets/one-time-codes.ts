import { createHmac } from 'node:crypto';

/** What an authenticator app knows of an account. */
export interface TotpKey {
  readonly bytes: Buffer;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly digits: number;
  readonly periodSeconds: number;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Reads a shared secret: base32 (spaces and dashes as printed are allowed), or the whole `otpauth://totp/…` address of a QR code. Null: it is neither. */
export function readTotpKey(secret: string): TotpKey | null {
  const address = secret.trim().startsWith('otpauth://') && URL.canParse(secret.trim()) ? new URL(secret.trim()).searchParams : null;
  const base32 = (address ? (address.get('secret') ?? '') : secret).toUpperCase().replace(/[\s=-]/g, '');
  const algorithm = (['sha1', 'sha256', 'sha512'] as const).find((each) => each === (address?.get('algorithm') ?? 'SHA1').toLowerCase());
  const [digits, periodSeconds] = [Number(address?.get('digits') ?? 6), Number(address?.get('period') ?? 30)];
  if (!/^[A-Z2-7]{16,}$/.test(base32) || !algorithm || !(digits >= 6 && digits <= 8) || !(periodSeconds >= 1)) return null;
  const bits = Array.from(base32, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return { bytes: Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2))), algorithm, digits, periodSeconds };
}

/** The time step an instant (milliseconds since 1970) belongs to. */
export const stepAt = ({ periodSeconds }: TotpKey, atMs: number): number => Math.floor(atMs / 1000 / periodSeconds);

/** The code of one time step (RFC 4226 section 5.3, RFC 6238 section 4). */
export function oneTimeCode({ bytes, algorithm, digits }: TotpKey, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, bytes).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0x0f;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}
