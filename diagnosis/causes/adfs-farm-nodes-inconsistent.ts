import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { describeNode, stsNodes } from '../facts/farm-nodes';
import { signersDiffer } from '../facts/signer-samples';
import { tokenRefusal } from '../facts/token-refusal';
import { listed, shortThumbprint } from '../facts/wording';
import { probeAgain, restartAdfs } from '../remedy-steps';

/** The nodes of the AD FS farm do not hold the same configuration. Judged on good sign-ins too: the next one may meet the other node. */
export const adfsFarmNodesInconsistent = defineRule({
  id: 'adfs-farm-nodes-inconsistent',
  title: 'The nodes of the AD FS farm disagree (one is not synchronised)',
  stage: 'sts-page',
  rank: -1,
  liesWith: 'sts',
  ceiling: 'confirmed',
  nature: 'warns',
  // The lab's DNS gives the unsynchronised node first.
  inLab: { verdict: 'broken' },
  needs: ['pages', 'exchanges', 'nodes', 'stsMetadata', 'token', 'stsSamples'],
  judge: (evidence) => {
    const { read, silent, differIn } = stsNodes(evidence);
    const signer = evidence.stsMetadata?.ok ? evidence.stsMetadata.signature.signerSha1 : null;
    if (differIn.length > 0) {
      const met = read.filter(({ signerSha1 }) => signerSha1 !== null && signerSha1 === signer);
      const refusal = tokenRefusal(evidence);
      return found(
        'confirmed',
        [
          claim(`Under the one name, ${read.length} AD FS nodes differ in ${listed(differIn)}: ${listed(read.map(describeNode))}.`, 'metadata:sts'),
          ...(met.length > 0 && met.length < read.length && signer !== null
            ? [
                claim(
                  `This run read the metadata that ${listed(met.map(({ address }) => address))} serves ` +
                    `(${shortThumbprint(signer)})${refusal.state === 'refused' ? ', and CRM refused the token it got' : ''}.`,
                  'metadata:sts',
                  ...(refusal.state === 'refused' ? [`exchange:${refusal.post.exchange.seq}`] : []),
                ),
              ]
            : []),
          ...silent.map(({ address, why, status }) => claim(`${address} served no metadata (${why ?? `HTTP ${status}`}).`, 'metadata:sts')),
        ],
        [
          claim('Right after a change nodes differ for a few minutes (a secondary asks the primary every five); asked again after that, they must agree.'),
          ...(evidence.journey.signedIn === 'no' && refusal.state !== 'refused'
            ? [claim('This sign-in ended elsewhere than at the refusal of a token; the disagreement need not be what stopped it.')]
            : []),
        ],
      );
    }
    const samples = signersDiffer(evidence);
    if (samples)
      return found(
        'probable',
        [claim(samples, 'metadata:sts')],
        [
          claim(
            'A cache in front of AD FS that serves an old copy now and then looks the same. `nodes:` with the addresses of the nodes, ' +
              'and `run --each-node`, would settle it.',
          ),
        ],
      );
    const used = evidence.token?.signature === 'valid' || evidence.token?.signature === 'untrusted-key' ? evidence.token.signer : null;
    if (evidence.journey.signedIn !== 'yes' && used && signer && used.sha1 !== signer)
      return found(
        'suspected',
        [
          claim(
            `The token is signed with ${shortThumbprint(used.sha1)}, the metadata read in the same run with ${shortThumbprint(signer)}.`,
            'token',
            'metadata:sts',
          ),
        ],
        [
          claim(
            'Two nodes are the likely reason; that the metadata is signed with the primary certificate is inferred. ' +
              '`run --each-node` with `nodes:` would settle it.',
          ),
        ],
      );
    if (read.length < 2)
      return cannotTell(
        `${read.length === 0 ? 'The nodes were' : 'Only one node was'} not compared: name all addresses under \`nodes:\`, or run with --each-node.`,
      );
    return clear(`${read.length} AD FS nodes publish the same: ${listed(read.map(({ address }) => address))}.`);
  },
  remedy: () => [
    { text: 'On every AD FS node: is it the primary, and when did it last synchronise?', command: 'Get-AdfsSyncProperties | Format-List' },
    { text: 'On every AD FS node: compare the certificates.', command: 'Get-AdfsCertificate | Format-Table CertificateType, IsPrimary, Thumbprint -AutoSize' },
    { text: 'Take the node that differs out of the load balancer until it is repaired.' },
    {
      text: 'On the node that differs: why does it not synchronise (events 345, 348), or cannot read a private key (249, 387)?',
      command: "Get-WinEvent -FilterHashtable @{ LogName = 'AD FS/Admin'; Id = 249, 345, 348, 387 } -MaxEvents 20 | Format-List TimeCreated, Id, Message",
    },
    {
      text: 'WID: point it to the primary again; SQL: check that every node uses the same database.',
      command: "Set-AdfsSyncProperties -PrimaryComputerName '<primary node>'",
    },
    { text: 'Own certificates (no automatic rollover): give the service account read permission on the private keys on every node, then restart.' },
    restartAdfs,
  ],
  checkAfterwards: (base) => [
    { text: 'Ask every node by itself; expect the same thumbprints.', command: `npx signin-probe run ${base.target} --each-node` },
    probeAgain(base),
  ],
});
