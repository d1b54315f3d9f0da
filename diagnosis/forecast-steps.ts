import type { PlannedStep } from '../contracts/forecast';
import type { Expiry, Forecast, RemedyStep } from '../contracts/report';
import { briefly } from './expiries';
import { instant } from './facts/wording';
import { type Peers, stepsFor } from './steps-for-peers';
import { followPromotion, probeAgain, promoteInWindow, restartIis, updateTrusts, type StepBase } from './remedy-steps';

export interface ForecastStepsInput {
  readonly base: StepBase;
  readonly forecast: Forecast;
  /** Only those that are to be acted on, each certificate once. */
  readonly expiries: readonly Expiry[];
  /** What stands at both ends: commands of AD FS and CRM are for AD FS and CRM. */
  readonly peers: Peers;
}

/** What to do by when, in order: the rollover first, then each certificate that ends. Commands are PowerShell as administrator unless they say otherwise. */
export function forecastSteps({ base, forecast, expiries, peers }: ForecastStepsInput): PlannedStep[] {
  const by: Plan = (at, steps) => stepsFor(steps, peers).map((step) => ({ ...step, by: at }));
  return [...rolloverSteps(base, forecast, by), ...expiries.flatMap((expiry) => by(expiry.notAfter, renewal(base, expiry)))];
}

type Plan = (at: string | null, steps: readonly RemedyStep[]) => PlannedStep[];

function rolloverSteps(base: StepBase, { state, breaksAt, event }: Forecast, by: Plan): PlannedStep[] {
  switch (state) {
    case 'unknown':
      return by(null, [{ text: 'See what can be reached and read.', command: `npx signin-probe check ${base.target}` }]);
    case 'promoted':
      return by(null, [
        { text: 'See whether sign-in still works, before anything is changed.', command: `npx signin-probe run ${base.target}` },
        ...followPromotion(base).map((step, index) => (index === 0 ? { ...step, text: `If it does not: ${lowerFirst(step.text)}` } : step)),
        probeAgain(base),
      ]);
    case 'window-open':
      return by(breaksAt, [...promoteInWindow(base), probeAgain(base)]);
    case 'urgent':
      return by(breaksAt, [
        {
          text: 'Book a window now. On the AD FS server: see whether rollover is on.',
          command: 'Get-AdfsProperties | Format-List AutoCertificateRollover, Certificate*',
        },
        {
          text: 'In the window: make a new certificate and switch to it at once. Every relying party that does not read the metadata breaks here.',
          command: 'Update-AdfsCertificate -CertificateType Token-Signing -Urgent',
        },
        { text: 'Right after it, make CRM read the new certificate, in the order of KB 2686840:' },
        ...followPromotion(base),
        probeAgain(base),
      ]);
    case 'steady':
      if (breaksAt === null) return [];
      return by(
        breaksAt,
        event === 'end'
          ? [
              {
                text:
                  `Plan the renewal before ${instant(breaksAt)}: add the new certificate as secondary, promote it in a window, ` +
                  `and let CRM read it right after (KB 2686840).`,
                command: 'Get-AdfsCertificate -CertificateType Token-Signing | Format-List IsPrimary, Thumbprint, Certificate',
              },
            ]
          : [
              {
                text: 'Nothing has to be done yet. Compare the thresholds with the configuration (rollover:), on the AD FS server:',
                command: 'Get-AdfsProperties | Format-List AutoCertificateRollover, Certificate*',
              },
              {
                text: 'Put the date into a calendar, and ask again each day: once the successor is published, the date is exact to 12 hours.',
                command: `npx signin-probe forecast ${base.target} --format ics`,
              },
            ],
      );
  }
}

/** How each certificate is renewed (docs/causes/tls-cert-expired.md, docs/causes/crm-encryption-cert-expired-or-revoked.md). */
function renewal(base: StepBase, expiry: Expiry): readonly RemedyStep[] {
  const renew = `Renew it in time: ${briefly(expiry)}.`;
  const ofSts = expiry.host.includes(new URL(base.settings.stsOrigin).hostname);
  switch (expiry.what) {
    case 'tls':
      return ofSts
        ? [
            {
              text: `${renew} On the AD FS server, bind the new one (and on each Web Application Proxy).`,
              command: "Set-AdfsSslCertificate -Thumbprint '<thumbprint of the new certificate>'",
            },
          ]
        : [
            {
              text: `${renew} On every CRM front-end server, choose the new one in the HTTPS binding of the CRM web site.`,
              command: "(Get-WebBinding -Protocol https).AddSslCertificate('<thumbprint of the new certificate>', 'My')",
            },
          ];
    case 'tls-chain':
      return [{ text: `${renew} Ask the authority for its new certificate, and install it on every server that sends the old one.` }];
    case 'crm-encryption':
      return [
        {
          text:
            `${renew} Give the CRM application pool's account read access to the new private key, then choose the new certificate in Configure ` +
            `Claims-Based Authentication and run Configure Internet-Facing Deployment again.`,
        },
        restartIis,
        ...updateTrusts,
      ];
    case 'sts-encryption':
      return [
        {
          text: `On the AD FS server: see whether its successor exists; ${briefly(expiry)}. CRM does not depend on it.`,
          command: 'Get-AdfsCertificate -CertificateType Token-Decrypting | Format-List IsPrimary, Thumbprint, Certificate',
        },
      ];
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
