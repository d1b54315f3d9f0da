import type { Claim } from '../../contracts/report';
import type { Judgement } from '../../contracts/rule';
import type { Certainty } from '../../contracts/words';
import { cannotTell, claim, clear, defineRule, found, type DiagnosisInput } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { type CodeFound, codeOn, eventTexts } from '../facts/error-codes';
import { farmDisagreement, unseenNodes } from '../facts/farm-nodes';
import { issuerNames } from '../facts/issuer-names';
import { otherPartyWords, type OtherPartyWords } from '../facts/other-party-words';
import { repairOnRecord } from '../facts/repair-on-record';
import { rolloverTwins, type Twin } from '../facts/rollover-twins';
import { signerSamples, signersDiffer } from '../facts/signer-samples';
import {
  listedSince,
  looksLikeAdfs,
  predecessor,
  primaryChange,
  signerSourceWords,
  stsCertificates,
  traceOfRollover,
  type PrimaryChange,
  type StsReading,
} from '../facts/sts-certificates';
import { crmSigns, type TokenPost } from '../facts/token-post';
import { refusedClaim, saidClaims, tokenRefusal, type TokenRefusal } from '../facts/token-refusal';
import { instant, listed, shortThumbprint } from '../facts/wording';
import { followPromotion, probeAgain, readCrmLog } from '../remedy-steps';

const needs = [
  'pages',
  'exchanges',
  'token',
  'diagnosticToken',
  'stsMetadata',
  'crmMetadata',
  'wsdl',
  'clocks',
  'dns',
  'lastGood',
  'repairOnRecord',
  'nodes',
  'stsSamples',
] as const;
type Needs = (typeof needs)[number];

/** AD FS signs with a new certificate, CRM's configuration database still names the old one (KB 2686840). */
export const adfsSigningCertRolled = defineRule({
  id: 'adfs-signing-cert-rolled',
  title: 'AD FS signing certificate rolled over, CRM still trusts the old one',
  kb: '2686840',
  stage: 'token-post',
  rank: 4,
  liesWith: 'sts',
  foretold: true,
  ceiling: 'confirmed',
  needs,
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'accepted' || refusal.state === 'not-reached') return clear(refusal.why);
    const answer = answerTo(refusal);
    if (typeof answer === 'string') return cannotTell(answer);
    const { code, post } = answer;
    if (code && code.code !== 'ID4175') return clear(`CRM's answer carries ${code.code}, a check made before the issuer is looked up: "${code.said}".`);
    const disagreement = farmDisagreement(evidence) ?? signersDiffer(evidence);
    if (disagreement) return cannotTell(disagreement);
    const change = primaryChange(evidence);
    // Metadata only implies who signs: a promotion a moment ago, or a copy on the way, shows the old one. Against CRM's own words it says nothing.
    if (change.state === 'unchanged' && !code) {
      const still = `The primary signing certificate is still ${shortThumbprint(change.now)}, as at the last good sign-in`;
      return change.source === 'metadata' && signerSamples(evidence).state !== 'agree'
        ? cannotTell(`${still}; but the metadata was not read again after the refusal, and it only implies who signs.`)
        : clear(`${still}.`);
    }
    if (answer.unclear && change.state !== 'changed') return cannotTell(answer.unclear);
    const repaired = repairOnRecord(evidence);
    const twins = rolloverTwins(evidence);
    const name = twins.find((twin) => twin.name === 'issuer name');
    if (name?.state === 'present') return clear(`Not only the key: ${name.why}.`);
    const sibling = evidence.siblings?.find(({ signedIn }) => signedIn === 'yes');
    if (sibling && !code) return clear(`The ${sibling.route} route signed in during the same run; a certificate CRM does not know refuses everybody.`);
    const present = twins.find((twin) => twin.state === 'present');
    if (present && !code) return cannotTell(`Another fault comes first: ${present.why}. Test again after its repair.`);

    const reading = stsCertificates(evidence.stsMetadata);
    const keys = listedSince(evidence);
    const moved = keys !== null && keys.added.length + keys.gone.length > 0;
    if (!reading.known && !code && change.state !== 'changed' && !moved)
      return (
        unseen(evidence, answer) ?? cannotTell(`No error text, and the signing certificate in use is not known: ${reading.why}.${keys ? ` ${keys.said}.` : ''}`)
      );
    const adfs = looksLikeAdfs(evidence);
    if (!adfs && !code && change.state !== 'changed') return cannotTell('The STS does not look like AD FS, and CRM gave no reason.');
    if (!code && change.state === 'unknown' && !moved && !(reading.known && traceOfRollover(reading, evidence.startedAt)))
      return cannotTell(`CRM gave no reason, ${change.why}, and the AD FS metadata shows no trace of a rollover.`);

    const crm = crmSigns(evidence);
    const otherCode = code ? null : codeOfCrm(evidence);
    const said = saidClaims(code);
    const other = crm.length === 0 ? otherPartyWords(evidence, change, reading) : null;
    if (other) return elsewhere(other, answer.claim, keyClaims(change, reading, evidence));
    const nonce = nonceIn(post, evidence);
    const samples = signerSamples(evidence).state;
    const unsampled = samples !== 'agree' && samples !== 'moved';
    const nodes = unseenNodes(evidence);
    const bare = !code && post.answer.kind === 'refused' && !post.answer.own;
    const cap = !adfs || crm.length === 0 || sibling || answer.unclear || otherCode || (repaired && !code) || nonce || (!code && unsampled) || bare;
    const logged = codeOn('relying-party', eventTexts(evidence), 'ID4175');
    // Words of CRM's say that it does not know the key; several nodes that sign differently make the same words. Its own log was matched by a person who
    // looked there.
    const severalOpen = nodes !== null || (logged ? samples === 'too-few' || samples === 'unreadable' : unsampled);
    const most = certaintyOf(code !== null, change, twins, issuerNames(evidence).state === 'same', logged !== null);
    const certainty = cap ? 'suspected' : most === 'confirmed' && severalOpen ? 'probable' : most;
    const judgement = found(
      certainty,
      [
        answer.claim,
        ...said,
        ...(logged && logged.ref !== code?.ref ? saidClaims(logged) : []),
        ...keyClaims(change, reading, evidence),
        ...twinClaims(twins, 'refuted'),
      ],
      [
        ...(answer.unclear ? [claim(answer.unclear, ...exchangeRef(post.exchange))] : []),
        ...(otherCode
          ? [claim(`CRM's error page carries ErrorCode ${otherCode.code}, a code of its own, which is not the token check's.`, otherCode.ref)]
          : []),
        ...twinClaims(twins, 'open'),
        ...(crm.length === 0
          ? [claim('Nothing shows that the relying party is Dynamics CRM; KB 2686840 is about CRM only.', ...exchangeRef(post.exchange))]
          : []),
        ...(adfs ? [] : [claim('The STS does not look like AD FS; KB 2686840 is about AD FS only.', 'metadata:sts')]),
        ...(sibling
          ? [claim(`The ${sibling.route} route signed in during the same run, which speaks against it, unless only some CRM front ends were restarted.`)]
          : []),
        ...(code || crm.length === 0
          ? []
          : [
              claim(
                'No reason reached the browser. On the CRM server, event 3005 (Windows event ID 1309) with ID4175 would settle it; ' +
                  'ID4257 or ID4070 there means that CRM validates the chain of the certificate, which looks the same from outside and which the ' +
                  'repair does not cure; any other code disproves it.',
              ),
            ]),
        ...(repaired && !code
          ? [claim(`${repaired.said}. That is a person's word: a step may not have taken, or CRM validates the certificate's chain.`, 'repair-on-record')]
          : []),
        ...(nonce ? [claim(nonce, ...exchangeRef(post.exchange))] : []),
        ...(nodes && code ? [claim(nodes)] : []),
        ...(unsampled
          ? [
              claim(
                `The STS was not asked again${samples === 'not-taken' ? '' : ' often enough'} after the refusal: ` +
                  `several nodes or a stale copy behind one address are not excluded.`,
                ...(evidence.stsMetadata ? ['metadata:sts'] : []),
              ),
            ]
          : []),
        ...(bare
          ? [
              claim(
                `${post.host} gave a bare ${post.described}: nothing shows that CRM itself answered so, and not IIS, ASP.NET or a device before it.`,
                ...exchangeRef(post.exchange),
              ),
            ]
          : []),
        ...(change.state === 'unchanged'
          ? [
              claim(
                `The metadata shows the same primary as at the last good sign-in (${shortThumbprint(change.now)}); it only implies who signs.`,
                'metadata:sts',
                'last-good',
              ),
            ]
          : []),
        ...(change.state === 'unknown'
          ? [claim(`Whether the certificate changed is not known: ${change.why}. After the next good sign-in this can be compared.`)]
          : []),
        claim(
          `The thumbprint ` +
            `${crm.length === 0 ? 'the relying party trusts stands only in its own settings' : 'CRM trusts stands only in MSCRM_CONFIG'}; ` +
            `the metadata signer is taken to be the primary certificate (inferred).${adfs ? ' Get-AdfsCertificate shows it for certain.' : ''}`,
        ),
      ],
    );
    return crm.length === 0 ? { ...judgement, elsewhere: true } : judgement;
  },
  elsewhere: {
    title: 'The STS’s signing certificate rolled over, the relying party still trusts the old one',
    remedy: ({ settings }) => [
      {
        text:
          `Let the relying party read the federation metadata of ${settings.stsOrigin} again, or enter the present signing ` +
          `certificate (or its thumbprint) there.`,
      },
      { text: 'Restart or reload it, so that it uses what it read.' },
    ],
  },
  remedy: followPromotion,
  checkAfterwards: (base) => [
    probeAgain(base),
    {
      text: 'On the AD FS server: note primary and secondary, and plan the next rollover.',
      command: 'Get-AdfsCertificate -CertificateType Token-Signing | Format-List IsPrimary, Thumbprint, Certificate',
    },
    readCrmLog,
  ],
});

/** A relying party that is not CRM says by itself that it does not know the key. */
function elsewhere({ said, ref, certainty, thumbprints }: OtherPartyWords, refused: Claim, keys: readonly Claim[]): Judgement {
  const judgement = found(
    certainty,
    [refused, claim(`The relying party says "${said}"${thumbprints ? `: ${thumbprints}` : ''}.`, ref), ...keys],
    thumbprints === null ? [claim('Which certificate the relying party trusts is in its own settings; compare it with the one in use.')] : [],
  );
  return { ...judgement, elsewhere: true };
}

/**
 * A loop without a text whose wctx carries a nonce: CRM's module may keep one per organization in a cookie and send the browser back in silence where they
 * differ (recalled from a public disassembly, edition unknown, mark R).
 */
function nonceIn({ answer }: TokenPost, { exchanges }: DiagnosisInput<Needs>): string | null {
  if (answer.kind !== 'refused' || answer.face !== 'back-to-sts' || !exchanges.some(({ wsfed }) => /(?:^|[&;])nonce=/i.test(wsfed?.wctx ?? ''))) return null;
  return 'The wctx carries a nonce: a CRM that keeps it in a cookie may send the browser back in the same way when the two differ (recalled, edition unknown).';
}

/** A recording has no metadata. The answer the KB describes, a bare 401 of CRM's to the token, makes it a candidate, with the one step that settles it. */
function unseen(evidence: DiagnosisInput<Needs>, { post, claim: refused }: Answer): Judgement | null {
  const { status, challenges } = post.exchange;
  if (evidence.stsMetadata !== null || status !== 401 || challenges.length > 0 || crmSigns(evidence).length === 0) return null;
  return found(
    'suspected',
    [refused, claim('A bare HTTP 401 to the token is one of the answers KB 2686840 describes.', ...exchangeRef(post.exchange))],
    [
      claim(
        `One step settles it: the Application log of the CRM front ends at the time of exchange ${post.exchange.seq}, event 1309 (code 3005). ` +
          `ID4175 there confirms it, another code disproves it. Give it to diagnose with --event-log.`,
        ...exchangeRef(post.exchange),
      ),
      claim("No certificate of either side was seen: a token CRM cannot open, its clock, its audience or a fault of the server's own give the same answer."),
    ],
  );
}

interface Answer {
  readonly post: TokenPost;
  readonly code: CodeFound | null;
  readonly claim: Claim;
  /** Why it may be something else than a refusal; null when it is one. */
  readonly unclear: string | null;
}

/** CRM's refusal of the token, or an answer of its own that opened no session and gives no reason; else why neither can be seen. */
function answerTo(refusal: Extract<TokenRefusal, { state: 'refused' | 'cannot-tell' }>): Answer | string {
  if (refusal.state === 'refused') return { ...refusal, claim: refusedClaim(refusal, ' and set no session cookie'), unclear: null };
  const { noSession: post, why } = refusal;
  if (!post) return why;
  const said = claim(`${post.host} answered the token with ${post.described} and set no session cookie.`, ...exchangeRef(post.exchange));
  return { post, code: null, claim: said, unclear: why };
}

/**
 * The table of what text, thumbprint and names allow. The KB's own criterion is ID4175 in the server's log (matched to this run);
 * with the issuer's name agreeing on both sides it can only be the key.
 */
function certaintyOf(hasText: boolean, change: PrimaryChange, twins: readonly Twin[], wsdlAgrees: boolean, inServerLog: boolean): Certainty {
  const nameAgrees = twins.some(({ name, state }) => name === 'issuer name' && state === 'refuted');
  if (inServerLog) return nameAgrees || change.state === 'changed' ? 'confirmed' : 'probable';
  if (hasText && wsdlAgrees) return change.state === 'changed' ? 'confirmed' : 'probable';
  if (hasText) return change.state === 'changed' && nameAgrees ? 'probable' : 'suspected';
  return change.state === 'changed' && twins.every(({ state }) => state === 'refuted') ? 'probable' : 'suspected';
}

/** An error code of CRM's that stands in the address of its error page. */
function codeOfCrm({ exchanges }: DiagnosisInput<Needs>): { readonly code: string; readonly ref: string } | null {
  const coded = exchanges.find(({ crmError }) => /^0x[0-9a-f]{8}$/i.test(crmError?.errorCode ?? ''));
  return coded?.crmError?.errorCode ? { code: coded.crmError.errorCode, ref: `exchange:${coded.seq}` } : null;
}

function keyClaims(change: PrimaryChange, reading: StsReading, evidence: DiagnosisInput<Needs>): readonly Claim[] {
  const { lastGood } = evidence;
  const changed =
    change.state === 'changed' && lastGood
      ? [
          claim(
            `AD FS signs with ${shortThumbprint(change.now)} (${signerSourceWords[change.source]}); ` +
              `at the last good sign-in (${instant(lastGood.savedAt)}) it was ${shortThumbprint(change.then)}.`,
            `certificate:${change.now}`,
            change.source === 'metadata' ? 'metadata:sts' : 'token',
            'last-good',
          ),
        ]
      : [];
  if (!reading.known) {
    const keys = listedSince(evidence);
    if (!keys) return changed;
    const refs = [...keys.added, ...keys.kept, ...keys.gone].map(({ sha1 }) => `certificate:${sha1}`);
    return [...changed, claim(`Which certificate signs is not said: ${reading.why}. ${keys.said}.`, ...refs, 'metadata:sts', 'last-good')];
  }
  const old = predecessor(reading);
  const valid = `The primary ${shortThumbprint(reading.primary.sha1)} is valid since ${instant(reading.primary.notBefore)}`;
  const beside = old ? `; the older ${shortThumbprint(old.sha1)}, valid until ${instant(old.notAfter)}, is still listed` : '';
  return [...changed, claim(`${valid}${beside}.`, `certificate:${reading.primary.sha1}`, ...(old ? [`certificate:${old.sha1}`] : []), 'metadata:sts')];
}

/** Refuted twins in one sentence of proof; open ones each as what is still to be excluded. */
function twinClaims(twins: readonly Twin[], state: Twin['state']): readonly Claim[] {
  const those = twins.filter((twin) => twin.state === state);
  if (those.length === 0) return [];
  if (state === 'open') return those.map((twin) => claim(`Not excluded, ${twin.name}: ${twin.why}.`, ...twin.refs));
  return [claim(`Its look-alikes are excluded: ${listed(those.map(({ why }) => why))}.`, ...new Set(those.flatMap(({ refs }) => refs)))];
}
