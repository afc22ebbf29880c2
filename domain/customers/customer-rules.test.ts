import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../base/errors.ts";
import { holding } from "./consents.ts";
import { nameKey, phoneKey, searchTerms } from "./customer-keys.ts";
import {
  cleanEmail,
  cleanLine,
  cleanPhone,
  cleanTags,
  cleanTimeZone,
  formatNumber,
  placeFault,
  TREE_DEPTH_MAX,
} from "./customer-rules.ts";

/** Moves at random; those that the rule allows are made. */
const moves = fc.array(fc.tuple(fc.nat(19), fc.option(fc.nat(19), { nil: null })), {
  maxLength: 200,
});

describe("the tree", () => {
  it("never has a ring and is never deeper than the limit, whatever is moved", () => {
    fc.assert(
      fc.property(moves, (tried) => {
        const parents = new Map<string, string | null>();
        for (let id = 0; id < 20; id++) parents.set(String(id), null);
        const above = (id: string | null): { id: string; kind: "organisation" }[] =>
          id === null ? [] : [{ id, kind: "organisation" }, ...above(parents.get(id) ?? null)];
        const levels = (id: string): number =>
          1 + Math.max(0, ...[...parents].filter(([, p]) => p === id).map(([c]) => levels(c)));
        for (const [child, parent] of tried) {
          const [id, to] = [String(child), parent === null ? null : String(parent)];
          if (placeFault({ id, above: above(to), levels: levels(id) }) === undefined)
            parents.set(id, to);
        }
        // would not end in a ring
        for (const id of parents.keys())
          expect(above(id).length).toBeLessThanOrEqual(TREE_DEPTH_MAX);
      }),
    );
  });

  it("has nothing below a person", () => {
    expect(placeFault({ id: "a", above: [{ id: "p", kind: "person" }], levels: 1 })).toBe(
      "person-above",
    );
  });
});

it("gives numbers that can be said and that sort as they count", () => {
  expect(formatNumber(123n)).toBe("C-000123");
  expect(formatNumber(1_234_567n)).toBe("C-1234567");
});

describe("an e-mail address", () => {
  it.each(["a@example.com", "ann.o'neil+x@mail.example.co.uk", "王@例子.中国"])(
    "may be %s",
    (email) => {
      expect(cleanEmail("email", ` ${email} `)).toBe(email);
    },
  );
  it.each([
    "",
    "a",
    "a@b",
    "a@@example.com",
    "a b@example.com",
    ".a@example.com",
    "a@-x.com",
    "a@example.com\n",
  ])("is not %j", (email) => {
    if (email.endsWith("\n")) expect(cleanEmail("email", email)).toBe("a@example.com");
    else expect(() => cleanEmail("email", email)).toThrow(InvalidInputError);
  });
});

describe("a telephone number", () => {
  it.each(["+86 21 5555 0100", "(021) 5555-0100", "110", "＋８６１３８００１３８０００"])(
    "may be %s",
    (phone) => {
      expect(cleanPhone("phone", phone)).toMatch(/^[+0-9 ()./-]+$/);
    },
  );
  it.each(["", "12", "call me", "+86 1234567890123456", "0x1234"])("is not %j", (phone) => {
    expect(() => cleanPhone("phone", phone)).toThrow(InvalidInputError);
  });
  it("is the same line with the country's code and without, and however it is spaced", () => {
    expect(phoneKey("+86 138-0013-8000")).toBe(phoneKey("13800138000"));
    expect(phoneKey("110")).toBeNull();
  });
});

describe("a time zone", () => {
  it.each(["Asia/Shanghai", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+8"])(
    "may be %s",
    (zone) => {
      expect(cleanTimeZone("timeZone", zone)).toBe(zone);
    },
  );
  it.each(["", "+08:00", "Mars/Olympus", "CST6CDT6"])("is not %j", (zone) => {
    expect(() => cleanTimeZone("timeZone", zone)).toThrow(InvalidInputError);
  });
});

it("keeps each tag once, in lower case and in order", () => {
  expect(cleanTags("tags", ["VIP", " fleet ", "vip"])).toEqual(["fleet", "vip"]);
  expect(() => cleanTags("tags", ["a,b"])).toThrow(InvalidInputError);
});

it("takes any text as a line or names the field, and what it takes it takes again unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
      try {
        const line = cleanLine("name", text);
        expect(cleanLine("name", line)).toBe(line);
        expect(line).not.toMatch(/[\n\0]/);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
      }
    }),
  );
});

it.each([
  ["ACME Ltd.", "Acme  Limited"],
  ["Müller GmbH", "MULLER"],
  ["上海星光物流有限公司", "上海星光物流"],
  ["O'Neil, Ann", "oneil ann"],
])("knows %s and %s for the same name", (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

it("searches a number with spaces also by its digits", () => {
  expect(searchTerms("+86 138")).toEqual(["+86 138", "86138"]);
  expect(searchTerms("Acme")).toEqual(["acme"]);
});

it("of each channel and contact holds what was said last, whatever the order", () => {
  const said = fc.record({
    channel: fc.constantFrom("email" as const, "sms" as const),
    contactId: fc.constantFrom(null, "a"),
    atMs: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(said), (all) => {
      for (const each of holding(all))
        for (const other of all)
          if (other.channel === each.channel && other.contactId === each.contactId)
            expect(other.atMs).toBeLessThanOrEqual(each.atMs);
      expect(holding(all)).toHaveLength(
        new Set(all.map(({ channel, contactId }) => `${channel} ${contactId}`)).size,
      );
    }),
  );
});
