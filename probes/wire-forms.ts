/** The forms a password takes in a request: as it is, URL-encoded by forms and scripts, JSON-escaped, base64. */
export function wireForms(password: string): string[] {
  const component = encodeURIComponent(password);
  const form = new URLSearchParams({ p: password }).toString().slice(2);
  const bytes = Buffer.from(password, 'utf8').toString('latin1'); // bodies are looked at byte by byte
  return [
    ...new Set([
      password,
      bytes,
      component,
      component.toLowerCase(),
      form,
      form.toLowerCase(),
      JSON.stringify(password).slice(1, -1),
      Buffer.from(password).toString('base64'),
    ]),
  ];
}
