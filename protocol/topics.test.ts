import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  customerTopic,
  gatewayTopic,
  isTopicId,
  pagedTopic,
  pageTopic,
  parseTopic,
  storedTopic,
  type Topic,
  upFilter,
  upTopic,
} from "./topics.ts";

const known: readonly [topic: string, parsed: Topic][] = [
  [upTopic(50, "g1"), { kind: "up", partition: 50, gatewayId: "g1" }],
  [storedTopic("g1"), { kind: "stored", gatewayId: "g1" }],
  [pageTopic("g1"), { kind: "page", gatewayId: "g1" }],
  [pagedTopic("g1"), { kind: "paged", gatewayId: "g1" }],
  [gatewayTopic("浦东"), { kind: "gateway", gatewayId: "浦东" }],
  [
    customerTopic("c", "d", "alarm"),
    { kind: "customer", encoding: "protobuf", customerId: "c", deviceId: "d", eventKind: "alarm" },
  ],
  [
    customerTopic("c", "d", "alarm", "json"),
    { kind: "customer", encoding: "json", customerId: "c", deviceId: "d", eventKind: "alarm" },
  ],
];

describe("topics", () => {
  it("are written as the architecture lists them", () => {
    expect(known.map(([topic]) => topic)).toEqual([
      "hopline/v1/up/50/g1",
      "hopline/v1/stored/g1",
      "hopline/v1/page/g1",
      "hopline/v1/paged/g1",
      "hopline/v1/gateway/浦东",
      "hopline/v1/customer/c/d/alarm",
      "hopline/v1/json/customer/c/d/alarm",
    ]);
    expect(upFilter(0)).toBe("hopline/v1/up/0/+");
  });

  it.each(known)("reads %s back", (topic, parsed) => {
    expect(parseTopic(topic)).toEqual(parsed);
  });

  it.each([
    "hopline/v1/up/64/g1",
    "hopline/v1/up/07/g1",
    "hopline/v1/up/-1/g1",
    "hopline/v1/up/1/g1/more",
    "hopline/v1/up/1",
    "hopline/v1/up/+/g1",
    "hopline/v1/stored/#",
    "hopline/v1/stored/",
    "hopline/v1/stored/g1/g2",
    "hopline/v2/stored/g1",
    "hopline/v1/json/stored/g1",
    "hopline/v1/customer/c/d",
    "hopline/v1/customer/c/d/e/f",
    "$SYS/hopline/v1/stored/g1",
    "",
  ])("knows no topic %j", (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });

  it.each(["", "a/b", "+", "#", "a+", "\u0000", "a\nb", "\ud800", "x".repeat(65)])(
    "refuses the id %j",
    (id) => {
      expect(isTopicId(id)).toBe(false);
      expect(() => storedTopic(id)).toThrow("cannot be one level");
      expect(() => customerTopic("c", id, "k")).toThrow("cannot be one level");
    },
  );

  it.each([-1, 64, 1.5, Number.NaN])("refuses partition %d", (partition) => {
    expect(() => upTopic(partition, "g1")).toThrow("is no partition");
  });

  it("reads back what it builds, and nothing it builds reads as another topic", () => {
    const anyId = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter(isTopicId);
    fc.assert(
      fc.property(anyId, anyId, anyId, fc.nat({ max: 63 }), (a, b, c, partition) => {
        expect(parseTopic(upTopic(partition, a))).toEqual({ kind: "up", partition, gatewayId: a });
        expect(parseTopic(customerTopic(a, b, c))).toMatchObject({ customerId: a, deviceId: b });
      }),
    );
  });
});
