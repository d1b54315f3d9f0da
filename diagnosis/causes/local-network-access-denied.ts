import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { localNetworkWords } from '../facts/failure-words';
import { hostOf, stsHost } from '../facts/addresses';
import { excerpt } from '../facts/wording';
import { probeAgain, resolveName, crmHostName, stsHostName } from '../remedy-steps';

/** The browser refused a page's request to a private address: a page that counts as public asked for one that counts as local. */
export const localNetworkAccessDenied = defineRule({
  id: 'local-network-access-denied',
  title: 'The browser forbids a page the way to a private address (Local Network Access)',
  stage: 'crm-redirect',
  rank: 3,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'console'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    if (evidence.exchanges.length === 0) return cannotTell('No exchange was seen.');
    const line = evidence.console.find(({ text }) => localNetworkWords.test(text));
    if (!line) return clear('The browser said nothing of an address space.');
    const refused = /at '(https?:\/\/[^']+)'/.exec(line.text)?.[1] ?? null;
    const host = refused === null ? null : hostOf(refused);
    // A picture or a script of others may be refused while the sign-in fails for another reason.
    const needed = host !== null && (host === stsHost(evidence) || host === hostOf(evidence.settings.url));
    return found(
      needed ? 'confirmed' : 'suspected',
      [
        claim(`The browser says in its console: "${excerpt(line.text.slice(Math.max(0, line.text.search(/Permission was/))))}".`),
        ...(host ? [claim(`What it refused was on ${host}.`)] : []),
      ],
      [claim('Browsers before Chromium 142, and others, do not refuse this: people with those may sign in.')],
    );
  },
  remedy: (base) => [
    {
      text: 'Which addresses do the names have here? A public page must not need a private one: give the name the same kind of address as the page.',
      command: resolveName(stsHostName(base)),
    },
    { text: 'And CRM:', command: resolveName(crmHostName(base)) },
    {
      text: 'Until then, by policy: allow the page local network access (Edge and Chrome: LocalNetworkAccessAllowedForUrls).',
      command:
        "Get-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Edge', 'HKLM:\\SOFTWARE\\Policies\\Google\\Chrome' -ErrorAction " +
        'SilentlyContinue | Format-List LocalNetworkAccess*',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
