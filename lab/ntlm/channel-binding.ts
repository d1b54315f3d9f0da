import { createHash, X509Certificate } from 'node:crypto';

const channelBindingsId = 10;
/** Proof (16 bytes), then type, reserved, time, client challenge and reserved again (28 bytes), then the AV pairs (MS-NLMP 2.2.2.7). */
const pairsAt = 16 + 28;

/** The hash of the TLS channel that an NTLMv2 response was made for (MsvAvChannelBindings); null when the client bound it to none. */
export function channelBindingOf(ntResponse: Buffer): Buffer | null {
  for (let at = pairsAt; at + 4 <= ntResponse.length;) {
    const id = ntResponse.readUInt16LE(at);
    const length = ntResponse.readUInt16LE(at + 2);
    if (id === 0) return null;
    const value = ntResponse.subarray(at + 4, at + 4 + length);
    if (id === channelBindingsId) return value.length === 16 && value.some((byte) => byte !== 0) ? value : null;
    at += 4 + length;
  }
  return null;
}

/** The hash a server expects whose TLS certificate this is: MD5 over gss_channel_bindings_struct with tls-server-end-point (RFC 5929; SHA-256 certificates). */
export function expectedChannelBinding(certPem: string): Buffer {
  const digest = createHash('sha256').update(new X509Certificate(certPem).raw).digest();
  const data = Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), digest]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  // Initiator and acceptor address: type and length zero each.
  return createHash('md5')
    .update(Buffer.concat([Buffer.alloc(16), length, data]))
    .digest();
}
