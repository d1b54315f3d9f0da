import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { ifdAddressWords } from '../facts/failure-words';
import { textSaying } from '../facts/text-saying';
import { crmHostName, probeAgain, readCrmLog } from '../remedy-steps';

/** .NET's exception for an address that is none. */
const addressWords = /\bUriFormatException\b/;

/** CRM cannot make the address of its own IFD sign-in: a domain in the IFD settings is not a bare host name. */
export const crmIfdDomainMalformed = defineRule({
  id: 'crm-ifd-domain-malformed',
  title: 'CRM fails before it redirects to AD FS: a domain in its IFD settings is malformed',
  stage: 'crm-redirect',
  rank: 2,
  liesWith: 'relying-party',
  // The address of the internal route is not put together from IFD's domains.
  inLab: { routes: ['ifd'] },
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    if (evidence.exchanges.length === 0) return cannotTell('No exchange was seen.');
    if (evidence.exchanges.some(({ url }) => hostOf(url) === stsHost(evidence))) return clear('CRM redirected to the STS.');
    const failed = evidence.exchanges.find(({ status }) => status !== null && status >= 500);
    if (!failed) return clear('CRM did not answer with a server error.');
    const answer = claim(`${hostOf(failed.url)} answered HTTP ${failed.status} before any redirect to the STS.`, ...exchangeRef(failed));
    const module = textSaying(evidence, 'relying-party', ifdAddressWords);
    if (module) return found('confirmed', [answer, module.claim], []);
    const address = textSaying(evidence, 'relying-party', addressWords);
    if (address)
      return found(
        'suspected',
        [answer, address.claim],
        [claim('Where the malformed address comes from stands in the stack of the event; other settings of CRM have addresses, too.')],
      );
    return cannotTell('CRM failed before the redirect without a word of why; the application log of the CRM server has it.');
  },
  remedy: (base) => [
    readCrmLog,
    {
      text: 'Look at the IFD domains: bare host names with their port at most, no https://, no path, no space.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting -SettingType IfdSettings | Format-List',
    },
    {
      text:
        `Correct them with the Internet-Facing Deployment wizard of Deployment Manager (${crmHostName(base)} must belong to ` +
        `the web application domain), then:`,
      command: 'iisreset',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
