import type { PageVisit } from '../../contracts/evidence';
import type { SeenExchange } from '../captures/exchanges';
import type { Recognition } from '../../pages/page-context';
import type { PageFacts } from '../../pages/page-facts';
import type { Redactor } from '../redaction/redact';
import { signInCodes } from '../../pages/sign-in-codes';

/** The pages of a journey in order, each noted once however often it is looked at, redacted. */
export class PageLog {
  readonly visits: PageVisit[] = [];
  private latest: { readonly exchange: number | null; readonly kind: string; readonly action: string } | null = null;

  constructor(
    private readonly redactor: Redactor,
    private readonly startedAt: number,
  ) {}

  note(recognition: Recognition, facts: PageFacts, exchange: SeenExchange | null, action: string, screenshot: string | null = null): void {
    const seq = exchange?.seq ?? null;
    if (this.latest?.exchange === seq && this.latest.kind === recognition.kind && this.latest.action === action) return;
    this.latest = { exchange: seq, kind: recognition.kind, action };
    const { redactor } = this;
    this.visits.push({
      n: this.visits.length + 1,
      kind: recognition.kind,
      recognisedBy: recognition.recognisedBy,
      url: redactor.url(facts.url),
      title: redactor.text(facts.title),
      status: exchange?.response?.status() ?? null,
      exchange: seq,
      texts: Object.fromEntries(Object.entries({ ...facts.texts, ...recognition.texts }).map(([name, text]) => [name, redactor.text(text)])),
      codes: signInCodes(redactor.text(`${facts.text} ${decoded(facts.url)}`)),
      fields: facts.fields.map(({ name, id, type }) => ({ name: redactor.text(name), id: redactor.text(id), type })),
      formAction: facts.formAction ? redactor.url(facts.formAction) : null,
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
