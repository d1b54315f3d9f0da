import { type Message, messageText } from '../message';

/** Teams refuses messages of more than 28 KB. */
const maxBytes = 25_000;

const colours: Readonly<Record<string, string>> = { critical: 'attention', warning: 'warning', info: 'accent' };

/** `{{DATE(…)}}` is the one thing a text run would still interpret. */
const inert = (text: string): string => text.replace(/\{(?=\{)/g, '{ ');
const run = (text: string, more: object = {}): object => ({ type: 'TextRun', text: inert(text), ...more });
/** Text runs know no Markdown, unlike text blocks and fact sets: a hostile page title stays text. */
const paragraph = (inlines: readonly object[], more: object = {}): object => ({ type: 'RichTextBlock', inlines, spacing: 'Small', ...more });

/** Body for a Teams workflow (“When a Teams webhook request is received”): a message with an Adaptive Card 1.4. */
export function teamsBody(message: Message): object {
  const whole = messageText(message).targets.length;
  for (let listed = whole; ; listed = Math.floor(listed / 2)) {
    const body = cardMessage(message, listed);
    if (Buffer.byteLength(JSON.stringify(body)) <= maxBytes || listed === 0) return body;
  }
}

function cardMessage(message: Message, listed: number): object {
  const { subject, facts, targets, more, nextStep, links } = messageText(message);
  const { state, severity } = message.notice.alert;
  const left = more + targets.length - listed;
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: inert(subject),
    msteams: { width: 'Full' },
    body: [
      paragraph([
        run(subject.replace(/^\[signin-probe\] /, ''), {
          weight: 'Bolder',
          size: 'Medium',
          color: state === 'recovered' ? 'good' : (colours[severity] ?? 'default'),
        }),
      ]),
      ...facts.map(({ label, value }) => paragraph([run(`${label}: `, { weight: 'Bolder' }), run(value)])),
      ...targets.slice(0, listed).map((line, index) => paragraph([run(`• ${line}`)], index === 0 ? { spacing: 'Medium', separator: true } : {})),
      ...(left > 0 ? [paragraph([run(`• and ${left} more`)])] : []),
      ...(nextStep
        ? [
            paragraph([run('Next step: ', { weight: 'Bolder' }), run(nextStep.text)], { spacing: 'Medium', separator: true }),
            ...(nextStep.command ? [paragraph([run(nextStep.command, { fontType: 'Monospace' })])] : []),
          ]
        : []),
    ],
    actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }] };
}
