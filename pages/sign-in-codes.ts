const code = /\b(?:ID\d{4}|MSIS\d{4}|0x8[0-9a-fA-F]{7})\b/g;

/** Error codes of WIF (ID4175), AD FS (MSIS7042) and CRM (0x80040203) in a text, each once, in order. */
export function signInCodes(text: string): string[] {
  return [...new Set(text.match(code) ?? [])];
}
