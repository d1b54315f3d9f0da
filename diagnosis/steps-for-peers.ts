import type { RouteEvidence } from '../contracts/evidence';
import type { RemedyStep } from '../contracts/report';
import { looksLikeAdfs } from './facts/sts-certificates';
import { crmSigns } from './facts/token-post';

/** `itself` = AD FS, or CRM; `unknown` = it said nothing to tell it by, so the steps stay. */
type Peer = 'itself' | 'other' | 'unknown';

export interface Peers {
  readonly sts: Peer;
  readonly relyingParty: Peer;
  readonly stsOrigin: string;
}

type Seen = Pick<RouteEvidence, 'exchanges' | 'pages' | 'stsMetadata' | 'wsdl' | 'lastGood'> & {
  readonly settings: Pick<RouteEvidence['settings'], 'stsOrigin'>;
};

/** Whether the STS is AD FS and the relying party CRM, by their own words. */
export function peersOf(evidence: Seen): Peers {
  return { sts: stsPeer(evidence), relyingParty: relyingPartyPeer(evidence), stsOrigin: evidence.settings.stsOrigin };
}

const signInAddresses = ({ exchanges }: Pick<Seen, 'exchanges'>): readonly string[] =>
  exchanges.flatMap(({ url, location }) => [url, location ?? '']).filter((address) => /[?&]wa=wsignin1\.0/i.test(address));

function stsPeer(evidence: Seen): Peer {
  const { stsMetadata, pages } = evidence;
  const addresses = signInAddresses(evidence);
  const own = [...addresses, ...(stsMetadata?.ok ? stsMetadata.passiveEndpoints : [])];
  if (looksLikeAdfs(evidence) || own.some((address) => /\/adfs\/ls\b/i.test(address)) || pages.some(({ texts }) => /\bMSIS\d{4}\b/.test(JSON.stringify(texts))))
    return 'itself';
  return stsMetadata?.ok || addresses.length > 0 ? 'other' : 'unknown';
}

function relyingPartyPeer(evidence: Seen): Peer {
  if (crmSigns(evidence).length > 0 || evidence.lastGood?.wsdlIdentifier) return 'itself';
  const addresses = signInAddresses(evidence);
  // CRM's own wctx, wherever the request was seen.
  if (addresses.some((address) => /[?&]wctx=(?:rm%3D1%26id%3D|rm=1&id=)|crmorgid/i.test(address))) return 'itself';
  return addresses.length > 0 || evidence.exchanges.some(({ wsfed }) => wsfed?.wa === 'wsignin1.0') ? 'other' : 'unknown';
}

const ofAdfs = /-Adfs\w|\badfssrv\b|\bappproxysvc\b|WebApplicationProxy|AD FS|\/adfs\//;
const ofCrm = /-Crm\w|Microsoft\.Crm|Microsoft Dynamics CRM|CRMAppPool|CRMWeb|MSCRM|\bCRM\b|Deployment Manager|\biisreset\b/;

/** Whose command a step is: the command decides, else the place its text begins with, else what it speaks of. */
function ownersOf({ text, command = '' }: RemedyStep): { readonly adfs: boolean; readonly crm: boolean } {
  const place = /^(?:[^:]{0,30}\b)?[Oo]n (?:the|every|each) ([^:,]{0,60})/.exec(text)?.[1] ?? '';
  for (const words of [command, place]) {
    const [adfs, crm] = [ofAdfs.test(words), ofCrm.test(words)];
    // A trust of CRM's is AD FS's matter.
    if (adfs) return { adfs, crm: false };
    if (crm) return { adfs, crm };
  }
  return { adfs: ofAdfs.test(text), crm: ofCrm.test(text) };
}

/** In a step for the one peer, the name of the other that is not what it is called. */
const renamed = ({ text, command }: RemedyStep, { sts, relyingParty }: Peers): RemedyStep => {
  const crm = (words: string): string => (relyingParty === 'other' ? words.replace(/\bCRM\b/g, 'relying party') : words);
  const adfs = (words: string): string => (sts === 'other' ? words.replace(/(?:\bthe )?\bAD FS\b/g, 'the STS') : words);
  return { text: crm(adfs(text)), ...(command === undefined ? {} : { command: crm(command) }) };
};

/** The steps that fit the peers; what was left out is said in one step each. */
export function stepsFor(steps: readonly RemedyStep[], peers: Peers): readonly RemedyStep[] {
  const { sts, relyingParty, stsOrigin } = peers;
  if (sts !== 'other' && relyingParty !== 'other') return steps;
  const left = steps.filter((step) => {
    const { adfs, crm } = ownersOf(step);
    return !(adfs && sts === 'other') && !(crm && relyingParty === 'other');
  });
  const without = (owner: 'adfs' | 'crm'): boolean => steps.some((step) => !left.includes(step) && ownersOf(step)[owner]);
  return [
    ...(sts === 'other' && without('adfs')
      ? [{ text: `${stsOrigin} is not AD FS: look for what is named above in its own administration and log; AD FS’s commands are left out.` }]
      : []),
    ...(relyingParty === 'other' && without('crm')
      ? [{ text: 'The relying party is not Dynamics CRM: look for what is named above in its own settings and log; the commands of Dynamics are left out.' }]
      : []),
    ...left.map((step) => renamed(step, peers)),
  ];
}
