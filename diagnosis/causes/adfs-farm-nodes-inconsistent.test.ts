import { expect, test } from '@playwright/test';
import type { NodeFacts } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { entityId, newSigning, refused, rolled, sample, signing, token } from '../testing/sample-evidence';
import { adfsFarmNodesInconsistent as rule } from './adfs-farm-nodes-inconsistent';
import { adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { crmValidatesSigningChain } from './crm-validates-signing-chain';

const node = (address: string, over: Partial<NodeFacts> = {}): NodeFacts => ({
  role: 'sts',
  host: 'sts.contoso.com',
  address,
  status: 200,
  why: null,
  entityId,
  signerSha1: signing.sha1,
  keys: [signing.sha1],
  tlsSha1: null,
  date: 'Mon, 02 Mar 2026 09:00:01 GMT',
  durationMs: 40,
  ...over,
});
const split = [node('10.0.0.5'), node('10.0.0.6', { signerSha1: newSigning.sha1, keys: [newSigning.sha1] })];
const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';

test('confirmed when two nodes sign with different certificates, on a failed and on a good sign-in', () => {
  const { outcome, text } = judged(rule, refused('ifd', { nodes: split }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('10.0.0.6');
  expect(judged(rule, sample('ifd', { nodes: split })).outcome).toBe('confirmed');
});

/** Nodes are looked at where the name has several addresses. */
const bothAddresses = [{ host: 'sts.contoso.com', addresses: ['10.0.0.5', '10.0.0.6'], error: null, source: 'system' as const }];

test('KB 2686840 is not claimed while the nodes disagree, whatever CRM says', () =>
  expect(judged(adfsSigningCertRolled, refused('ifd', { ...rolled, nodes: split, dns: bothAddresses }, 'error-page', id4175)).outcome).toBe('cannot-tell'));

test('nor is a CRM that validates chains, where it gives no reason', () =>
  expect(judged(crmValidatesSigningChain, refused('ifd', { ...rolled, nodes: split }, 'http-401')).outcome).toBe('cannot-tell'));

test('suspected when the token is signed with another certificate than the metadata', () => {
  const clearToken = token('ifd', { encrypted: false, signer: { sha1: newSigning.sha1, subject: newSigning.subject }, signature: 'untrusted-key' });
  expect(judged(rule, refused('ifd', { token: clearToken })).outcome).toBe('suspected');
});

test('clear when all nodes agree', () => expect(judged(rule, refused('ifd', { nodes: [node('10.0.0.5'), node('10.0.0.6')] })).outcome).toBe('clear'));

test('cannot tell when fewer than two nodes were read', () => {
  expect(judged(rule, refused('ifd')).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { nodes: [node('10.0.0.5'), node('10.0.0.6', { status: 503, why: 'HTTP 503', entityId: null })] })).outcome).toBe(
    'cannot-tell',
  );
});

test('nor confirmed where the name has several addresses and nobody looked at each', () =>
  expect(judged(adfsSigningCertRolled, refused('ifd', { ...rolled, dns: bothAddresses }, 'error-page', id4175)).outcome).toBe('probable'));
