import type { Random } from "../base/random.ts";
import type { SentPacket } from "./sent-packet.ts";

const ATTACH_ANSWER_MS = 12_000;
/** Its answer may wait behind others' at the gateway, and an attempt after it makes it worthless. */
const ATTACH_WAIT_MS = 20_000;
const ATTACH_WAIT_MAX_MS = 300_000;
const CONFIRM_MS = 10_000;
const RESENDS_MAX = 2;

/** Each attach that nobody answers makes the terminal wait twice as long before the next. */
export class AttachTimer {
  readonly #random: Random;
  #waitMs = ATTACH_WAIT_MS;
  #listenUntilMs = 0;
  #dueMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  sent(endMs: number): void {
    this.#listenUntilMs = endMs + ATTACH_ANSWER_MS;
    this.#dueMs = endMs + this.#waitMs * (1 + 0.25 * this.#random.next());
    this.#waitMs = Math.min(ATTACH_WAIT_MAX_MS, 2 * this.#waitMs);
  }

  reset(): void {
    this.#waitMs = ATTACH_WAIT_MS;
    this.#listenUntilMs = 0;
  }

  isListening(nowMs: number): boolean {
    return nowMs < this.#listenUntilMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueMs;
  }
}

/** A packet that an acknowledgement is awaited for; what is sent again is the same bytes. */
export class Confirmation {
  readonly packet: Omit<SentPacket, "address" | "startNs" | "latitude" | "longitude" | "powerDbm">;
  #dueMs: number;
  #resends = 0;

  constructor(packet: Confirmation["packet"], endMs: number) {
    this.packet = packet;
    this.#dueMs = endMs + CONFIRM_MS;
  }

  resent(endMs: number): void {
    this.#resends += 1;
    this.#dueMs = endMs + CONFIRM_MS;
  }

  check(nowMs: number): "waits" | "resend" | "given-up" {
    if (nowMs < this.#dueMs) return "waits";
    return this.#resends < RESENDS_MAX ? "resend" : "given-up";
  }
}
