import type { Transporter } from 'nodemailer';
import type { ChannelConfig } from '../../../contracts/alert-config';
import { trustedRoots } from '../../../probes/network';
import { escapeHtml, markup } from '../../../reports/html/markup';
import { type Message, messageText, plainText } from '../message';
import { type SendResult, sendTimeoutMs } from './channel';
import { failureOf } from './https-post';

export interface MailServer {
  readonly config: NonNullable<ChannelConfig['email']>;
  readonly password: string | null;
  /** Absolute path of a PEM file. */
  readonly caFile: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one mail, text and HTML. TLS is required and verified; the password never leaves before it. Never throws. */
export async function sendEmail(message: Message, { config, password, caFile, signal }: MailServer): Promise<SendResult> {
  const tls = config.tls ?? (config.port === 465 ? 'tls' : 'starttls');
  const port = config.port ?? (tls === 'tls' ? 465 : 587);
  const { createTransport } = await import('nodemailer');
  const transport: Transporter<{ response: string }> = createTransport({
    host: config.host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { ca: [...trustedRoots(caFile)], minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(config.user !== undefined && password !== null ? { auth: { user: config.user, pass: password } } : {}),
    connectionTimeout: sendTimeoutMs / 3,
    greetingTimeout: sendTimeoutMs / 3,
    socketTimeout: sendTimeoutMs / 3,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // The library has no way to stop a mail that is under way; its sockets end with their own time limits.
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = () => reject(new Error('stopped, as the process ends'))));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const sent = await Promise.race([transport.sendMail(mailOf(message, config)), stopped]);
    return { ok: true, note: `${config.host}:${port} accepted it (${sent.response})` };
  } catch (error) {
    return { ok: false, why: `${config.host}:${port}: ${failureOf(error)}.` };
  } finally {
    signal?.removeEventListener('abort', stop);
    transport.close();
  }
}

/** The mail as the library takes it, which escapes and folds the headers. */
export function mailOf(message: Message, { from, to }: MailServer['config']): object {
  const { alert, event } = message.notice;
  return {
    from,
    to: [...to],
    subject: messageText(message).subject,
    text: plainText(message),
    html: htmlOf(message),
    // The same for every try, so that a mail that came twice is recognised; all mails of an alert form one thread.
    messageId: `<${message.deliveryId}@signin-probe>`,
    references: [`<alert-${alert.id}@signin-probe>`],
    priority: alert.severity === 'critical' && event !== 'recovered' && event !== 'closed' && event !== 'partly-recovered' ? 'high' : 'normal',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'X-Signin-Probe-Delivery': message.deliveryId },
  };
}

const colours: Readonly<Record<string, string>> = { critical: '#b3261e', warning: '#8a5300', info: '#0b57a4' };

/** Simple enough for every mail program: one column, inline styles, no picture. */
export function htmlOf(message: Message): string {
  const { subject, facts, targets, more, nextStep, links } = messageText(message);
  const { state, severity } = message.notice.alert;
  const colour = state === 'recovered' ? '#1b6e36' : (colours[severity] ?? '#333333');
  const body = markup`<div style="font:15px/1.45 'Segoe UI',Arial,sans-serif;color:#1f1f1f;max-width:680px">
<p style="margin:0 0 14px;padding:10px 14px;background:${colour};color:#ffffff;font-size:17px;font-weight:600;border-radius:4px">\
${subject.replace(/^\[signin-probe\] /, '')}</p>
<table role="presentation" cellpadding="0" cellspacing="0" style="border-collapse:collapse">${facts.map(
    ({ label, value }) =>
      markup`<tr><td style="padding:3px 16px 3px 0;color:#5a5a5a;vertical-align:top;white-space:nowrap">${label}</td><td style="padding:3px 0">${value}\
</td></tr>`,
  )}</table>
${
  targets.length > 0 &&
  markup`<ul style="margin:14px 0;padding-left:20px">${targets.map((line) => markup`<li>${line}</li>`)}${more > 0 && markup`<li>and ${more} more</li>`}</ul>`
}
${
  nextStep &&
  markup`<p style="margin:14px 0 6px"><strong>Next step</strong><br>${nextStep.text}</p>${
    nextStep.command !== null &&
    markup`<pre style="margin:0 0 14px;padding:8px 10px;background:#f2f2f2;border-radius:4px;white-space:pre-wrap">${nextStep.command}</pre>`
  }`
}
${
  links.length > 0 &&
  markup`<p style="margin:14px 0">${links.map(({ label, url }) => markup`<a href="${url}" style="color:#0b57a4;margin-right:18px">${label}</a>`)}</p>`
}
</div>`;
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>` +
    `<body style="margin:16px">${body.text}</body></html>`
  );
}
