import type { Exchange } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf } from '../facts/addresses';
import { listed } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** HTTP.sys's default for MaxFieldLength and MaxRequestBytes; the request line counts as well, so a little less of headers is enough. */
const limitBytes = 16_384;
const nearlyBytes = limitBytes - 1_024;

/** The request's headers, cookies or the ticket, are larger than HTTP.sys takes. */
export const requestHeaderTooLong = defineRule({
  id: 'request-header-too-long',
  title: 'HTTP 400: the request headers (cookies or Kerberos ticket) are too large for the server',
  stage: 'crm-session',
  rank: 5,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['exchanges'],
  judge: ({ exchanges, journey }) => {
    if (journey.signedIn === 'yes') return clear('Sign-in works.');
    if (exchanges.length === 0) return cannotTell('No exchange was seen.');
    const refused = exchanges.findLast(({ status }) => status === 400 || status === 431);
    if (!refused) return clear('No server answered 400.');
    const host = hostOf(refused.url);
    const bytes = refused.requestHeaderBytes;
    const said = /too long|too large|header fields/i.test(`${refused.document?.title ?? ''} ${refused.document?.text ?? ''}`);
    if (/invalid hostname/i.test(refused.document?.text ?? '')) return clear(`${host} answered 400 because of the host name.`);
    const answer = claim(
      `${host} answered HTTP ${refused.status}${said ? ' and says that the headers are too long' : ''} (server ${refused.server ?? 'not named'}).`,
      ...exchangeRef(refused),
    );
    const cure = claim(
      'With the large header gone (clean cookies, or the form instead of Windows sign-in) the same request must pass; if it does not, it is something else.',
    );
    if (bytes === null) {
      const cookies = cookieBytes(refused);
      if (said) return found('probable', [answer], [claim('The size of the request is not in the evidence.'), cure]);
      return cookies >= nearlyBytes
        ? found('probable', [answer, sizes(refused, cookies)], [cure])
        : cannotTell(`${host} answered ${refused.status}; the size of the request is not in the evidence.`);
    }
    // HTTP.sys refuses a host name it has no binding for with 400 as well, and says so.
    const told = refused.document !== null;
    if ((bytes >= limitBytes && told) || refused.status === 431) return found('confirmed', [answer, sizes(refused, bytes)], [cure]);
    if (bytes >= nearlyBytes) return found('probable', [answer, sizes(refused, bytes)], [cure]);
    if (said)
      return found(
        'probable',
        [answer, sizes(refused, bytes)],
        [claim('The headers seen are below the default limit of 16 KB; the server may have a lower one, or headers were added on the way.'), cure],
      );
    return clear(`${host} answered ${refused.status} to a request with ${bytes} bytes of headers, which is small.`);
  },
  remedy: () => [
    { text: 'On the client: delete the cookies of CRM and of the STS, and sign in once more. If that helps, cookies had piled up.' },
    {
      text: 'On the client, with Windows sign-in: how large is the ticket? Many groups and SID history make it large.',
      command: 'whoami /groups | Measure-Object -Line',
    },
    {
      text: 'On the server that answered 400: the HTTP error log names the limit (FieldLength or RequestLength).',
      command: 'Select-String -Path "$env:SystemRoot\\System32\\LogFiles\\HTTPERR\\*.log" -Pattern \'FieldLength|RequestLength\' | Select-Object -Last 20',
    },
    {
      text: 'If the headers are as they must be: raise both limits there (bytes) and restart the server.',
      command:
        "Set-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters' -Name MaxFieldLength -Value 65534; " +
        "Set-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters' -Name MaxRequestBytes -Value 65534",
    },
    { text: 'Do not give CRM and AD FS a common parent domain for cookies where it can be avoided.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

const cookieBytes = ({ cookiesSent }: Exchange): number => cookiesSent.reduce((sum, { name, bytes }) => sum + name.length + bytes + 3, 0);

function sizes(exchange: Exchange, bytes: number) {
  const cookies = cookieBytes(exchange);
  const largest = [...exchange.cookiesSent].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const what =
    cookies > bytes / 2
      ? `${cookies} of them ${exchange.cookiesSent.length} cookies (${listed(largest.map((cookie) => `${cookie.name} ${cookie.bytes}`))})`
      : exchange.authorization
        ? `with an Authorization header (${exchange.authorization})`
        : `cookies ${cookies}`;
  return claim(`The request carried ${bytes} bytes of headers, ${what}; HTTP.sys takes ${limitBytes} by default.`, ...exchangeRef(exchange));
}
