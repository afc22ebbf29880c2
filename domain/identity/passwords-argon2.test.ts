import { expect, test } from "vitest";
import { NO_PASSWORD } from "./passwords.ts";
import { createPasswordsArgon2 } from "./passwords-argon2.ts";

test("hashes by argon2id at the cost that OWASP asks for", async () => {
  const passwords = createPasswordsArgon2();
  const hash = await passwords.hash("a long walk to the sea");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(hash, "a long walk to the sea")).toBe(true);
  expect(await passwords.verify(hash, "a long walk to the see")).toBe(false);
});

test("nobody's password is never right, whatever is tried", async () => {
  const passwords = createPasswordsArgon2({ memoryKiB: 8, passes: 1 });
  for (const stored of [undefined, NO_PASSWORD])
    for (const tried of ["nobody's", NO_PASSWORD, ""])
      expect(await passwords.verify(stored, tried)).toBe(false);
});

test("says that too many wait before memory is full of them", async () => {
  const passwords = createPasswordsArgon2({ memoryKiB: 8, passes: 1 });
  const tries = Array.from({ length: 150 }, () => passwords.hash("a long walk to the sea"));
  const settled = await Promise.allSettled(tries);
  const refused = settled.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(48); // two at once and a hundred that wait
});
