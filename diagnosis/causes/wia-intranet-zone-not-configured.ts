import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { stsHost } from '../facts/addresses';
import { encryptionTypeWords } from '../facts/failure-words';
import { textSaying } from '../facts/text-saying';
import { windowsSignIn } from '../facts/windows-sign-in';
import { listed, withoutStop } from '../facts/wording';
import { probeAgain, stsHostName } from '../remedy-steps';

/** The STS asks for Windows credentials and the browser sends none by itself. */
export const wiaIntranetZoneNotConfigured = defineRule({
  id: 'wia-intranet-zone-not-configured',
  title: "The browser does not answer the STS's Windows challenge (zone, allow list or no ticket)",
  stage: 'credentials',
  rank: 4,
  liesWith: 'method',
  // It got no ticket: a matter of this machine and this account.
  liesWithLoggedOn: 'account',
  ceiling: 'confirmed',
  inLab: { routes: ['internal'], verdict: 'unknown' },
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const { settings, journey } = evidence;
    const host = stsHost(evidence);
    const windows = windowsSignIn(evidence);
    switch (windows.state) {
      case 'not-asked':
        return evidence.exchanges.length === 0 ? cannotTell('No exchange with the STS was seen.') : clear('The STS did not ask for Windows credentials.');
      case 'accepted':
        return clear('The STS accepted the Windows sign-in.');
      case 'refused':
        return clear(`Credentials were sent (${windows.sent}) and refused; the browser did answer.`);
      case 'not-recorded':
        return cannotTell('The recording does not show whether Windows credentials were sent.');
      case 'not-answered':
    }
    if (textSaying(evidence, 'sts', encryptionTypeWords)) return clear('The browser asked for a ticket, and the domain refused its encryption type.');
    if (!settings.windowsCurrent && journey.withheld !== null)
      return clear(`It was the probe that kept the credentials back: they were ${withoutStop(journey.withheld)}.`);
    return found(
      settings.windowsCurrent ? 'probable' : 'suspected',
      [
        claim(`${host} asked for Windows credentials (401, ${listed(windows.offered)}), and the browser sent no Authorization header at all.`, ...windows.refs),
        ...(settings.windowsCurrent
          ? [claim('The account is the one the probe runs as (`windows: current`), which the browser should answer for by itself.')]
          : []),
      ],
      [
        claim(
          'A browser that is allowed to answer but has no ticket looks the same: `klist get` on this machine tells. ' +
            'Explicit credentials that work would confirm the zone or the allow list.',
        ),
        claim('This is about the machine and browser of this run; it says nothing about other clients.'),
      ],
    );
  },
  remedy: (base) => [
    { text: 'On this machine, as the account of the run: is there a ticket to be had?', command: `klist get HTTP/${stsHostName(base)}` },
    {
      text: 'Windows: put the STS into the Local intranet zone, by group policy (Site to Zone Assignment List, value 1).',
      command:
        `New-Item -Force "HKCU:\\Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\ZoneMapKey" | New-ItemProperty -Name ` +
        `'https://${stsHostName(base)}' -Value '1'`,
    },
    {
      text: 'Edge and Chrome: a policy AuthServerAllowlist overrides the command line of the probe; the STS must be in it.',
      command:
        "Get-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Edge', 'HKLM:\\SOFTWARE\\Policies\\Google\\Chrome' -Name " +
        'AuthServerAllowlist -ErrorAction SilentlyContinue',
    },
    { text: 'Linux: `kinit` for the account before the run, and a working krb5.conf; or give the probe `user` and `password`.', command: 'klist' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
