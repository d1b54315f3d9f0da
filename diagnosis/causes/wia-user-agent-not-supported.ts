import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { hostOf, stsHost } from '../facts/addresses';
import { listed } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

const windowsMethod = 'urn:federation:authentication:windows';

/** AD FS gives this browser the form where others get Windows sign-in: it is not in WIASupportedUserAgents. */
export const wiaUserAgentNotSupported = defineRule({
  id: 'wia-user-agent-not-supported',
  title: "The browser is not in AD FS's list for Windows sign-in, so it gets the form",
  stage: 'sts-page',
  rank: 6,
  liesWith: 'method',
  ceiling: 'confirmed',
  nature: 'warns',
  inLab: { routes: ['internal'] },
  needs: ['pages', 'exchanges', 'lastGood', 'userAgents'],
  judge: (evidence) => {
    const host = stsHost(evidence);
    const form = evidence.pages.find(({ kind }) => kind === 'sts-forms');
    const [mine, edge] = (['probe', 'edge'] as const).map((browser) => evidence.userAgents.find((answer) => answer.browser === browser));
    if (evidence.method !== 'forms') return clear('The STS did not answer with a sign-in form.');
    if (mine && edge) {
      if (mine.showsForm && edge.status === 401 && edge.challenges.length > 0)
        return found(
          'confirmed',
          [
            claim(
              `Asked the same without a credential, ${host} answers this browser with its form (HTTP ${mine.status}) and Edge with ` +
                `HTTP 401 (${listed(edge.challenges)}).`,
              ...(form ? [`page:${form.n}`] : []),
            ),
            ...(evidence.lastGood?.method === 'windows' ? [claim('At the last good sign-in Windows sign-in was used.', 'last-good')] : []),
          ],
          [claim('This is about browsers of the kind the probe uses; people with Edge may not notice anything.')],
        );
      const both =
        mine.showsForm && edge.showsForm ? 'the form' : mine.status === 401 && edge.status === 401 ? '401' : `HTTP ${mine.status} and ${edge.status}`;
      return clear(`${host} answers this browser and Edge alike (${both}); the list of browsers is not the reason.`);
    }
    const asked = evidence.exchanges.find(({ wsfed, url }) => hostOf(url) === host && wsfed?.wa === 'wsignin1.0');
    if (asked?.wsfed?.wauth === windowsMethod || evidence.lastGood?.method === 'windows')
      return cannotTell('Windows sign-in was to be expected and the form came; the STS was not asked as another browser.');
    return clear('The form was asked for: CRM did not request Windows sign-in on this route.');
  },
  remedy: () => [
    { text: 'On the AD FS server: read the list.', command: '(Get-AdfsProperties).WIASupportedUserAgents' },
    {
      text: 'Add the browser in use; keep what is there. This takes every Chromium on Windows.',
      command: "Set-AdfsProperties -WIASupportedUserAgents ((Get-AdfsProperties).WIASupportedUserAgents + '=~Windows\\s*NT.*Chrome')",
    },
    { text: 'Restart the service on every AD FS server.', command: 'Restart-Service adfssrv' },
    { text: 'Browsers that get the challenge must also be allowed to answer it (intranet zone, AuthServerAllowlist).' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
