/** Recordings of browser extensions that are no HAR, brought into a HAR's shape: SAML-tracer's export, SAML Chrome Panel's, and bare lists of entries. */
type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries of a recording; null where it has none. */
export function savedEntries(data: unknown): readonly unknown[] | null {
  if (!isObject(data)) return Array.isArray(data) && data.some(isEntry) ? (data as unknown[]) : null;
  if (isObject(data['log']) && Array.isArray(data['log']['entries'])) return data['log']['entries'] as unknown[];
  const { requests } = data;
  if (Array.isArray(requests) && requests.some((each) => isObject(each) && typeof each['url'] === 'string'))
    return traced(requests.filter(isObject), data['timestamp']);
  // SAML Chrome Panel keeps Chrome's own entries under numbers of its own.
  const listed = Object.values(data);
  return listed.length > 0 && listed.every(isEntry) ? listed : null;
}

const isEntry = (value: unknown): boolean => isObject(value) && isObject(value['request']) && typeof value['request']['url'] === 'string';

/** SAML-tracer has no times of its own; the servers' Date headers stand in, in the order of the requests. */
function traced(requests: readonly Json[], timestamp: unknown): unknown[] {
  const dates = requests.map((request) => dateOf(request['responseHeaders']));
  const known = dates.find((each) => each !== null) ?? (typeof timestamp === 'string' ? Date.parse(timestamp) : 0);
  let at = Number.isNaN(known) ? 0 : known;
  return requests.map((request, index) => {
    at = Math.max(at + 1, dates[index] ?? 0);
    const post = Array.isArray(request['post']) ? request['post'] : [];
    return {
      startedDateTime: new Date(at).toISOString(),
      request: {
        method: request['method'],
        url: request['url'],
        headers: request['requestHeaders'],
        ...(post.length > 0
          ? {
              postData: {
                params: post.filter(Array.isArray).map((pair: readonly unknown[]) => ({ name: textOf(pair[0]), value: textOf(pair[1]) })),
              },
            }
          : {}),
      },
      response: { status: request['responseStatus'], headers: request['responseHeaders'], content: {} },
    };
  });
}

/** What a recorder wrote as a text or a number; anything else is no text. */
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function dateOf(headers: unknown): number | null {
  const named = (Array.isArray(headers) ? headers.filter(isObject) : []).find(({ name }) => String(name).toLowerCase() === 'date');
  const at = Date.parse(textOf(named?.['value']));
  return Number.isNaN(at) ? null : at;
}
