import type { Page } from 'playwright';

export interface Question {
  readonly url: string;
  /** The Accept header. */
  readonly accept: string;
  /** Posted as a SOAP request (text/xml) with this action; a GET without it. */
  readonly soap?: { readonly action: string; readonly body: string };
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly url: string;
}

/** Asks the page's own server with the page's session. A failure is an answer too: why none came. */
export async function ask(page: Page, question: Question, timeoutMs: number): Promise<Answer | { readonly failed: string }> {
  try {
    return await page.evaluate(
      async ({ url, accept, soap, timeoutMs }) => {
        // A fetch to an address that asks for NTLM hangs for ever without credentials: bound it.
        const response = await fetch(url, {
          method: soap ? 'POST' : 'GET',
          headers: soap ? { Accept: accept, 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: soap.action } : { Accept: accept },
          body: soap?.body ?? null,
          credentials: 'same-origin',
          signal: AbortSignal.timeout(timeoutMs),
        });
        const body = (await response.text()).slice(0, 100_000);
        return { status: response.status, contentType: response.headers.get('content-type') ?? '', body, url: response.url };
      },
      { ...question, timeoutMs },
    );
  } catch (error) {
    return { failed: `no answer: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}` };
  }
}
