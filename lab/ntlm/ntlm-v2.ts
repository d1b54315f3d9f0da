import { createHmac, timingSafeEqual } from 'node:crypto';
import { md4 } from './md4';

const hmacMd5 = (key: Buffer, data: Buffer): Buffer => createHmac('md5', key).update(data).digest();

/** The NT hash of a password: MD4 over UTF-16LE (MS-NLMP 3.3.1, NTOWFv1). */
export const ntHash = (password: string): Buffer => md4(Buffer.from(password, 'utf16le'));

/** NTOWFv2 (MS-NLMP 3.3.2): the user name in upper case, the domain exactly as the client wrote it. */
export const ntowfV2 = (password: string, user: string, domain: string): Buffer =>
  hmacMd5(ntHash(password), Buffer.from(user.toUpperCase() + domain, 'utf16le'));

export interface NtlmV2Answer {
  readonly user: string;
  readonly domain: string;
  /** The 8 bytes sent in the CHALLENGE message. */
  readonly serverChallenge: Buffer;
  /** NtChallengeResponse: NTProofStr (16 bytes), then the client's blob. */
  readonly ntResponse: Buffer;
}

/** True when the NTLMv2 response was made with this password. An NTLMv1 response (24 bytes) is never accepted. */
export function verifyNtlmV2(password: string, { user, domain, serverChallenge, ntResponse }: NtlmV2Answer): boolean {
  if (ntResponse.length < 16 + 28) return false;
  const blob = ntResponse.subarray(16);
  const expected = hmacMd5(ntowfV2(password, user, domain), Buffer.concat([serverChallenge, blob]));
  return timingSafeEqual(expected, ntResponse.subarray(0, 16));
}
