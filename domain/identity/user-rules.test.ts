import { describe, expect, it, test } from "vitest";
import { createSecretSeal } from "../devices/secret-seal.ts";
import { acceptedStep, enrolmentOf } from "./second-factor.ts";
import { makeApiKey, makePassword, makeRecoveryCode, recoveryHash } from "./secrets.ts";
import { requireEmail, requireFitting, requireGoodPassword } from "./user-rules.ts";

const owner = { email: "ann.meier@example.org", name: "Ann Meier" };

describe("a password", () => {
  it.each([
    ["short", /12 to 200/],
    ["x".repeat(201), /12 to 200/],
    ["aaaaaaaaaaaaaaaa", /among the first/],
    ["Password1234567", /among the first/],
    ["meier likes it here", /name or the e-mail/],
    ["go Ann.Meier go go", /name or the e-mail/],
  ])("is refused: %s", (password, why) => {
    expect(() => {
      requireGoodPassword("next", password, owner);
    }).toThrow(why);
  });

  it.each(["a long walk to the sea", "长城脚下的一条小路通向大海边", "🜁🜂🜃🜄🜅🜆🜇🜈🜉🜊🜋🜌"])(
    "may be in any script: %s",
    (password) => {
      expect(() => {
        requireGoodPassword("next", password, owner);
      }).not.toThrow();
    },
  );

  it("that we make is one", () => {
    const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 7);
    const password = makePassword(bytes);
    expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
    requireGoodPassword("next", password, owner);
  });
});

test.each(["ann", "ann@", "@x.org", "a b@x.org", "ann@x.org\r\nbcc: y", "a@b@c"])(
  "%s is no e-mail address",
  (email) => {
    expect(() => {
      requireEmail(email);
    }).toThrow(/address/);
  },
);

test("a customer's people have a customer's roles, the operator's the others", () => {
  const fits = (role: Parameters<typeof requireFitting>[0], customerId: string | null) => {
    try {
      requireFitting(role, customerId);
      return true;
    } catch {
      return false;
    }
  };
  expect(fits("operator", null)).toBe(true);
  expect(fits("operator", "c1")).toBe(false);
  expect(fits("owner", "c1")).toBe(true);
  expect(fits("owner", null)).toBe(false);
  expect(fits("read-only", "c1") && fits("read-only", null)).toBe(true);
});

test("codes are those of RFC 6238, good once and a step around now", () => {
  // Appendix B: the secret is the ASCII of 12345678901234567890; 8 digits there, the last 6 here
  const secret = new TextEncoder().encode("12345678901234567890");
  expect(enrolmentOf(secret, "a@b").secret).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  expect(acceptedStep(secret, "287082", 59_000, null)).toBe(1n);
  expect(acceptedStep(secret, "081804", 1_111_111_109_000, null)).toBe(37_037_036n);
  expect(acceptedStep(secret, "287082", 59_000 + 30_000, null)).toBe(1n);
  expect(acceptedStep(secret, "287082", 59_000 + 61_000, null)).toBeUndefined();
  expect(acceptedStep(secret, "287082", 59_000, 1n)).toBeUndefined();
  expect(acceptedStep(secret, "287 082", 59_000, null)).toBeUndefined();
});

test("a secret opens for its owner and under its key alone", () => {
  const seal = createSecretSeal(new Uint8Array(32).fill(1));
  const secret = Uint8Array.of(1, 2, 3);
  const sealed = seal.seal("u1", secret);
  expect(seal.open("u1", sealed)).toEqual(secret);
  expect(() => seal.open("u2", sealed)).toThrow(/KEY_ENCRYPTION_KEY/);
  const other = createSecretSeal(new Uint8Array(32).fill(2));
  expect(() => other.open("u1", sealed)).toThrow(/KEY_ENCRYPTION_KEY/);
  expect(() => seal.open("u1", sealed.slice(0, 5))).toThrow(/KEY_ENCRYPTION_KEY/);
});

test("keys and recovery codes are as long as they must be", () => {
  const bytes = (count: number) => new Uint8Array(count).fill(255);
  expect(makeApiKey(bytes)).toBe(`hl_${"_".repeat(42)}8`);
  const few = (count: number) => Uint8Array.from({ length: count }, (_, i) => i);
  expect(makeRecoveryCode(few)).toBe("abcde-abcde");
  expect(recoveryHash("u", " ABCDE-abcde ")).toBe(recoveryHash("u", "abcde-abcde"));
});
