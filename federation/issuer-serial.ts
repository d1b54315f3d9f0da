import { normalNameParts } from './distinguished-name';

/** What ds:X509IssuerSerial says, or the same two fields of CertificateFacts. Serial in decimal. */
export interface IssuerSerial {
  readonly issuer: string;
  readonly serial: string;
}

/** From this length on a serial number is random enough to name a certificate alone (CAs must put 64 random bits in). */
const tellingSerial = 2n ** 63n;

const serialValue = (serial: string): bigint | null => (/^\s*-?\d{1,100}\s*$/.test(serial) ? BigInt(serial.trim()) : null);

/** True when both names have the same parts, whatever their order, spacing, quoting or spelling (S=/ST=, E=/emailAddress=). */
export const sameIssuerName = (a: string, b: string): boolean => {
  const left = normalNameParts(a);
  const right = normalNameParts(b);
  return left.length > 0 && left.length === right.length && left.every((part, n) => part === right[n]);
};

/**
 * Whether two issuer-and-serial pairs name the same certificate (field guide §3.1: a token's X509IssuerSerial names CRM's encryption certificate).
 * The serial decides; equal serials need equal issuer names only where the number is too short to be unique (writers spell names differently).
 */
export const sameIssuerSerial = (a: IssuerSerial, b: IssuerSerial): boolean => {
  const left = serialValue(a.serial);
  const right = serialValue(b.serial);
  if (left === null || right === null || left !== right) return false;
  return sameIssuerName(a.issuer, b.issuer) || left >= tellingSerial;
};
