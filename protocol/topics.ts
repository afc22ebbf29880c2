import assert from "node:assert/strict";

/** The MQTT topics (architecture, "Run modes"). Every id is one level and cannot widen a subscription. */

export const PARTITIONS = 64;
const ID_CHARACTERS_MAX = 64;
const ROOT = "hopline/v1";

const GATEWAY_KINDS = ["stored", "page", "paged", "gateway"] as const;

export type Topic =
  | { readonly kind: "up"; readonly partition: number; readonly gatewayId: string }
  | { readonly kind: (typeof GATEWAY_KINDS)[number]; readonly gatewayId: string }
  | {
      readonly kind: "customer";
      readonly encoding: "protobuf" | "json";
      readonly customerId: string;
      readonly deviceId: string;
      readonly eventKind: string;
    };

/** MQTT's separators, wildcards and NUL would let an id name more than itself; controls hide in logs. */
export function isTopicId(id: string): boolean {
  return id.length > 0 && id.length <= ID_CHARACTERS_MAX && !/[/+#\p{Cc}\p{Cs}]/u.test(id);
}

export function upTopic(partition: number, gatewayId: string): string {
  return `${ROOT}/up/${level(partition)}/${safe(gatewayId)}`;
}

export function storedTopic(gatewayId: string): string {
  return `${ROOT}/stored/${safe(gatewayId)}`;
}

export function pageTopic(gatewayId: string): string {
  return `${ROOT}/page/${safe(gatewayId)}`;
}

export function pagedTopic(gatewayId: string): string {
  return `${ROOT}/paged/${safe(gatewayId)}`;
}

export function gatewayTopic(gatewayId: string): string {
  return `${ROOT}/gateway/${safe(gatewayId)}`;
}

export function customerTopic(
  customerId: string,
  deviceId: string,
  eventKind: string,
  encoding: "protobuf" | "json" = "protobuf",
): string {
  const root = encoding === "json" ? `${ROOT}/json` : ROOT;
  return `${root}/customer/${safe(customerId)}/${safe(deviceId)}/${safe(eventKind)}`;
}

/** What the network listens to: one partition from every gateway. */
export function upFilter(partition: number): string {
  return `${ROOT}/up/${level(partition)}/+`;
}

export const PAGED_FILTER = `${ROOT}/paged/+`;
export const GATEWAY_FILTER = `${ROOT}/gateway/+`;

export function parseTopic(topic: string): Topic | undefined {
  if (!topic.startsWith(`${ROOT}/`)) return undefined;
  const [kind, ...ids] = topic.slice(ROOT.length + 1).split("/");
  if (!ids.every(isTopicId)) return undefined;
  if (kind === "up") return parseUp(ids);
  if (kind === "customer") return parseCustomer(ids, "protobuf");
  if (kind === "json" && ids[0] === "customer") return parseCustomer(ids.slice(1), "json");
  const ofGateway = GATEWAY_KINDS.find((each) => each === kind);
  const [gatewayId] = ids;
  if (ofGateway === undefined || gatewayId === undefined || ids.length !== 1) return undefined;
  return { kind: ofGateway, gatewayId };
}

function parseUp(ids: readonly string[]): Topic | undefined {
  const [partition, gatewayId] = ids;
  if (partition === undefined || gatewayId === undefined || ids.length !== 2) return undefined;
  if (!/^(0|[1-9]\d?)$/.test(partition) || Number(partition) >= PARTITIONS) return undefined;
  return { kind: "up", partition: Number(partition), gatewayId };
}

function parseCustomer(ids: readonly string[], encoding: "protobuf" | "json"): Topic | undefined {
  const [customerId, deviceId, eventKind] = ids;
  if (customerId === undefined || deviceId === undefined || eventKind === undefined) {
    return undefined;
  }
  if (ids.length !== 3) return undefined;
  return { kind: "customer", encoding, customerId, deviceId, eventKind };
}

function safe(id: string): string {
  assert(isTopicId(id), `${JSON.stringify(id)} cannot be one level of a topic`);
  return id;
}

function level(partition: number): string {
  assert(
    Number.isInteger(partition) && partition >= 0 && partition < PARTITIONS,
    `${partition} is no partition`,
  );
  return partition.toString();
}
