import type { PageVisit } from '../contracts/evidence';
import type { SeenExchange } from './captures/exchanges';
import type { Recognition } from './pages/page-context';
import type { PageSnapshot } from './pages/page-snapshot';
import type { Redactor } from './redact';
import { signInCodes } from './sign-in-codes';

/** The pages of a journey in order, each noted once however often it is looked at, redacted. */
export class PageLog {
  readonly visits: PageVisit[] = [];
  private latest: { readonly exchange: number | null; readonly kind: string; readonly action: string } | null = null;

  constructor(
    private readonly redactor: Redactor,
    private readonly startedAt: number,
  ) {}

  note(recognition: Recognition, snapshot: PageSnapshot, exchange: SeenExchange | null, action: string, screenshot: string | null = null): void {
    const seq = exchange?.seq ?? null;
    if (this.latest?.exchange === seq && this.latest.kind === recognition.kind && this.latest.action === action) return;
    this.latest = { exchange: seq, kind: recognition.kind, action };
    const { redactor } = this;
    this.visits.push({
      n: this.visits.length + 1,
      kind: recognition.kind,
      recognisedBy: recognition.recognisedBy,
      url: redactor.url(snapshot.url),
      title: redactor.text(snapshot.title),
      status: exchange?.response?.status() ?? null,
      exchange: seq,
      texts: Object.fromEntries(Object.entries({ ...snapshot.texts, ...recognition.texts }).map(([name, text]) => [name, redactor.text(text)])),
      codes: signInCodes(redactor.text(`${snapshot.text} ${decoded(snapshot.url)}`)),
      fields: snapshot.fields.map(({ name, id, type }) => ({ name: redactor.text(name), id: redactor.text(id), type })),
      formAction: snapshot.formAction ? redactor.url(snapshot.formAction) : null,
      action,
      screenshot,
      atMs: Math.round(performance.now() - this.startedAt),
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
