import { type Message, type MessageText, messageText } from '../message';

/** Slack takes at most 50 blocks, 150 characters in a header, 2,000 in a field and 3,000 in a section. */
const clip = (value: string, most: number): string => (value.length <= most ? value : `${value.slice(0, most - 1)}…`);

/** Nothing in it is read as markup: no bold, no emoji, no mention, no link. */
const plain = (text: string, most: number): object => ({ type: 'plain_text', text: clip(text, most), emoji: false });

/** Only for texts of our own with addresses of our own, and for the fallback line. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Body of an incoming webhook. */
export function slackBody(message: Message): object {
  const text = messageText(message);
  return { text: escaped(text.subject), mrkdwn: false, unfurl_links: false, unfurl_media: false, blocks: blocks(text) };
}

function blocks({ subject, facts, targets, more, nextStep, links }: MessageText): object[] {
  const lines = [...targets, ...(more > 0 ? [`and ${more} more`] : [])];
  return [
    { type: 'header', text: plain(subject.replace(/^\[signin-probe\] /, ''), 150) },
    ...(facts.length > 0 ? [{ type: 'section', fields: facts.slice(0, 10).map(({ label, value }) => plain(`${label}\n${value}`, 2000)) }] : []),
    ...chunks(lines, 2800).map((chunk) => ({ type: 'section', text: plain(chunk, 3000) })),
    ...(nextStep ? [{ type: 'section', text: plain(`Next step: ${nextStep.text}${nextStep.command ? `\n${nextStep.command}` : ''}`, 3000) }] : []),
    ...(links.length > 0
      ? [
          {
            type: 'context',
            elements: [{ type: 'mrkdwn', text: links.map(({ label, url }) => `<${escaped(url).replace(/\|/g, '%7C')}|${label}>`).join(' · ') }],
          },
        ]
      : []),
  ];
}

/** Lines joined, in pieces of at most so many characters; five of them at most. */
function chunks(lines: readonly string[], most: number): string[] {
  const pieces: string[] = [];
  for (const line of lines) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + line.length + 3 <= most) pieces[pieces.length - 1] = `${last}\n• ${line}`;
    else pieces.push(`• ${line}`);
  }
  return pieces.slice(0, 5);
}
