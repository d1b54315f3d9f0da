/** Why CRM refuses a token: Windows Identity Foundation's own text, as far as it is known (field guide §10, §17). */
export interface TokenRefusal {
  /** WIF's number; null for .NET errors without one. */
  readonly id: string | null;
  readonly text: string;
}

/** Thrown inside the token check and turned into a refusal at its border. */
export class TokenRefused extends Error {
  constructor(
    readonly id: string | null,
    sentence: string,
  ) {
    super(id ? `${id}: ${sentence}` : sentence);
  }
}

/** `11/23/2026 9:05:07 AM`: how .NET prints a time of the en-US culture, here in UTC. */
function dotNetTime(date: Date): string {
  const hours = date.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  return (
    `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${hours % 12 || 12}:${two(date.getUTCMinutes())}:` +
    `${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`
  );
}

export const refusals = {
  notReadable: (why: string) => new TokenRefused(null, why),
  unknownToken: (name: string, namespace: string) =>
    new TokenRefused('ID4014', `A SecurityTokenHandler is not registered to read security token ('${name}', '${namespace}').`),
  notDecryptable: () =>
    new TokenRefused(
      'ID4022',
      'The key needed to decrypt the encrypted security token could not be resolved. Ensure that the SecurityTokenResolver is populated with the required key.',
    ),
  /** .NET's own words, without a number. */
  keyUnusable: () => new TokenRefused(null, 'Keyset does not exist'),
  untrustedSigner: (subject: string) =>
    new TokenRefused(
      'ID4257',
      `X.509 certificate '${subject}' validation failed by the token handler. ID4070: The X.509 certificate '${subject}' chain building failed. ` +
        `The certificate that was used has a trust chain that cannot be verified.`,
    ),
  noSignatureKey: () =>
    new TokenRefused(
      'ID4037',
      'The key needed to verify the signature could not be resolved. Ensure that the SecurityTokenResolver is populated with the required key.',
    ),
  badSignature: (reference: string) => new TokenRefused('ID6018', `Digest verification failed for reference '${reference}'.`),
  notYetValid: (notBefore: Date, now: Date) =>
    new TokenRefused(
      'ID4222',
      `The SamlSecurityToken is rejected because the SamlAssertion.NotBefore condition is not satisfied.\r\n` +
        `NotBefore: '${dotNetTime(notBefore)}'\r\nCurrent time: '${dotNetTime(now)}'`,
    ),
  noLongerValid: (notOnOrAfter: Date, now: Date) =>
    new TokenRefused(
      'ID4223',
      `The SamlSecurityToken is rejected because the SamlAssertion.NotOnOrAfter condition is not satisfied.\r\n` +
        `NotOnOrAfter: '${dotNetTime(notOnOrAfter)}'\r\nCurrent time: '${dotNetTime(now)}'`,
    ),
  wrongAudience: (audience: string) =>
    new TokenRefused(
      'ID1038',
      `The AudienceRestrictionCondition was not valid because the specified Audience is not present in AudienceUris.\r\nAudience: '${audience}'`,
    ),
  unknownIssuer: () =>
    new TokenRefused(
      'ID4175',
      'The issuer of the security token was not recognized by the IssuerNameRegistry. To accept security tokens from this issuer, ' +
        'configure the IssuerNameRegistry to return a valid name for this issuer.',
    ),
} as const;
