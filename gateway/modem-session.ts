import {
  type ConfigFrame,
  type HelloFrame,
  type HelloQuestionFrame,
  LINE_PROTOCOL_VERSION,
  type ModemFrame,
} from "../protocol/modem/line-frame.ts";
import { backoffMs } from "./backoff.ts";
import { CONFIG_TOKEN, HELLO_TOKEN } from "./tokens.ts";

export const SILENCE_MS = 15_000;
export const DEAD_MS = 45_000;
const CONFIG_AGAIN_MS = 3000;
const HELLO_AGAIN_MS = 5000;

export type ModemChannel = Omit<ConfigFrame, "name" | "token">;

interface Open {
  readonly attempt: number;
  /** When HELLO? or CONFIG last went out. */
  readonly askedAtMs: number;
  readonly heardAtMs: number;
  readonly openedAtMs: number;
}

/** The gateway's side of one modem's line. */
export type ModemSession =
  | { readonly state: "closed"; readonly attempt: number; readonly dialAtMs: number }
  | { readonly state: "dialing"; readonly attempt: number }
  | ({ readonly state: "asking" } & Open)
  | ({ readonly state: "configuring"; readonly hello: HelloFrame } & Open)
  | ({ readonly state: "ready"; readonly hello: HelloFrame } & Open);

export type SessionInput =
  | { readonly type: "opened" }
  | { readonly type: "closed"; readonly jitter: number }
  | { readonly type: "frame"; readonly frame: ModemFrame }
  | { readonly type: "tick" };

export type SessionEffect =
  | { readonly type: "dial" }
  | { readonly type: "hang-up"; readonly reason: string }
  | { readonly type: "send"; readonly frame: ConfigFrame | HelloQuestionFrame }
  /** Whatever was under way with the modem is over. */
  | { readonly type: "abandon" };

export interface SessionStep {
  readonly session: ModemSession;
  readonly effects: readonly SessionEffect[];
}

export const CLOSED: ModemSession = { state: "closed", attempt: 0, dialAtMs: 0 };

export function stepSession(
  channel: ModemChannel,
  session: ModemSession,
  input: SessionInput,
  nowMs: number,
): SessionStep {
  if (input.type === "closed") return close(session, input.jitter, nowMs);
  switch (session.state) {
    case "closed":
      if (input.type !== "tick" || nowMs < session.dialAtMs) return to(session);
      return to({ state: "dialing", attempt: session.attempt }, { type: "dial" });
    case "dialing": {
      if (input.type !== "opened") return to(session);
      const times = { askedAtMs: nowMs, heardAtMs: nowMs, openedAtMs: nowMs };
      return to({ state: "asking", attempt: session.attempt, ...times }, ask());
    }
    case "asking":
    case "configuring":
    case "ready":
      if (input.type === "frame") return hear(channel, session, input.frame, nowMs);
      return input.type === "tick" ? wait(channel, session, nowMs) : to(session);
  }
}

type OpenSession = Extract<ModemSession, Open>;

function hear(
  channel: ModemChannel,
  before: OpenSession,
  frame: ModemFrame,
  nowMs: number,
): SessionStep {
  const session = { ...before, heardAtMs: nowMs };
  if (frame.name === "hello") {
    if (frame.protocolVersion !== LINE_PROTOCOL_VERSION) {
      return to(session, hangUp(`it speaks line protocol ${frame.protocolVersion}`));
    }
    // also when ready: a HELLO is how a modem says that it has just started
    const { attempt, openedAtMs } = session;
    const times = { askedAtMs: nowMs, heardAtMs: nowMs, openedAtMs };
    const next: ModemSession = { state: "configuring", hello: frame, attempt, ...times };
    return to(next, { type: "abandon" }, configure(channel));
  }
  if (frame.name === "refused" && frame.reason === "not-configured" && session.state === "ready") {
    const next: ModemSession = { ...session, state: "configuring", askedAtMs: nowMs };
    return to(next, { type: "abandon" }, configure(channel));
  }
  if (session.state !== "configuring" || frame.token !== CONFIG_TOKEN) return to(session);
  if (frame.name === "status") return to({ ...session, state: "ready", attempt: 0 });
  if (frame.name === "refused")
    return to(session, hangUp(`it refuses the channel: ${frame.reason}`));
  return to(session);
}

function wait(channel: ModemChannel, session: OpenSession, nowMs: number): SessionStep {
  const askedFor = nowMs - session.askedAtMs;
  if (nowMs - session.heardAtMs >= DEAD_MS) return to(session, hangUp("it is silent"));
  if (session.state !== "ready" && nowMs - session.openedAtMs >= DEAD_MS) {
    return to(session, hangUp("it does not say hello"));
  }
  const asked = { ...session, askedAtMs: nowMs };
  if (session.state === "asking" && askedFor >= HELLO_AGAIN_MS) return to(asked, ask());
  if (session.state === "configuring" && askedFor >= CONFIG_AGAIN_MS) {
    return to(asked, configure(channel));
  }
  const silent = Math.min(askedFor, nowMs - session.heardAtMs) >= SILENCE_MS;
  return session.state === "ready" && silent ? to(asked, ask()) : to(session);
}

function close(session: ModemSession, jitter: number, nowMs: number): SessionStep {
  if (session.state === "closed") return to(session);
  const { attempt } = session;
  const dialAtMs = nowMs + backoffMs(attempt, jitter);
  return to({ state: "closed", attempt: attempt + 1, dialAtMs }, { type: "abandon" });
}

const to = (session: ModemSession, ...effects: SessionEffect[]): SessionStep => ({
  session,
  effects,
});
const hangUp = (reason: string): SessionEffect => ({ type: "hang-up", reason });
const ask = (): SessionEffect => ({
  type: "send",
  frame: { name: "hello?", token: HELLO_TOKEN },
});
const configure = (channel: ModemChannel): SessionEffect => ({
  type: "send",
  frame: { name: "config", token: CONFIG_TOKEN, ...channel },
});
