import type { Claim } from '../../contracts/report';
import type { Judgement } from '../../contracts/rule';
import type { Certainty } from '../../contracts/words';
import { cannotTell, claim, clear, defineRule, found, type DiagnosisInput } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { type CodeFound, codeOn, eventTexts } from '../facts/error-codes';
import { farmDisagreement } from '../facts/farm-nodes';
import { issuerNames } from '../facts/issuer-names';
import { repairOnRecord } from '../facts/repair-on-record';
import { rolloverTwins, type Twin } from '../facts/rollover-twins';
import {
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

type Needs = 'pages' | 'exchanges' | 'token' | 'diagnosticToken' | 'stsMetadata' | 'crmMetadata' | 'wsdl' | 'clocks' | 'lastGood' | 'repairOnRecord' | 'nodes';

/** AD FS signs with a new certificate, CRM's configuration database still names the old one (KB 2686840). */
export const adfsSigningCertRolled = defineRule({
  id: 'adfs-signing-cert-rolled',
  title: 'AD FS signing certificate rolled over, CRM still trusts the old one',
  kb: '2686840',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'diagnosticToken', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood', 'repairOnRecord', 'nodes'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'accepted' || refusal.state === 'not-reached') return clear(refusal.why);
    const answer = answerTo(refusal);
    if (typeof answer === 'string') return cannotTell(answer);
    const { code, post } = answer;
    if (code && code.code !== 'ID4175') return clear(`CRM's answer carries ${code.code}, a check made before the issuer is looked up: "${code.said}".`);
    const disagreement = farmDisagreement(evidence);
    if (disagreement) return cannotTell(disagreement);
    const change = primaryChange(evidence);
    if (change.state === 'unchanged') return clear(`The primary signing certificate is still ${shortThumbprint(change.now)}, as at the last good sign-in.`);
    if (answer.unclear && change.state !== 'changed') return cannotTell(answer.unclear);
    const repaired = repairOnRecord(evidence);
    if (repaired && !code) return clear(`${repaired.said}; a refusal that outlives it, without ID4175, is another cause.`);
    const twins = rolloverTwins(evidence);
    const name = twins.find((twin) => twin.name === 'issuer name');
    if (name?.state === 'present') return clear(`Not only the key: ${name.why}.`);
    const sibling = evidence.siblings?.find(({ signedIn }) => signedIn === 'yes');
    if (sibling && !code) return clear(`The ${sibling.route} route signed in during the same run; a certificate CRM does not know refuses everybody.`);
    const present = twins.find((twin) => twin.state === 'present');
    if (present && !code) return cannotTell(`Another fault comes first: ${present.why}. Test again after its repair.`);

    const reading = stsCertificates(evidence.stsMetadata);
    if (!reading.known && !code && change.state !== 'changed')
      return unseen(evidence, answer) ?? cannotTell(`No error text, and the signing certificate in use is not known: ${reading.why}.`);
    const adfs = looksLikeAdfs(evidence);
    if (!adfs && !code && change.state !== 'changed') return cannotTell('The STS does not look like AD FS, and CRM gave no reason.');
    if (!code && change.state === 'unknown' && !(reading.known && traceOfRollover(reading, evidence.startedAt)))
      return cannotTell(`CRM gave no reason, ${change.why}, and the AD FS metadata shows no trace of a rollover.`);

    const crm = crmSigns(evidence);
    const otherCode = code ? null : codeOfCrm(evidence);
    const cap = !adfs || crm.length === 0 || sibling || answer.unclear || otherCode;
    const logged = codeOn('relying-party', eventTexts(evidence), 'ID4175');
    const certainty = cap ? 'suspected' : certaintyOf(code !== null, change, twins, issuerNames(evidence).state === 'same', logged !== null);
    const said = saidClaims(code);
    return found(
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
        ...(code
          ? []
          : [claim('No error text reached the browser. Event 3005 with ID4175 on the CRM server would settle it; another ID code there would disprove it.')]),
        ...(change.state === 'unknown'
          ? [claim(`Whether the certificate changed is not known: ${change.why}. After the next good sign-in this can be compared.`)]
          : []),
        claim(
          'The thumbprint CRM trusts stands only in MSCRM_CONFIG; the metadata signer is taken to be the primary certificate (inferred). Get-AdfsCertificate shows it for certain.',
        ),
      ],
    );
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

/** A recording has no metadata. The answer the KB describes, a bare 401 of CRM's to the token, makes it a candidate, with the one step that settles it. */
function unseen(evidence: DiagnosisInput<Needs>, { post, claim: refused }: Answer): Judgement | null {
  const { status, challenges } = post.exchange;
  if (evidence.stsMetadata !== null || status !== 401 || challenges.length > 0 || crmSigns(evidence).length === 0) return null;
  return found(
    'suspected',
    [refused, claim('A bare HTTP 401 to the token is one of the answers KB 2686840 describes.', ...exchangeRef(post.exchange))],
    [
      claim(
        `One step settles it: the Application log of the CRM front ends at the time of exchange ${post.exchange.seq}, event 1309 (code 3005). ID4175 there confirms it, another code disproves it. Give it to diagnose with --event-log.`,
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
 * causes.md, Confirms: the table of what text, thumbprint and names allow. The KB's own criterion is ID4175 in the server's log (matched to this run);
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

function keyClaims(change: PrimaryChange, reading: StsReading, { lastGood }: DiagnosisInput<Needs>): readonly Claim[] {
  const changed =
    change.state === 'changed' && lastGood
      ? [
          claim(
            `AD FS signs with ${shortThumbprint(change.now)} (${signerSourceWords[change.source]}); at the last good sign-in (${instant(lastGood.savedAt)}) it was ${shortThumbprint(change.then)}.`,
            `certificate:${change.now}`,
            change.source === 'metadata' ? 'metadata:sts' : 'token',
            'last-good',
          ),
        ]
      : [];
  if (!reading.known) return changed;
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
