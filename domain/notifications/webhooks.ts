import { InvalidInputError } from "../../base/errors.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { WebhookTarget } from "./channel-webhook-http.ts";
import { SEVERITIES, type Severity } from "./severity.ts";
import { targetFault } from "./targets.ts";

/** Of one customer, or of the operator. */
export const WEBHOOKS_MAX = 20;
const NAME_CHARACTERS_MAX = 100;
const URL_CHARACTERS_MAX = 2_000;
/** One that has failed for so long and so often is disabled; a day of a receiver's maintenance does not do it. */
export const DISABLED_AFTER_MS = 3 * 24 * 3_600_000;
export const DISABLED_AFTER_FAILURES = 20;

export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly customerId: string | null;
  readonly url: string;
  readonly severities: readonly Severity[];
  readonly createdAtMs: number;
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly disabledAtMs: number | null;
  readonly disabledWhy: string | null;
  readonly version: number;
}

export interface WebhookInput {
  readonly name: string;
  readonly url: string;
  readonly severities: readonly Severity[];
}

export interface WebhookChange extends Partial<WebhookInput> {
  /** false takes up one again that was disabled. */
  readonly disabled?: boolean | undefined;
}

export interface WebhookAt {
  readonly id: string;
  readonly reach: Reach;
  readonly version?: number | undefined;
}

/** Addresses of customers' own systems, and of the operator's. Out of reach is the same as not there: NotFoundError. */
export interface Webhooks {
  list(reach: Reach): Promise<readonly Webhook[]>;
  /** The secret is shown this once. */
  add(
    customerId: string | null,
    input: WebhookInput,
    act: Act,
  ): Promise<{ webhook: Webhook; secret: string }>;
  change(at: WebhookAt, change: WebhookChange, act: Act): Promise<Webhook>;
  /** A new secret, shown this once; the former one signs nothing any more. */
  rotate(at: WebhookAt, act: Act): Promise<{ webhook: Webhook; secret: string }>;
  remove(at: WebhookAt, act: Act): Promise<void>;
  find(at: WebhookAt): Promise<Webhook>;
  /** For sending. */
  target(id: string): Promise<WebhookTarget | undefined>;
  /** What became of an attempt; undefined: it went through. */
  note(id: string, failure: string | undefined, isGone: boolean): Promise<void>;
}

const FAULTS = {
  "not-a-url": "url must be an address such as https://example.org/hopline",
  "not-https": "url must begin with https://",
  "has-credentials": "url must have no user or password in it; the signature proves who sends",
  private: "url must lead to a public address, not to this machine or a private network",
} as const;

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanWebhook(input: WebhookInput, isPrivateAllowed: boolean): WebhookInput {
  const name = input.name.trim();
  if (name === "" || name.length > NAME_CHARACTERS_MAX)
    throw new InvalidInputError("name", `name has 1 to ${NAME_CHARACTERS_MAX} characters`);
  const fault =
    input.url.length > URL_CHARACTERS_MAX ? "not-a-url" : targetFault(input.url, isPrivateAllowed);
  if (fault !== undefined) throw new InvalidInputError("url", FAULTS[fault]);
  const severities = SEVERITIES.filter((severity) => input.severities.includes(severity));
  if (severities.length === 0)
    throw new InvalidInputError("severities", "severities names one at least");
  return { name, url: new URL(input.url).href, severities };
}
