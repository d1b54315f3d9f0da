import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, pathOf, stsHost } from '../facts/addresses';
import { afterToken } from '../facts/after-token';
import { crmUserError } from '../facts/crm-user-error';
import { eventFor } from '../facts/server-events';
import { serverFailure } from '../facts/server-failure';
import { lastTokenPost } from '../facts/token-post';
import { excerpt } from '../facts/wording';
import { probeAgain, restartIis } from '../remedy-steps';

/** CRM's codes that are about the identity in the token, not about CRM's inside (field guide §17). */
const identityCodes = ['0x80040203', '0x80040204'];

/** CRM took the token and then failed by itself. */
export const crmInternalError = defineRule({
  id: 'crm-internal-error',
  title: 'CRM failed by itself (not authentication)',
  stage: 'crm-page',
  rank: -1,
  liesWith: 'relying-party',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'crmMetadata'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const logged = eventFor(evidence, 'crm-internal-error');
    const answered = lastTokenPost(evidence);
    if (logged && answered && answered.answer.kind !== 'accepted')
      return found(
        'suspected',
        [logged.said, claim(`${answered.host} answered the token with ${answered.described}.`, ...exchangeRef(answered.exchange))],
        [
          claim(
            'The event was matched to this sign-in; whether it is the reason for the answer, the same words at each further try tell.',
            ...logged.said.refs,
          ),
        ],
      );
    const after = afterToken(evidence);
    if (after.state === 'not-reached') return clear(after.why);
    const inside = claim("What failed (SQL, configuration database, cache, keys, a plug-in, a service) stands only in CRM's trace and the Application log.");
    if (after.state === 'cannot-tell') {
      const failure =
        lastTokenPost(evidence) && serverFailure(evidence.exchanges.filter(({ step, url }) => step !== 'sign-out' && hostOf(url) !== stsHost(evidence)));
      if (!failure) return cannotTell(after.why);
      const named = claim(`${hostOf(failure.exchange.url)} names a failure of its own: "${failure.said}".`, ...exchangeRef(failure.exchange));
      return found('suspected', [named], [claim('It came in answer to the token, before CRM said whether it takes it.'), inside]);
    }
    const user = crmUserError(evidence);
    if (user) return clear(`CRM's error is about the user: ${user.code}, ${user.meaning}.`);
    const coded = after.answers.find(({ crmError }) => /^0x[0-9a-f]{8}$/i.test(crmError?.errorCode ?? ''));
    const code = coded?.crmError?.errorCode ?? null;
    if (code !== null && identityCodes.includes(code.toLowerCase())) return clear(`CRM's error code ${code} is about the identity in the token.`);
    const failing = coded ?? after.answers.find(({ status, crmError }) => (status !== null && status >= 500 && status !== 503) || crmError !== null);
    const taken = claim(`${after.host} took the token and set its session cookie: sign-in itself worked.`, ...exchangeRef(after.post));
    const metadata =
      evidence.crmMetadata && !evidence.crmMetadata.ok && (evidence.crmMetadata.status ?? 0) >= 500
        ? [claim(`CRM's federation metadata fails as well (HTTP ${evidence.crmMetadata.status}), which points to its configuration database.`, 'metadata:crm')]
        : [];
    if (failing) {
      const said = failing.crmError?.text ? `: "${excerpt(failing.crmError.text)}"` : '';
      return found(
        'suspected',
        [
          claim(
            code
              ? `CRM went on to its error page with ErrorCode ${code}${said}, which is no code of authentication.`
              : `Behind the session ${hostOf(failing.url)} answered ` +
                  `${failing.crmError ? `with CRM's error page${said}` : `HTTP ${failing.status} to ${pathOf(failing.url)}`}.`,
            ...exchangeRef(failing),
          ),
          taken,
          ...metadata,
        ],
        [inside, ...(code ? [] : [claim('No code was shown; an error about the user or the organization can look the same.')])],
      );
    }
    const missing = after.answers.find(({ status }) => status === 404);
    if (missing)
      return found(
        'suspected',
        [claim(`Behind the session ${hostOf(missing.url)} answered HTTP 404 to ${pathOf(missing.url)}.`, ...exchangeRef(missing)), taken, ...metadata],
        [
          claim(
            'A disabled organization or a wrong address is the more usual reason (crm-organization-disabled); ' +
              'an organization whose metadata cache cannot load answers so too.',
          ),
          inside,
        ],
      );
    return clear('CRM took the token, and none of its answers was an error.');
  },
  remedy: () => [
    {
      text: 'On every CRM front end: errors of the last hour in the Application log (sources MSCRM…, ASP.NET).',
      command:
        "Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Level = 1, 2, 3; " +
        "StartTime = (Get-Date).AddHours(-1) } | Where-Object ProviderName -match 'MSCRM|ASP.NET' | Format-List " +
        'TimeCreated, ProviderName, Id, Message',
    },
    {
      text: 'Does the server reach its SQL Server, and are MSCRM_CONFIG and the organization database online?',
      command: "Test-NetConnection '<SQL Server>' -Port 1433",
    },
    {
      text: 'Are the CRM services running (asynchronous processing, sandbox, unzip, monitoring)?',
      command: 'Get-Service MSCRM* | Format-Table Name, Status, StartType',
    },
    {
      text: 'Switch the platform trace on, repeat the sign-in once, switch it off and read it.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; $trace = Get-CrmSetting TraceSettings; $trace.Enabled = $true; Set-CrmSetting $trace',
    },
    restartIis,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
