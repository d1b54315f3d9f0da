import { Socket } from 'node:net';
import { createHmac } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { md4 } from './md4';
import { createNtlmServer } from './ntlm-server';
import { ntHash, ntowfV2, verifyNtlmV2 } from './ntlm-v2';
import { unwrapNtlm, wrapChallenge } from './spnego';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

test('MD4 gives the digests of RFC 1320, appendix A.5', () => {
  expect(md4(Buffer.from('')).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
  expect(md4(Buffer.from('abc')).toString('hex')).toBe('a448017aaf21d8525fc10ae87aa6729d');
  expect(md4(Buffer.from('12345678901234567890123456789012345678901234567890123456789012345678901234567890')).toString('hex')).toBe(
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  );
});

// MS-NLMP section 4.2.4: user "User", domain "Domain", password "Password", server "Server", time 0, client challenge aa × 8.
const published = {
  serverChallenge: hex('0123456789abcdef'),
  proof: hex('68cd0ab851e51c96aabc927bebef6a1c'),
  blob: hex(
    '01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000' + '02000c0044006f006d00610069006e00' + '01000c00530065007200760065007200' + '0000000000000000',
  ),
};

test('the keys of MS-NLMP 4.2 come out', () => {
  expect(ntHash('Password').toString('hex')).toBe('a4f49c406510bdcab6824ee7c30fd852');
  expect(ntowfV2('Password', 'User', 'Domain').toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
});

test('the published NTLMv2 response is accepted with its password and with no other', () => {
  const answer = { user: 'User', domain: 'Domain', serverChallenge: published.serverChallenge, ntResponse: Buffer.concat([published.proof, published.blob]) };
  expect(verifyNtlmV2('Password', answer)).toBe(true);
  expect(verifyNtlmV2('password', answer)).toBe(false);
  expect(verifyNtlmV2('Password', { ...answer, domain: 'Other' })).toBe(false);
  expect(verifyNtlmV2('Password', { ...answer, serverChallenge: hex('0123456789abcdee') })).toBe(false);
});

test('an NTLMv1 response of 24 bytes is never accepted', () => {
  expect(verifyNtlmV2('Password', { user: 'User', domain: 'Domain', serverChallenge: published.serverChallenge, ntResponse: Buffer.alloc(24) })).toBe(false);
});

const account = { password: 'Right-1', name: 'probe' };
const server = () =>
  createNtlmServer({
    target: { domain: 'CONTOSO', computer: 'STS', dnsDomain: 'contoso.test', dnsComputer: 'sts.contoso.test' },
    now: () => new Date('2026-01-01T00:00:00Z'),
    findAccount: (domain, user) => (domain === 'CONTOSO' && user === 'probe' ? account : null),
  });

const negotiate = Buffer.concat([Buffer.from('NTLMSSP\0'), hex('01000000 978208e2'), Buffer.alloc(16)]);

/** A client's AUTHENTICATE message for a challenge. */
const authenticate = (challenge: Buffer, password: string): Buffer => {
  const infoOffset = challenge.readUInt32LE(44);
  const info = challenge.subarray(infoOffset, infoOffset + challenge.readUInt16LE(40));
  const blob = Buffer.concat([hex('0101000000000000'), Buffer.alloc(8), hex('aaaaaaaaaaaaaaaa00000000'), info, Buffer.alloc(4)]);
  const proof = createHmac('md5', ntowfV2(password, 'probe', 'CONTOSO'))
    .update(Buffer.concat([challenge.subarray(24, 32), blob]))
    .digest();
  const parts = [Buffer.alloc(24), Buffer.concat([proof, blob]), ...['CONTOSO', 'probe', 'WS'].map((text) => Buffer.from(text, 'utf16le')), Buffer.alloc(0)];
  const header = Buffer.alloc(64);
  header.write('NTLMSSP\0', 'latin1');
  header.writeUInt32LE(3, 8);
  let offset = 64;
  parts.forEach((part, index) => {
    header.writeUInt16LE(part.length, 12 + index * 8);
    header.writeUInt16LE(part.length, 14 + index * 8);
    header.writeUInt32LE(offset, 16 + index * 8);
    offset += part.length;
  });
  header.writeUInt32LE(0x00088201, 60);
  return Buffer.concat([header, ...parts]);
};

for (const scheme of ['NTLM', 'Negotiate']) {
  test(`${scheme}: the right password signs the connection in, a wrong one does not, and no other connection is affected`, () => {
    const ntlm = server();
    const handshake = (password: string) => {
      const socket = new Socket();
      const outcome = ntlm.read(socket, `${scheme} ${negotiate.toString('base64')}`);
      if (outcome.kind !== 'challenge') throw new Error(`expected a challenge, found ${outcome.kind}`);
      const challenge = Buffer.from(outcome.header.split(' ')[1]!, 'base64');
      expect(outcome.header.startsWith(`${scheme} `)).toBe(true);
      return { socket, result: ntlm.read(socket, `${scheme} ${authenticate(challenge, password).toString('base64')}`) };
    };
    const good = handshake('Right-1');
    expect(good.result).toEqual({ kind: 'accepted', account });
    expect(ntlm.accountOf(good.socket)).toBe(account);
    const bad = handshake('Wrong-1');
    expect(bad.result).toEqual({ kind: 'refused' });
    expect(ntlm.accountOf(bad.socket)).toBeNull();
  });
}

test('an answer without a challenge on the same connection is refused', () => {
  const ntlm = server();
  const first = ntlm.read(new Socket(), `NTLM ${negotiate.toString('base64')}`);
  if (first.kind !== 'challenge') throw new Error('expected a challenge');
  const message = authenticate(Buffer.from(first.header.split(' ')[1]!, 'base64'), 'Right-1');
  expect(ntlm.read(new Socket(), `NTLM ${message.toString('base64')}`)).toEqual({ kind: 'refused' });
});

test('a wrapped NTLM message is found, its challenge is wrapped again, and a Kerberos ticket is refused', () => {
  expect(unwrapNtlm(Buffer.concat([hex('604806062b0601050502'), negotiate]))).toMatchObject({ wrapped: true });
  const wrapped = wrapChallenge(Buffer.alloc(200, 7));
  expect(wrapped[0]).toBe(0xa1);
  expect(wrapped.readUInt8(2)).toBe(wrapped.length - 3);
  expect(server().read(new Socket(), `Negotiate ${hex('6082052a06062b0601050502').toString('base64')}`)).toEqual({ kind: 'refused' });
});
