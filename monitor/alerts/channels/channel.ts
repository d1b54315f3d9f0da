import type { ChannelKind } from '../../../contracts/alert-config';
import type { Message } from '../message';

/** `note`: what the receiver said, for `alert test`. `retryAfterMs`: the receiver asked to wait so long. Neither text holds a secret. */
export type SendResult = { readonly ok: true; readonly note: string } | { readonly ok: false; readonly why: string; readonly retryAfterMs?: number };

/** A way to tell somebody. `send` never throws, ends within `sendTimeoutMs`, and may be called again with the same message. */
export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  /** `signal`: give up at once, the process is to end. */
  send(message: Message, signal?: AbortSignal): Promise<SendResult>;
}

export const sendTimeoutMs = 30_000;
