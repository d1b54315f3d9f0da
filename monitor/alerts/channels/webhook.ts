import { createHmac } from 'node:crypto';
import { type Message, messageText } from '../message';

/** The JSON a webhook and a command get: the facts for machines, the text for people. `id` is the same for every try. */
export function jsonBody(message: Message): object {
  const { subject, nextStep, links } = messageText(message);
  return { ...message.notice, id: message.deliveryId, text: subject, nextStep, foretold: message.foretold, links };
}

/**
 * Headers of a signed webhook: HMAC-SHA256 over `<timestamp>.<body>`, in hex. The receiver compares in constant time and refuses old timestamps, so that
 * nobody can send a recorded message again.
 */
export function signedHeaders(deliveryId: string, body: string, secret: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    'x-signin-probe-delivery': deliveryId,
    'x-signin-probe-timestamp': timestamp,
    'x-signin-probe-signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}
