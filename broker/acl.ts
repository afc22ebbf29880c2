import assert from "node:assert/strict";

/** Who a client is, once its secret has been checked. */
export type Identity =
  | { readonly kind: "gateway"; readonly gatewayId: string }
  | { readonly kind: "network" }
  | { readonly kind: "api" }
  | {
      readonly kind: "customer";
      /** Those within reach: often one, a tree's all; everybody's for a key of the operator. */
      readonly customerIds: "all" | readonly string[];
      /** By which API key; its reach is asked for again and again. */
      readonly keyId?: string | undefined;
    };

/** Topic filters; a topic or filter is allowed when one of them covers all of it. */
export interface Grants {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Where a retained message may be left: nowhere else, so that the broker's memory stays bounded. */
  readonly retain: readonly string[];
}

const ROOT = "hopline/v1";
const ID = /^[A-Za-z0-9._-]{1,64}$/; // no level separator and no wildcard can hide in it
export const isPlainId = (id: string): boolean => ID.test(id);

export function grantsOf(identity: Identity): Grants {
  switch (identity.kind) {
    case "gateway": {
      const id = identity.gatewayId;
      assert(ID.test(id), "a gateway id is a plain word");
      return {
        publish: [`${ROOT}/up/+/${id}`, `${ROOT}/paged/${id}`, `${ROOT}/gateway/${id}`],
        subscribe: [`${ROOT}/stored/${id}`, `${ROOT}/page/${id}`],
        retain: [`${ROOT}/gateway/${id}`],
      };
    }
    case "network":
      return {
        publish: [
          `${ROOT}/stored/+`,
          `${ROOT}/page/+`,
          `${ROOT}/customer/+/+/+`,
          `${ROOT}/json/customer/+/+/+`,
        ],
        subscribe: [`${ROOT}/up/+/+`, `${ROOT}/paged/+`, `${ROOT}/gateway/+`],
        retain: [],
      };
    case "api":
      return {
        publish: [],
        subscribe: [`${ROOT}/gateway/+`, `${ROOT}/customer/#`, `${ROOT}/json/customer/#`],
        retain: [],
      };
    case "customer": {
      const { customerIds } = identity;
      if (customerIds === "all")
        return {
          publish: [],
          subscribe: [`${ROOT}/customer/#`, `${ROOT}/json/customer/#`],
          retain: [],
        };
      assert(customerIds.every(isPlainId), "a customer id is a plain word");
      return {
        publish: [],
        subscribe: customerIds.flatMap((id) => [
          `${ROOT}/customer/${id}/#`,
          `${ROOT}/json/customer/${id}/#`,
        ]),
        retain: [],
      };
    }
  }
}

export const mayPublish = (grants: Grants, topic: string): boolean =>
  isTopic(topic) && grants.publish.some((grant) => covers(grant, topic));
export const mayRetain = (grants: Grants, topic: string): boolean =>
  isTopic(topic) && grants.retain.some((grant) => covers(grant, topic));
export const maySubscribe = (grants: Grants, filter: string): boolean =>
  isFilter(filter) && grants.subscribe.some((grant) => covers(grant, filter));
/** The last gate before a message leaves: whatever subscription it came by. */
export const mayReceive = (grants: Grants, topic: string): boolean =>
  isTopic(topic) && grants.subscribe.some((grant) => covers(grant, topic));

export const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.kind === b.kind && nameOf(a) === nameOf(b);

export function nameOf(identity: Identity): string {
  switch (identity.kind) {
    case "gateway":
      return `gateway ${identity.gatewayId}`;
    case "customer":
      if (identity.keyId !== undefined) return `key ${identity.keyId}`;
      return `customer ${String(identity.customerIds)}`;
    case "network":
    case "api":
      return identity.kind;
  }
}

export const keyIdOf = (identity: Identity): string | undefined =>
  identity.kind === "customer" ? identity.keyId : undefined;

/** Whether this identity of a key may hear all that the other might. */
export function isAsWide(now: Identity, before: Identity): boolean {
  if (now.kind !== "customer" || before.kind !== "customer") return false;
  if (now.customerIds === "all") return true;
  if (before.customerIds === "all") return false;
  const ids = new Set(now.customerIds);
  return before.customerIds.every((id) => ids.has(id));
}

const isTopic = (topic: string): boolean => topic !== "" && !/[+#\0]/.test(topic);

/** MQTT 3.1.1, 4.7.1: a wildcard is a whole level, and # the last one. */
export function isFilter(filter: string): boolean {
  const levels = filter.split("/");
  return (
    filter !== "" &&
    !filter.includes("\0") &&
    levels.every((level, i) => {
      if (level === "#") return i === levels.length - 1;
      return level === "+" || !/[+#]/.test(level);
    })
  );
}

/** Whether every topic that `filter` matches is matched by `grant` too. A grant never starts with a wildcard. */
export function covers(grant: string, filter: string): boolean {
  const grants = grant.split("/");
  const levels = filter.split("/");
  for (let i = 0; i < Math.max(grants.length, levels.length); i++) {
    const allowed = grants[i];
    const asked = levels[i];
    if (allowed === "#") return true; // also the level above: a/# matches a
    if (allowed === undefined || asked === undefined || asked === "#") return false;
    if (allowed !== "+" && allowed !== asked) return false;
  }
  return true;
}
