import type { RouteEvidence } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, exchangeRef, hostOf, recordedUpTo, stsHost } from '../facts/addresses';
import { sentButNotRecognised } from '../facts/cookies';
import { errorTexts } from '../facts/error-codes';
import { sessionEndedByClock } from '../facts/session-ended-by-clock';
import { parentDomainCookie, reaches } from '../facts/parent-domain-cookie';
import { eventFor, otherKeyTexts } from '../facts/server-events';
import { isSessionCookie, tokenPosts } from '../facts/token-post';
import { duration, excerpt, listed, times } from '../facts/wording';
import { probeAgain, restartIis } from '../remedy-steps';

/** A session refused later than this after it was set has rather ended by time. */
const atOnceMs = 60_000;
const balancerCookie = /^(ARRAffinity.*|BIGip.*|NSC_.*|TS[0-9a-f]{6,}|AWSALB.*|.*StickyCookie.*)$/i;

const oneFrontEnd = claim(
  'Nothing here shows that there are several front ends; with a single one, a restarted pool whose keys are not kept (user profile not loaded) is left.',
);

/** One CRM front end cannot read the session cookie another one has set. */
export const farmSessionKeyMismatch = defineRule({
  id: 'farm-session-key-mismatch',
  title: "CRM's front ends cannot read each other's session cookies",
  stage: 'crm-session',
  rank: 2,
  liesWith: 'relying-party',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'token', 'dns', 'nodes', 'clocks'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const posts = tokenPosts(evidence);
    const accepted = posts.filter(({ answer }) => answer.kind === 'accepted');
    const [first] = accepted;
    const logged = eventFor(evidence, 'farm-session-key-mismatch');
    const answered = posts.at(-1);
    if (!first && logged && answered)
      return found(
        'probable',
        [logged.said, claim(`${answered.host} answered the token with ${answered.described} and set no session cookie.`, ...exchangeRef(answered.exchange))],
        [
          ...(frontEnds(evidence).length === 0 ? [oneFrontEnd] : []),
          claim('The event was matched to this sign-in; the same words at each further try would confirm it.', ...logged.said.refs),
        ],
      );
    if (!first)
      return posts.length === 0 && evidence.journey.tokenPosts > 0
        ? cannotTell('A token was posted, but its exchange is not in the evidence.')
        : clear(posts.length === 0 ? 'No token left the browser.' : 'CRM set no session cookie, so none could be refused.');
    const words = errorTexts(evidence).find(({ side, text }) => side === 'relying-party' && otherKeyTexts.test(text));
    const refused = sentButNotRecognised(evidence);
    const said = words ? [claim(`CRM's answer says "${excerpt(words.text.slice(words.text.search(otherKeyTexts)))}".`, words.ref)] : [];
    if (!refused && !words) return clear('CRM recognised the session cookie it had set, or never got it back.');
    if (!words && sessionEndedByClock(evidence)) return clear("CRM's clock is further ahead than the token lives: its session had ended when it was set.");
    const setBy = accepted.findLast(({ exchange }) => exchange.seq < (refused?.seq ?? Infinity)) ?? first;
    const ageMs = refused ? refused.startedAtMs - setBy.exchange.startedAtMs : 0;
    if (ageMs > atOnceMs) return clear(`The session was refused ${duration(ageMs)} after it was set: rather ended than unreadable.`);
    const cookies = setBy.exchange.cookiesSet.filter((cookie) => isSessionCookie(cookie) && !cookie.removes);
    const missing = refused ? cookies.filter(({ name }) => !refused.cookiesSent.some((sent) => sent.name === name)) : [];
    const shown = refused
      ? [
          claim(
            `${hostOf(refused.url)} got ${listed(cookies.map(({ name }) => name)) || 'the session cookie'} back ` +
              `${ageMs < 1000 ? 'less than a second' : duration(ageMs)} after ${setBy.host} had set it, and sent the browser to the STS all the same.`,
            ...exchangeRef(setBy.exchange),
            ...exchangeRef(refused),
          ),
        ]
      : [];
    const repeated =
      accepted.length > 1
        ? [
            claim(
              `CRM took a token and set a session ${times(accepted.length)} in this run, to no effect.`,
              ...accepted.flatMap(({ exchange }) => exchangeRef(exchange)),
            ),
          ]
        : [];
    const several = frontEnds(evidence);
    const served = evidence.exchanges.some(
      ({ url, status, seq, cookiesSent, location }) =>
        hostOf(url) === crmHost(evidence) && status === 200 && location === null && seq < (refused?.seq ?? 0) && cookiesSent.some(isSessionCookie),
    );
    const formAgain = parentDomainCookie(evidence)?.formAgain ?? null;
    const shared = cookies.some(({ domain }) => reaches(domain, stsHost(evidence) ?? ''));
    const goesOn = posts.some(({ exchange }) => exchange.seq > (refused?.seq ?? Infinity));
    const gap = refused !== null && !recordedUpTo(refused, evidence.exchanges);
    const doubts = [
      ...(gap ? [claim('Not every exchange before it is on record, so that another reason for the way back to AD FS may be missing.')] : []),
      ...(missing.length > 0 ? [claim(`Not all parts came back: ${listed(missing.map(({ name }) => name))} was missing.`, ...exchangeRef(refused))] : []),
      ...(served ? [claim('A page had been served with the session before: CRM may have ended the session and want it renewed.')] : []),
      ...(formAgain
        ? [claim('AD FS did not recognise the browser either, so that the re-entry may be an ordinary renewal; see msisauth-cookie-collision.')]
        : shared && !goesOn
          ? [claim('The session cookie reaches AD FS too, and what AD FS made of it was not seen; see msisauth-cookie-collision.')]
          : []),
    ];
    return found(
      doubts.length === 0 ? 'probable' : 'suspected',
      [...shown, ...said, ...repeated, ...several],
      [
        ...doubts,
        ...(several.length === 0 ? [oneFrontEnd] : []),
        claim('The same cookie accepted by one front end and refused by another would confirm it: pin the CRM name to each node with `resolve:` and compare.'),
      ],
    );
  },
  remedy: () => [
    {
      text: 'On every CRM front end: compare the machine keys; all must be the same, and not AutoGenerate.',
      command:
        "Get-WebConfigurationProperty -PSPath 'IIS:\\Sites\\Microsoft Dynamics CRM' -Filter system.web/machineKey -Name validationKey, " +
        'decryptionKey, validation, decryption',
    },
    { text: 'Set one machine key on all of them (IIS Manager: site, Machine Key), or copy it from one web.config to the others.' },
    { text: 'At the load balancer: sticky sessions towards CRM (by source address or a cookie of its own). That hides the fault and is right for CRM anyway.' },
    {
      text: 'See that the application pool loads the user profile: without it DPAPI keys are lost at each restart.',
      command: "Import-Module WebAdministration; Get-ItemProperty 'IIS:\\AppPools\\CRMAppPool' -Name processModel.loadUserProfile",
    },
    restartIis,
  ],
  checkAfterwards: (base) => [{ text: 'Several times in a row: with n front ends about one in n succeeded before.' }, probeAgain(base)],
});

/** What shows that CRM has more than one front end. */
function frontEnds({ exchanges, dns, nodes, settings }: Pick<RouteEvidence, 'exchanges' | 'dns' | 'nodes' | 'settings'>) {
  const host = hostOf(settings.url);
  const addresses = dns.find((entry) => entry.host === host)?.addresses ?? [];
  const crmNodes = nodes.filter(({ role }) => role === 'crm');
  const cookie = exchanges.flatMap(({ cookiesSet }) => cookiesSet).find(({ name }) => balancerCookie.test(name));
  return [
    ...(addresses.length > 1 ? [claim(`${host} has ${addresses.length} addresses: ${listed(addresses)}.`, `dns:${host}`)] : []),
    ...(crmNodes.length > 1 ? [claim(`CRM has ${crmNodes.length} nodes: ${listed(crmNodes.map(({ address }) => address))}.`)] : []),
    ...(cookie ? [claim(`A load balancer set its cookie ${cookie.name}.`)] : []),
  ];
}
