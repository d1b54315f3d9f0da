import { X509Certificate } from '@peculiar/x509';

const needsQuotes = /[,+"\n<>;#=]|^\s|\s$/;
const dotnetKeys: Readonly<Record<string, string>> = { ST: 'S', E: 'E' };
const quoted = (value: string): string => (needsQuotes.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/**
 * A certificate's issuer and serial as .NET writes them in an `X509IssuerSerial` (field guide section 3.1): the name with the most
 * specific part first, `S=` for the state, values with special characters in quotes; the serial decimal.
 */
export function dotnetIssuerSerial(certPem: string): { issuerName: string; serialNumber: string } {
  const certificate = new X509Certificate(certPem);
  const parts = certificate.issuerName.toJSON().map((part) =>
    Object.entries(part)
      .flatMap(([type, values]) => values.map((value) => `${dotnetKeys[type] ?? type}=${quoted(value)}`))
      .join(' + '),
  );
  return { issuerName: parts.reverse().join(', '), serialNumber: BigInt(`0x${certificate.serialNumber}`).toString(10) };
}
