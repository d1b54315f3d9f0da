import type { CauseId } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Finding, NextQuestion } from '../contracts/report';
import type { OtherSts } from './configured-sts';
import { exchangeRef, hostOf } from './facts/addresses';
import { lastTokenPost } from './facts/token-post';
import { instant } from './facts/wording';
import { readAdfsLog, readCrmLog } from './remedy-steps';
import { peersOf } from './steps-for-peers';
import { sideOf } from './verdict';

type Answers = readonly (readonly [answer: string, means: CauseId])[];

/** What a log of CRM's says of a token, in the order WIF checks it, then of what comes behind it. */
const ofTokenPost: Answers = [
  ['ID4022 or ID4036', 'crm-encryption-cert-changed-rp-stale'],
  ['Keyset does not exist', 'crm-encryption-key-inaccessible'],
  ['ID4222 or ID4223', 'clock-skew-crm-vs-adfs'],
  ['ID1038', 'audience-realm-mismatch'],
  ['ID4257 or ID4070', 'crm-validates-signing-chain'],
  ['ID4175', 'adfs-signing-cert-rolled'],
];
const ofCrmPages: Answers = [
  ['ID1073, or Key not valid for use in specified state', 'farm-session-key-mismatch'],
  ['SqlException or another fault of its surroundings', 'crm-internal-error'],
  ['a CrmException about the user', 'crm-user-missing-disabled-or-no-role'],
  ['a CrmException about the organization', 'crm-organization-disabled'],
];
const ofAdfs: Answers = [
  ['MSIS7007, or another code about an unknown relying party', 'rp-identifier-missing'],
  ['event 325', 'adfs-issuance-authorization-denied'],
  ['event 316 or 317', 'crm-encryption-cert-expired-or-revoked'],
  ['MSIS7042', 'adfs-loop-detected-msis7042'],
];
const ofCredentials: Answers = [
  ['event 342: user name or password is incorrect', 'wrong-password'],
  ['event 342, 411 or 516: locked or disabled', 'account-locked-disabled-restricted'],
  ['event 111 or 342: the password has expired', 'password-expired-or-must-change'],
];

/**
 * The one question whose answer tells most, where the diagnosis is not sure: the log of the server that judged the step the sign-in ended at.
 * Null where sign-in works, and where the first cause is confirmed. `evidence` is what the rules saw.
 */
export function nextQuestion(evidence: RouteEvidence, causes: readonly Finding[], other: OtherSts | null): NextQuestion | null {
  const [first] = causes;
  const { journey, target } = evidence;
  if (journey.signedIn === 'yes' || (first?.certainty === 'confirmed' && other === null)) return null;
  if (other !== null)
    return question(`Is ${other.redirected} the STS that people sign in at?`, 'people', null, [
      [`no, CRM should send them to ${other.configured}`, 'crm-claims-disabled-or-half-reconfigured'],
    ]);
  const side = first ? sideOf(first.id as CauseId) : null;
  const { failedAt } = journey;
  if (side === 'relying-party' || (side === null && (failedAt === 'token-post' || failedAt === 'crm-session' || failedAt === 'crm-page')))
    return askCrm(evidence, causes);
  if (side === 'sts' || (side === null && (failedAt === 'sts-page' || failedAt === 'credentials' || failedAt === 'token-issue')))
    return askSts(evidence, causes);
  if (failedAt === null && !first)
    return question('What does the probe say when it runs again with more of what happens?', 'probe', `npx signin-probe run ${target} --verbose`, []);
  const host = hostOf(evidence.exchanges.findLast(({ step }) => step !== 'sign-out')?.url ?? evidence.settings.url) ?? evidence.settings.url;
  return question(
    `Does ${host} answer in a browser on another machine at the same time?`,
    'people',
    `curl.exe -sS -D - -o NUL https://${host}/`,
    first ? [['no, it does not answer there either', first.id as CauseId]] : [],
  );
}

function askCrm(evidence: RouteEvidence, causes: readonly Finding[]): NextQuestion {
  const post = lastTokenPost(evidence);
  const at = post ? instant(new Date(Date.parse(evidence.startedAt) + post.exchange.startedAtMs).toISOString()) : instant(evidence.startedAt);
  const answers =
    evidence.journey.failedAt === 'crm-page' || evidence.journey.failedAt === 'crm-session' ? [...ofCrmPages, ...ofTokenPost] : [...ofTokenPost, ...ofCrmPages];
  if (peersOf(evidence).relyingParty === 'other')
    return question(
      `What does the relying party's own log say of the token posted at ${at}?`,
      'crm',
      null,
      causes.slice(0, 1).map(({ id }) => ['it does not know the key that signed it', id as CauseId]),
    );
  const [ref] = exchangeRef(post?.exchange);
  return question(
    `Which exception does the CRM front end's Application log (event 1309, code 3005) have at ${at}${ref ? ` (${ref.replace(':', ' ')})` : ''}?`,
    'crm',
    readCrmLog.command ?? null,
    answers,
  );
}

function askSts(evidence: RouteEvidence, causes: readonly Finding[]): NextQuestion {
  const shown = evidence.pages.flatMap(({ texts }) => /[0-9a-f]{8}-[0-9a-f-]{27}/i.exec(texts['activityId'] ?? '')?.[0] ?? []).at(-1);
  const at = shown ? `with the Activity ID ${shown}` : `at ${instant(evidence.startedAt)}`;
  if (peersOf(evidence).sts === 'other')
    return question(
      `What does the STS's own log say of this sign-in, ${at}?`,
      'sts',
      null,
      causes.slice(0, 1).map(({ id }) => ['the same as the first cause', id as CauseId]),
    );
  const answers = evidence.journey.failedAt === 'credentials' ? [...ofCredentials, ...ofAdfs] : [...ofAdfs, ...ofCredentials];
  return question(`Which event does AD FS's Admin log have ${at}?`, 'sts', readAdfsLog.command ?? null, answers);
}

const question = (ask: string, where: NextQuestion['where'], command: string | null, settles: Answers): NextQuestion => ({
  ask,
  where,
  command,
  settles: settles.map(([answer, means]) => ({ answer, means })),
});
