/** A receipt: what the SMSC called the part, and what became of it. */
export interface SmsReceipt {
  readonly reference: string;
  /** Undefined: on its way still. */
  readonly state: "delivered" | "failed" | undefined;
  readonly detail: string;
}

/** message_state, SMPP 3.4 section 5.2.28. */
const STATES = [
  "",
  "ENROUTE",
  "DELIVRD",
  "EXPIRED",
  "DELETED",
  "UNDELIV",
  "ACCEPTD",
  "UNKNOWN",
  "REJECTD",
];
const FAILED: ReadonlySet<string> = new Set(["EXPIRED", "DELETED", "UNDELIV", "REJECTD"]);

/**
 * Reads a receipt by its fields, else by its text (SMPP 3.4, appendix B: `id:… stat:DELIVRD err:000 …`), which is all
 * that many SMSCs give. Undefined for what is no receipt.
 */
export function readReceipt(
  text: string,
  fields: { readonly messageId: string | undefined; readonly messageState: number | undefined },
): SmsReceipt | undefined {
  const reference = fields.messageId ?? /\bid:(\S+)/i.exec(text)?.[1];
  const status =
    fields.messageState === undefined
      ? /\bstat:(\S+)/i.exec(text)?.[1]?.toUpperCase()
      : STATES[fields.messageState];
  if (reference === undefined || status === undefined) return undefined;
  const error = /\berr:(\S+)/i.exec(text)?.[1];
  const state = status === "DELIVRD" ? "delivered" : FAILED.has(status) ? "failed" : undefined;
  return { reference, state, detail: error === undefined ? status : `${status} ${error}` };
}
