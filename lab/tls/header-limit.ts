import type { IncomingMessage } from 'node:http';

/** HTTP.sys's defaults for MaxFieldLength and MaxRequestBytes. */
const mostBytes = 16_384;

/** True when one header, or the request line and all headers together, are larger than HTTP.sys takes; it then answers 400 before any site sees the request. */
export function headersTooLong({ method = '', url = '', rawHeaders }: IncomingMessage): boolean {
  let total = method.length + url.length + 12;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = (rawHeaders[index]?.length ?? 0) + (rawHeaders[index + 1]?.length ?? 0) + 4;
    if (field > mostBytes) return true;
    total += field;
  }
  return total > mostBytes;
}
