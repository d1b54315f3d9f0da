/** NTLMSSP messages (MS-NLMP section 2.2.1), as far as a server needs them. */

const signature = Buffer.from('NTLMSSP\0', 'latin1');

const flags = {
  unicode: 0x00000001,
  requestTarget: 0x00000004,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  targetTypeDomain: 0x00010000,
  extendedSessionSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  key128: 0x20000000,
  key56: 0x80000000,
} as const;

const avIds = { end: 0, computerName: 1, domainName: 2, dnsComputerName: 3, dnsDomainName: 4, timestamp: 7 } as const;

export interface NtlmTarget {
  /** NetBIOS names. */
  readonly domain: string;
  readonly computer: string;
  readonly dnsDomain: string;
  readonly dnsComputer: string;
}

export interface AuthenticateMessage {
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  readonly ntResponse: Buffer;
}

/** 1 = negotiate, 2 = challenge, 3 = authenticate; null when the bytes are no NTLMSSP message. */
export function ntlmMessageType(message: Buffer): number | null {
  if (message.length < 12 || !message.subarray(0, 8).equals(signature)) return null;
  return message.readUInt32LE(8);
}

const avPair = (id: number, value: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(value.length, 2);
  return Buffer.concat([header, value]);
};

/** Windows file time: 100-nanosecond units since 1601. */
const fileTime = (date: Date): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n);
  return bytes;
};

/** The CHALLENGE message with target information and a timestamp, as a domain member sends it. */
export function buildChallenge(serverChallenge: Buffer, target: NtlmTarget, now: Date): Buffer {
  const name = Buffer.from(target.domain, 'utf16le');
  const text = (id: number, value: string): Buffer => avPair(id, Buffer.from(value, 'utf16le'));
  const info = Buffer.concat([
    text(avIds.domainName, target.domain),
    text(avIds.computerName, target.computer),
    text(avIds.dnsDomainName, target.dnsDomain),
    text(avIds.dnsComputerName, target.dnsComputer),
    avPair(avIds.timestamp, fileTime(now)),
    avPair(avIds.end, Buffer.alloc(0)),
  ]);
  const header = Buffer.alloc(56);
  signature.copy(header, 0);
  header.writeUInt32LE(2, 8);
  header.writeUInt16LE(name.length, 12);
  header.writeUInt16LE(name.length, 14);
  header.writeUInt32LE(56, 16);
  const negotiated =
    flags.unicode |
    flags.requestTarget |
    flags.ntlm |
    flags.alwaysSign |
    flags.targetTypeDomain |
    flags.extendedSessionSecurity |
    flags.targetInfo |
    flags.version;
  header.writeUInt32LE((negotiated | flags.key128 | flags.key56) >>> 0, 20);
  serverChallenge.copy(header, 24);
  header.writeUInt16LE(info.length, 40);
  header.writeUInt16LE(info.length, 42);
  header.writeUInt32LE(56 + name.length, 44);
  // Version 10.0, build 14393 (Windows Server 2016), NTLM revision 15.
  header.set([10, 0, 0x39, 0x38, 0, 0, 0, 15], 48);
  return Buffer.concat([header, name, info]);
}

/** Reads an AUTHENTICATE message; null when it is malformed. */
export function parseAuthenticate(message: Buffer): AuthenticateMessage | null {
  if (ntlmMessageType(message) !== 3 || message.length < 64) return null;
  const field = (at: number): Buffer | null => {
    const length = message.readUInt16LE(at);
    const offset = message.readUInt32LE(at + 4);
    return offset + length <= message.length ? message.subarray(offset, offset + length) : null;
  };
  const [ntResponse, domain, user, workstation] = [20, 28, 36, 44].map(field);
  if (!ntResponse || !domain || !user || !workstation) return null;
  const encoding = message.readUInt32LE(60) & flags.unicode ? 'utf16le' : 'latin1';
  return { ntResponse, domain: domain.toString(encoding), user: user.toString(encoding), workstation: workstation.toString(encoding) };
}
