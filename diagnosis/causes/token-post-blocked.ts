import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { errorTexts } from '../facts/error-codes';
import { crmSigns, tokenPosts } from '../facts/token-post';
import { tokenRefusal } from '../facts/token-refusal';
import { excerpt, listed } from '../facts/wording';
import { crmHostName, probeAgain, readCrmLog } from '../remedy-steps';

/** How filters answer what they stop. 503 is a stopped pool's, 400 and 404 a missing binding's. */
const filterStatuses = [403, 405, 406, 413, 414, 415, 418, 429, 501, 502];
const cutOff = /ERR_(CONNECTION_(RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|HTTP2_PROTOCOL_ERROR)/;
/** ASP.NET's own request validation refuses XML in a form field. */
const requestValidation = /potentially dangerous Request\.Form value/i;

/** Something in front of CRM answers the token's POST, or cuts it. */
export const tokenPostBlocked = defineRule({
  id: 'token-post-blocked',
  title: "A filter or proxy in front of CRM blocks the token's POST",
  stage: 'token-post',
  rank: -2,
  liesWith: 'network',
  ceiling: 'probable',
  needs: ['pages', 'exchanges', 'crmMetadata', 'wsdl'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const posts = tokenPosts(evidence);
    const post = posts.at(-1);
    if (!post)
      return evidence.journey.tokenPosts > 0 ? cannotTell('A token was posted, but its exchange is not in the evidence.') : clear('No token left the browser.');
    const { exchange, host, answer } = post;
    if (answer.kind === 'accepted' || answer.kind === 'accepted-cookie-blocked') return clear(`${host} took the token.`);
    const validation =
      errorTexts(evidence).find(({ side, text, ref }) => side === 'relying-party' && requestValidation.test(text) && ref === `exchange:${exchange.seq}`) ??
      errorTexts(evidence).find(({ side, text }) => side === 'relying-party' && requestValidation.test(text));
    const foreign = foreignSigns(exchange, evidence);
    const status =
      exchange.status !== null &&
      (filterStatuses.includes(exchange.status) || (exchange.status >= 400 && ![400, 404, 503].includes(exchange.status) && namesAnother(exchange, foreign)));
    const cut = exchange.status === null && cutOff.test(exchange.failure ?? '');
    if (!validation && !status && !cut) return clear(`The token's POST was answered by the relying party itself or as a filter would not (${post.described}).`);
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'refused' && refusal.code) return clear(`CRM's own token check answered: "${refusal.code.said}".`);
    const passes = otherPasses(exchange, evidence);
    if (!validation && foreign.length === 0 && crmSigns(evidence).length === 0)
      return cannotTell('Nothing shows that the relying party is Dynamics CRM, nor that another machine answered: it may refuse so itself.');
    const size = exchange.wsfed?.wresultBytes ? ` of ${exchange.wsfed.wresultBytes} bytes` : '';
    const shown = claim(
      `The POST with the token${size} to ${host} ` +
        `${
          cut
            ? `was cut off (${exchange.failure})`
            : `was answered HTTP ${exchange.status} (${exchange.server ?? 'no Server header'})${
                exchange.document?.text ? `: "${excerpt(exchange.document.text, 100)}"` : ''
              }`
        }.`,
      ...exchangeRef(exchange),
    );
    const likely = validation !== undefined || (passes.length > 0 && (foreign.length > 0 || exchange.status === 413));
    return found(
      likely ? 'probable' : 'suspected',
      [
        shown,
        ...(validation
          ? [
              claim(
                `The answer says "${excerpt(validation.text.slice(validation.text.search(requestValidation)))}": ASP.NET took the token for an attack.`,
                validation.ref,
              ),
            ]
          : []),
        ...foreign,
        ...passes,
      ],
      [
        ...(passes.length === 0 ? [claim('No other request to the same host was seen to pass.')] : []),
        ...(foreign.length === 0 && !validation ? [claim('Nothing in the answer shows that it is not from CRM.')] : []),
        claim("Only the device's own log shows its rule; search it for the time and the path, and for a support or block id on the page."),
      ],
    );
  },
  remedy: (base) => [
    {
      text:
        `At the filter, firewall or proxy in front of ${crmHostName(base)}: allow POSTs with the form field wresult (several kB of XML) to the path ` +
        `/ of CRM's internal and auth hosts.`,
    },
    { text: 'Raise its limit for request bodies to 1 MB at least.' },
    {
      text: 'On the CRM server: IIS request filtering and its limits.',
      command:
        "Get-WebConfigurationProperty -PSPath 'IIS:\\Sites\\Microsoft Dynamics CRM' -Filter " +
        'system.webServer/security/requestFiltering/requestLimits -Name maxAllowedContentLength, maxUrl, maxQueryString',
    },
    {
      text: "ASP.NET's request validation: web.config of CRM must be as installed (requestValidationMode, requestValidationType).",
      command: 'Select-String -Path "$env:ProgramFiles\\Microsoft Dynamics CRM\\CRMWeb\\web.config" -Pattern \'requestValidation|httpRuntime\'',
    },
    { text: 'Sign in once from a place behind the filter (resolve: with the address of a CRM server): if that works, it is the filter.' },
    readCrmLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

/** CRM refuses tokens with 401 and 500 itself: that such an answer merely lacks the Server header does not make it another machine's. */
const namesAnother = (post: Exchange, foreign: readonly unknown[]): boolean => foreign.length > 0 && (post.server !== null || post.requestId === null);

const product = (server: string | null): string | null => server?.split(/[/ ]/)[0]?.toLowerCase() ?? null;

/** What shows that another machine than CRM answered: its Server header, or the missing request number that CRM gives every answer. */
function foreignSigns(post: Exchange, evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>) {
  if (post.status === null) return [];
  const sts = stsHost(evidence);
  const crm = evidence.exchanges.filter(({ seq, url, status, server }) => seq !== post.seq && hostOf(url) !== sts && status !== null && server !== null);
  const servers = [...new Set(crm.map(({ server }) => server ?? ''))];
  const [known] = crm;
  if (known && !servers.some((server) => product(server) === product(post.server)))
    return [
      claim(
        `CRM's other answers come from ${listed(servers)}, this one from ${post.server ?? 'a server that does not name itself'}.`,
        ...exchangeRef(known),
        ...exchangeRef(post),
      ),
    ];
  if (known && post.requestId === null && crm.every(({ requestId }) => requestId !== null))
    return [claim('CRM gives every answer a request number (REQ_ID); this one has none.', ...exchangeRef(known), ...exchangeRef(post))];
  return [];
}

/** What shows that other requests to the same host pass. */
function otherPasses(post: Exchange, { exchanges, crmMetadata }: Pick<RouteEvidence, 'exchanges' | 'crmMetadata'>) {
  const host = hostOf(post.url);
  const get = exchanges.find(({ seq, url, method, status }) => seq !== post.seq && method === 'GET' && hostOf(url) === host && status !== null && status < 400);
  if (get) return [claim(`A GET to the same host passed (HTTP ${get.status}).`, ...exchangeRef(get))];
  return crmMetadata?.ok && hostOf(crmMetadata.url) === host ? [claim(`The federation metadata of the same host was served.`, 'metadata:crm')] : [];
}
