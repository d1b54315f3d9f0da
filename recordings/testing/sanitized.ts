/** For tests: a HAR as Chrome and Edge save it by default since version 130, "without sensitive data". */
export function sanitized(har: string): string {
  const data = JSON.parse(har) as { log: { entries: { request: Part; response: Part }[] } };
  interface Part {
    headers: { name: string }[];
    cookies: unknown[];
  }
  const without = (part: Part): void => {
    part.headers = part.headers.filter(({ name }) => !/^(cookie|set-cookie|authorization)$/i.test(name));
    part.cookies = [];
  };
  for (const { request, response } of data.log.entries) [request, response].forEach(without);
  return JSON.stringify(data);
}
