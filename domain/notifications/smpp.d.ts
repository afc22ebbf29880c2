/** The part of `smpp` that is used; the package brings no types. */
declare module "smpp" {
  import type { Buffer } from "node:buffer";
  import type { EventEmitter } from "node:events";
  import type { Server as NetServer } from "node:net";

  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly message_id?: string;
    readonly esm_class?: number;
    readonly data_coding?: number;
    readonly source_addr?: string;
    readonly destination_addr?: string;
    readonly registered_delivery?: number;
    readonly system_id?: string;
    readonly password?: string;
    readonly short_message?: {
      readonly udh?: readonly Buffer[];
      readonly message?: string | Buffer;
    };
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    response(fields?: Readonly<Record<string, unknown>>): Pdu;
  }

  type Answered = (pdu: Pdu) => void;
  type Fields = Readonly<Record<string, unknown>>;

  export interface Session extends EventEmitter {
    bind_transceiver(fields: Fields, answered: Answered): boolean;
    submit_sm(fields: Fields, answered: Answered): boolean;
    deliver_sm(fields: Fields, answered: Answered): boolean;
    enquire_link(answered?: Answered): boolean;
    unbind(answered?: Answered): boolean;
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
  }

  export function connect(options: {
    readonly url: string;
    readonly auto_enquire_link_period?: number;
  }): Session;
  export function createServer(listener: (session: Session) => void): NetServer;
}
