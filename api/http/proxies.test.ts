import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../base/errors.ts";
import { openApi } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";
import { trustedProxiesOf } from "./proxies.ts";

describe("TRUST_PROXY", () => {
  it.each([
    ["127.0.0.1", ["127.0.0.1"]],
    ["10.0.0.0/8,::1,fd00::/8,loopback", ["10.0.0.0/8", "::1", "fd00::/8", "loopback"]],
    [undefined, undefined],
  ])("reads %s", (setting, expected) => {
    expect(trustedProxiesOf(setting)).toEqual(expected);
  });

  it("reads a number of hops", () => {
    const trusted = trustedProxiesOf("2");
    const isTrusted = typeof trusted === "function" && [0, 1, 2].map((hop) => trusted("", hop));
    expect(isTrusted).toEqual([true, true, false]);
  });

  it.each(["10.0.0.300", "10.0.0.0/33", "::1/129", "0.0.0.0/0", "1.2.3.4/8/8", "proxy", ""])(
    "refuses %j",
    (setting) => {
      expect(() => trustedProxiesOf(setting)).toThrow(InvalidConfigError);
    },
  );
});

const PROXY = "127.0.0.1";
const CLIENT = "203.0.113.9";

/** Who a failed sign-in is said to come from, and how many requests that address has left. */
test.for([
  ["no proxy is trusted", undefined, PROXY, CLIENT, PROXY],
  ["the proxy is", PROXY, PROXY, CLIENT, CLIENT],
  ["a client wrote something in front", PROXY, PROXY, `198.51.100.1, ${CLIENT}`, CLIENT],
  ["it comes from elsewhere", PROXY, "192.0.2.5", CLIENT, "192.0.2.5"],
  ["one hop is trusted", "1", PROXY, `198.51.100.1, ${CLIENT}`, CLIENT],
] as const)(
  "a request is the client's when %s",
  async ([, trusted, from, forwarded, ip], { emptied: db }) => {
    const trustedProxies = trustedProxiesOf(trusted);
    const { app, identity } = await openApi(db, "real", undefined, { trustedProxies });
    const signIn = (forwardedFor: string) =>
      app.inject({
        ...{ method: "POST", url: "/api/sign-in", remoteAddress: from },
        payload: { email: "nobody@example.org", password: "not this one" },
        headers: { host: PROXY, "x-forwarded-for": forwardedFor },
      });
    const first = await signIn(forwarded);
    const [entry] = await identity.audit.list({ limit: 1, action: "user.sign-in-failed" });
    expect(entry?.ip).toBe(ip);
    const left = (answer: typeof first) => Number(answer.headers["x-ratelimit-remaining"]);
    expect(left(await signIn(forwarded))).toBe(left(first) - 1);
    // another client has a limit of its own, where its address is known
    const other = left(await signIn("203.0.113.77"));
    expect(other).toBe(ip === CLIENT ? left(first) : left(first) - 2);
    await app.close();
  },
);
