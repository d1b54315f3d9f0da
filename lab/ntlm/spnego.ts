/** SPNEGO (RFC 4178) around NTLM: some clients send the bare NTLMSSP message under `Negotiate`, others wrap it. */

const ntlmSignature = Buffer.from('NTLMSSP\0', 'latin1');
const ntlmOid = Buffer.from([0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a]);
const acceptIncomplete = Buffer.from([0x0a, 0x01, 0x01]);

const tagged = (tag: number, content: Buffer): Buffer => {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

/** The NTLMSSP message in a Negotiate token, and whether it was wrapped; null when there is none (a Kerberos ticket, for instance). */
export function unwrapNtlm(token: Buffer): { message: Buffer; wrapped: boolean } | null {
  const start = token.indexOf(ntlmSignature);
  // NTLM fields carry their own offsets, so what follows the message inside the wrapper does no harm.
  return start === -1 ? null : { message: token.subarray(start), wrapped: start > 0 };
}

/** NegTokenResp: accept-incomplete, mechanism NTLM, the challenge as response token. */
export const wrapChallenge = (challenge: Buffer): Buffer =>
  tagged(0xa1, tagged(0x30, Buffer.concat([tagged(0xa0, acceptIncomplete), tagged(0xa1, ntlmOid), tagged(0xa2, tagged(0x04, challenge))])));
