import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Caller,
  type CustomerNode,
  type Held,
  isReadableAt,
  isWithin,
  mayDo,
  reachOf,
  readableWindows,
} from "./policy.ts";
import { ACTIONS, type Action, CUSTOMER_ROLES, ROLES } from "./roles.ts";

// The model is written again, by action where the policy is written by role, and in another way where it computes.

/** A administrator, O operator, B billing, C care, E engineer, R read-only, W owner, M member; k what a key may have. */
const WHO: Readonly<Record<Action, string>> = {
  "catalogue:read": "AOBCERWMk",
  "terminals:read": "AOBCERWMk",
  "terminals:write": "AOk",
  "terminals:import": "AOk",
  "positions:read": "AOCERWMk",
  "packets:read": "AOCERWMk",
  "gateways:read": "AOCERk",
  "gateways:write": "AOk",
  "assets:read": "AOBCERWMk",
  "assets:write": "AOEWk",
  "assignments:read": "AOBCERWMk",
  "assignments:write": "AOk",
  "groups:read": "AOCERk",
  "groups:write": "AOk",
  "groups:command": "AOk",
  "customers:read": "AOBCERWMk",
  "customers:write": "ABCk",
  "customers:import": "ABk",
  "customers:erase": "A",
  "preferences:write": "ABCWk",
  "users:read": "AW",
  "users:write": "AW",
  "keys:read": "AW",
  "keys:write": "AW",
  "audit:read": "A",
  "jobs:read": "AOCERk",
  "jobs:write": "AEk",
  "alarms:read": "AOCERWMk",
  "alarms:work": "AOCWMk",
  "rules:read": "AOCERWMk",
  "rules:write": "AOWk",
  "commands:read": "AOCERWMk",
  "commands:send": "AOWk",
  "commands:approve": "AO",
  "incidents:read": "AOCERk",
  "maintenance:write": "AOk",
  "drills:read": "AOCERk",
  "drills:write": "AOk",
  "recovery:read": "AOCERWMk",
  "recovery:write": "AOW",
  "live:read": "AOCERWMk",
  "mqtt:read": "AWk",
  "metrics:read": "AOk",
  "notifications:read": "AOCRWk",
  "notifications:write": "AOCWk",
  "webhooks:read": "AOCRWk",
  "webhooks:write": "AW",
  "plans:read": "ABCk",
  "plans:write": "ABk",
  "billing:read": "ABCWk",
  "billing:write": "ABk",
  "payments:import": "ABk",
  "payments:make": "ABWk",
};

const LETTER = {
  administrator: "A",
  operator: "O",
  billing: "B",
  care: "C",
  engineer: "E",
  "read-only": "R",
  owner: "W",
  member: "M",
} as const;

const ids = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"] as const;
const anyId = fc.constantFrom(...ids);
const anyAction = fc.constantFrom(...ACTIONS);

const anyPerson: fc.Arbitrary<Caller> = fc
  .constantFrom(...ROLES)
  .chain((role) =>
    (CUSTOMER_ROLES.includes(role)
      ? role === "read-only"
        ? fc.option(anyId)
        : anyId
      : fc.constant(null)
    ).map((customerId) => ({ kind: "user", id: "u", name: "U", role, customerId })),
  );

const anyKey: fc.Arbitrary<Caller> = fc
  .record({
    role: fc.constantFrom(...ROLES),
    customerId: fc.option(anyId),
    scopes: fc.option(fc.uniqueArray(anyAction), { nil: undefined }),
  })
  .map((key) => ({ kind: "key", id: "k", name: "K", ...key }));

/** Any parents at all: also rings, and parents that are not there. */
const anyTree: fc.Arbitrary<readonly CustomerNode[]> = fc.uniqueArray(
  fc.record({ id: anyId, parentId: fc.option(anyId) }),
  { selector: ({ id }) => id },
);

describe("mayDo", () => {
  it("lets people do what the model's table says", () => {
    fc.assert(
      fc.property(anyPerson, anyAction, (caller, action) => {
        const who = WHO[action];
        const byRole = who.includes(LETTER[caller.role]);
        expect(mayDo(caller, action)).toBe(
          byRole && (caller.customerId === null || who.includes("W")),
        );
      }),
    );
  });

  it("lets keys do their scopes and nothing that is for people alone, whatever their role", () => {
    fc.assert(
      fc.property(anyKey, anyAction, (caller, action) => {
        const who = WHO[action];
        const isGiven = caller.scopes?.includes(action) === true && who.includes("k");
        expect(mayDo(caller, action)).toBe(
          isGiven && (caller.customerId === null || who.includes("W")),
        );
      }),
    );
  });
});

/** Up from the thing, where the policy goes down from the caller. */
function isBelow(tree: readonly CustomerNode[], customerId: string, ancestor: string): boolean {
  let at: string | null = customerId;
  for (let steps = 0; steps <= tree.length && at !== null; steps++) {
    if (at === ancestor) return true;
    at = tree.find(({ id }) => id === at)?.parentId ?? null;
  }
  return false;
}

describe("reach", () => {
  it("is everything for the operator's, and else what has the customer above it", () => {
    fc.assert(
      fc.property(fc.option(anyId), anyTree, fc.option(anyId), (own, tree, thing) => {
        const reach = reachOf({ customerId: own }, tree);
        const isThere = thing !== null && (thing === own || tree.some(({ id }) => id === thing));
        const expected = own === null || (thing !== null && isThere && isBelow(tree, thing, own));
        if (own === null || thing === null || isThere)
          expect(isWithin(reach, thing)).toBe(expected);
      }),
    );
  });
});

const anyHeld: fc.Arbitrary<Held> = fc
  .record({ customerId: anyId, from: fc.nat(40), length: fc.option(fc.nat(20)) })
  .map(({ customerId, from, length }) => ({
    customerId,
    fromNs: BigInt(from),
    toNs: length === null ? null : BigInt(from + length),
  }));

describe("what may be read of a terminal's past", () => {
  it("is, at every moment, what somebody within reach held it at", () => {
    fc.assert(
      fc.property(fc.option(anyId), anyTree, fc.array(anyHeld), (own, tree, held) => {
        const windows = readableWindows(reachOf({ customerId: own }, tree), held);
        for (let ns = 0n; ns <= 64n; ns++) {
          const isHeld = held.some(
            ({ customerId, fromNs, toNs }) =>
              ns >= fromNs &&
              !(toNs !== null && ns >= toNs) &&
              (customerId === own || isBelow(tree, customerId, own ?? "")),
          );
          expect(isReadableAt(windows, ns)).toBe(own === null || isHeld);
        }
      }),
    );
  });

  it("is nothing in common for two customers that follow each other", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (atNs, ns) => {
        const at = BigInt(atNs);
        const held: Held[] = [
          { customerId: "c1", fromNs: 0n, toNs: at },
          { customerId: "c2", fromNs: at, toNs: null },
        ];
        const mayRead = (own: string) =>
          isReadableAt(readableWindows(reachOf({ customerId: own }, []), held), BigInt(ns));
        expect(mayRead("c1")).toBe(!mayRead("c2"));
      }),
    );
  });
});
