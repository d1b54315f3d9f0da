/**
 * Whether a certificate's DNS name covers a host, as browsers judge it (RFC 6125): equal, or `*.` in place of exactly the first label.
 * A wildcard does not cover the domain itself, nor two levels.
 */
export function nameCovers(name: string, host: string): boolean {
  const [pattern, wanted] = [name, host].map((text) => text.toLowerCase().replace(/\.$/, ''));
  if (pattern === undefined || wanted === undefined) return false;
  if (pattern === wanted) return true;
  const rest = wanted.split('.').slice(1).join('.');
  return pattern.startsWith('*.') && rest !== '' && pattern.slice(2) === rest;
}
