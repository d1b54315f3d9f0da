import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import type { Sibling } from '../define-rule';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { tokenPosts } from '../facts/token-post';
import { excerpt, listed } from '../facts/wording';
import { crmHostName, probeAgain } from '../remedy-steps';

/** HTTP.sys refuses requests with headers beyond 16 kB with 400 as well (request-header-too-long). */
const longHeaderBytes = 8_000;

/** A CRM host name has no binding, or another site's. */
export const iisBindingHostHeader = defineRule({
  id: 'iis-binding-host-header',
  title: 'IIS has no fitting binding for a CRM host name',
  stage: 'crm-redirect',
  rank: 1,
  liesWith: 'relying-party',
  ceiling: 'probable',
  // One host name of several is unbound.
  inLab: { routes: ['ifd'] },
  needs: ['pages', 'exchanges', 'crmMetadata', 'wsdl', 'dns'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const sts = stsHost(evidence);
    const atCrm = evidence.exchanges.filter(({ url, step }) => hostOf(url) !== sts && step !== 'sign-out');
    if (atCrm.length === 0) return cannotTell('CRM was not asked in this run.');
    const post = tokenPosts(evidence).find(
      ({ exchange, answer }) => answer.kind === 'not-judged' && (exchange.status === 400 || exchange.status === 404),
    )?.exchange;
    const toSts = evidence.exchanges.some(({ url }) => hostOf(url) === sts);
    const wrong = post ?? (toSts ? undefined : atCrm.find((exchange) => hostOf(exchange.url) === crmHost(evidence) && foreign(exchange, evidence)));
    if (!wrong)
      return clear(toSts ? `${crmHost(evidence)} sent the browser to the STS, as CRM does.` : 'CRM did not answer with 400, 404 or a page of another site.');
    if ((wrong.requestHeaderBytes ?? 0) > longHeaderBytes)
      return clear(`The request carried ${wrong.requestHeaderBytes} bytes of headers: their length is the likelier reason for HTTP ${wrong.status}.`);
    const host = hostOf(wrong.url) ?? wrong.url;
    const title = wrong.document?.title ? ` ("${excerpt(wrong.document.title, 60)}")` : '';
    const shown = claim(
      `${host} answered HTTP ${wrong.status}${title} (${wrong.server ?? 'no Server header'})` +
        `${post ? ' to the token' : ' instead of sending the browser to the STS'}.`,
      ...exchangeRef(wrong),
    );
    const kernel = /HTTPAPI/i.test(wrong.server ?? '')
      ? [claim('The Server header is that of HTTP.sys: no web site took the request.', ...exchangeRef(wrong))]
      : [];
    const right = othersRight(evidence, host, evidence.siblings ?? []);
    const elsewhere = right.filter((other) => other.isName && !sameAddress(evidence, host, other.host));
    const settle = claim("Bindings stand only in the server's configuration (applicationHost.config, netsh http show sslcert).");
    if (right.length === 0 && !/Microsoft/i.test(wrong.server ?? ''))
      return cannotTell('Nothing shows that the answer is from IIS, and no other name of CRM was seen to work.');
    if (right.length === 0)
      return found(
        'suspected',
        [shown, ...kernel],
        [claim('No other CRM host name was seen to work in this run, so that the whole site may be at fault.'), settle],
      );
    return found(
      elsewhere.length === right.length ? 'suspected' : 'probable',
      [shown, ...kernel, claim(`Other names of CRM are right in the same run: ${listed(right.map((other) => `${other.host} (${other.how})`))}.`)],
      [
        ...(elsewhere.length > 0
          ? [
              claim(
                `${host} is not seen to lead to the address of ${listed(elsewhere.map((other) => other.host))}: ` +
                  `a wrong record in DNS shows a foreign site, too.`,
                ...(evidence.dns.some((facts) => facts.host === host) ? [`dns:${host}`] : []),
              ),
            ]
          : []),
        settle,
      ],
    );
  },
  remedy: (base) => [
    {
      text: 'On every CRM front end: the bindings of all sites.',
      command: 'Import-Module WebAdministration; Get-WebBinding | Format-Table protocol, bindingInformation, sslFlags -AutoSize',
    },
    {
      text: 'Add the missing HTTPS binding, with the port that Deployment Manager names (no host header is needed when CRM has the port to itself).',
      command: `New-WebBinding -Name 'Microsoft Dynamics CRM' -Protocol https -Port 443 -HostHeader '${crmHostName(base)}' -SslFlags 1`,
    },
    { text: 'And its certificate.', command: "(Get-WebBinding -Name 'Microsoft Dynamics CRM' -Protocol https).AddSslCertificate('<thumbprint>', 'My')" },
    {
      text: 'AD FS and CRM on one server: AD FS keeps 443, CRM takes another port (444), also in its web addresses.',
      command: 'netsh http show sslcert; netsh http show urlacl',
    },
    { text: "Compare with CRM's own web addresses.", command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting WebAddressSettings | Format-List' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

/** 400, 404, or a page that is neither CRM's nor a redirect: IIS's welcome page, another application. */
function foreign({ status, location, seq, crmError }: Exchange, { pages }: Pick<RouteEvidence, 'pages'>): boolean {
  if (status === 400 || status === 404) return true;
  return status === 200 && location === null && crmError === null && pages.some(({ kind, exchange }) => kind === 'unknown' && exchange === seq);
}

interface Right {
  readonly host: string;
  readonly how: string;
  /** False for a route, of which no host name is known here. */
  readonly isName: boolean;
}

/** Other CRM names that answer as CRM does. */
function othersRight(
  { crmMetadata, wsdl, exchanges, settings }: Pick<RouteEvidence, 'crmMetadata' | 'wsdl' | 'exchanges' | 'settings'>,
  host: string,
  siblings: readonly Sibling[],
): readonly Right[] {
  const documents = [
    crmMetadata?.ok ? { host: hostOf(crmMetadata.url), how: 'federation metadata' } : null,
    wsdl?.ok ? { host: hostOf(wsdl.url), how: 'WSDL' } : null,
  ];
  const redirect = exchanges.find(
    ({ location, url }) => location !== null && hostOf(location) === hostOf(settings.stsOrigin) && hostOf(url) !== hostOf(settings.stsOrigin),
  );
  const routes = siblings.filter(({ signedIn }) => signedIn === 'yes').map(({ route }) => ({ host: `the ${route} address`, how: 'signed in', isName: false }));
  const names = [...documents, redirect ? { host: hostOf(redirect.url), how: 'redirect to the STS' } : null].flatMap((each) =>
    each?.host && each.host !== host ? [{ host: each.host, how: each.how, isName: true }] : [],
  );
  return [...names, ...routes];
}

/** True only when both addresses are known and have one in common: a name that leads elsewhere shows a foreign site. */
function sameAddress({ dns }: Pick<RouteEvidence, 'dns'>, one: string, other: string): boolean {
  const [a, b] = [one, other].map((host) => dns.find((facts) => facts.host === host)?.addresses ?? []);
  return a !== undefined && b !== undefined && a.some((address) => b.includes(address));
}
