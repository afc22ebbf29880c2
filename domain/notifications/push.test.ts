import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from "node:crypto";
import { describe, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import {
  occasion,
  openReceiver,
  openWorker,
  type Received,
  seedCustomer,
  seedUser,
  textOf,
} from "../../tests/notifications-fixture.ts";
import type { Db } from "../db/database.ts";
import { base64url, parseBase64url } from "./base64.ts";
import { channelPushWebPush, makeVapidKeys } from "./channel-push-web-push.ts";
import { SILENT } from "./preferences.ts";
import { createPushSubscriptions } from "./push-subscriptions-postgres.ts";

/** A browser: its keys, and what it makes of a push message by RFC 8291 and RFC 8188. */
function openBrowser() {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  const own = new Uint8Array(keys.getPublicKey());
  const auth = new Uint8Array(randomBytes(16));
  return {
    p256dh: base64url(own),
    auth: base64url(auth),
    decrypt(body: Uint8Array): string {
      const salt = body.subarray(0, 16);
      const keyLength = body[20] ?? 0;
      const theirs = body.subarray(21, 21 + keyLength);
      const sealed = body.subarray(21 + keyLength);
      const text = (label: string) => new TextEncoder().encode(label);
      const shared = new Uint8Array(keys.computeSecret(theirs));
      const info = Uint8Array.from([...text("WebPush: info\0"), ...own, ...theirs]);
      const material = new Uint8Array(hkdfSync("sha256", shared, auth, info, 32));
      const derive = (label: string, length: number) =>
        new Uint8Array(
          hkdfSync("sha256", material, salt, text(`Content-Encoding: ${label}\0`), length),
        );
      const cipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
      cipher.setAuthTag(sealed.subarray(-16));
      const plain = new Uint8Array([...cipher.update(sealed.subarray(0, -16)), ...cipher.final()]);
      return textOf(plain.subarray(0, plain.lastIndexOf(2))); // the delimiter of the last record
    },
  };
}

/** The claims of a VAPID token, once its signature by that key is verified (RFC 8292). */
function vapidClaims({ headers }: Received, publicKey: string): Record<string, unknown> {
  const [, token = "", key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? "") ?? [];
  expect(key).toBe(publicKey);
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = parseBase64url(publicKey) ?? new Uint8Array();
  const x = base64url(point.subarray(1, 33));
  const y = base64url(point.subarray(33, 65));
  const signer = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const isRight = verify(
    "sha256",
    new TextEncoder().encode(`${head}.${claims}`),
    { key: signer, dsaEncoding: "ieee-p1363" },
    parseBase64url(signature) ?? new Uint8Array(),
  );
  expect(isRight).toBe(true);
  return JSON.parse(textOf(parseBase64url(claims) ?? new Uint8Array())) as Record<string, unknown>;
}

const BY_PUSH = {
  ...SILENT,
  channels: { ...SILENT.channels, critical: ["push"], major: ["push"] },
  fallback: "email",
} as const;

async function open(db: Db) {
  const clock = fakeClock(Date.UTC(2026, 5, 1, 10));
  const keys = makeVapidKeys();
  const subscriptions = createPushSubscriptions({
    db,
    makeId: () => base64url(randomBytes(6)),
    isPrivateAllowed: true,
  });
  const push = channelPushWebPush({
    vapid: async () => ({ ...keys, subject: "mailto:alarms@hopline.test" }),
    isPrivateAllowed: true,
    subscriptionsOf: (userId) => subscriptions.keysOf(userId),
    forget: (id) => subscriptions.forget(id),
  });
  await seedCustomer(db, "c1");
  await seedUser(db, "ann", { customerId: "c1", preferences: BY_PUSH });
  const signUp = (endpoint: string, { p256dh, auth }: { p256dh: string; auth: string }) =>
    subscriptions.add("ann", { endpoint, p256dh, auth, userAgent: "test" }, clock.now());
  return { ...openWorker(db, clock, { push }), clock, keys, signUp, subscriptions };
}

const statesOf = (db: Db) =>
  db
    .selectFrom("delivery")
    .select(["channel", "state", "attempts", "units"])
    .orderBy("seq")
    .execute();

describe("push messages", () => {
  test("reach each of a person's browsers, which decrypt them by the standard", async ({
    emptied: db,
  }) => {
    const { worker, tell, keys, signUp } = await open(db);
    const service = await openReceiver(() => 201);
    const phone = openBrowser();
    const desk = openBrowser();
    await signUp(`${service.url}/phone`, phone);
    await signUp(`${service.url}/desk`, desk);
    await tell(occasion("n1"));
    await worker.run();
    expect(service.received.map(({ path }) => path).sort()).toEqual(["/desk", "/phone"]);
    for (const one of service.received) {
      const message: unknown = JSON.parse((one.path === "/phone" ? phone : desk).decrypt(one.body));
      expect(message).toMatchObject({ title: expect.stringContaining("Smoke") as unknown });
      expect(one.headers).toMatchObject({ "content-encoding": "aes128gcm", urgency: "high" });
      const claims = vapidClaims(one, keys.publicKey);
      expect(claims).toMatchObject({ aud: service.url, sub: "mailto:alarms@hopline.test" });
    }
    expect(await statesOf(db)).toMatchObject([{ state: "sent", units: 2 }]);
    await worker.stop();
    await service.close();
  });

  test("come again under the same id after the service died in between", async ({
    emptied: db,
  }) => {
    const { worker, tell, signUp, clock } = await open(db);
    let calls = 0;
    const service = await openReceiver(() => [undefined, 503, 201][Math.min(calls++, 2)]);
    const phone = openBrowser();
    await signUp(service.url, phone);
    await tell(occasion("n1", { severity: "major" }));
    for (let minute = 0; minute < 3; minute++) {
      await worker.run();
      clock.advance(60_000);
    }
    const ids = service.received.map(
      ({ body }) => (JSON.parse(phone.decrypt(body)) as { id: string }).id,
    );
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(await statesOf(db)).toMatchObject([{ state: "sent", attempts: 3 }]);
    await worker.stop();
    await service.close();
  });

  test("to a browser that has taken it back are dead letters, it is forgotten, and mail takes over", async ({
    emptied: db,
  }) => {
    const { worker, tell, signUp, subscriptions } = await open(db);
    const service = await openReceiver(() => 410);
    await signUp(service.url, openBrowser());
    await tell(occasion("n1", { severity: "major" }));
    await worker.run();
    expect(await subscriptions.keysOf("ann")).toEqual([]);
    expect(await statesOf(db)).toMatchObject([
      { channel: "push", state: "dead" },
      { channel: "email", state: "waiting" },
    ]);
    await worker.stop();
    await service.close();
  });
});
