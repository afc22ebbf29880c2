import type { SendResult } from "./channel.ts";

export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** An e-mail on its way out. Its id stays the same however often it is tried. */
export interface Mail {
  readonly id: string;
  readonly target: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  readonly isUrgent: boolean;
  readonly attachments: readonly Attachment[];
}

/** The operator's mail server. It never throws for what the other side does. */
export interface Mailer {
  /** false: the operator has not set it up. */
  readonly isSetUp: boolean;
  send(mail: Mail): Promise<SendResult>;
  stop(): Promise<void>;
}

export const noMailer: Mailer = {
  isSetUp: false,
  send: async () => ({ outcome: "retry", why: "mail is not set up" }),
  stop: async () => undefined,
};
