import { describe, expect, it } from "vitest";
import {
  decodeTransmission,
  encodeTransmission,
  transmissionNs,
} from "../../protocol/air/pocsag.ts";
import { PageAir, type PageOnAir } from "./page-air.ts";
import type { AirSite } from "./propagation.ts";
import { EPOCH_NS } from "./test-frame.ts";

const SITE: AirSite = { id: "gw/0", latitude: 31.23, longitude: 121.47, antennaM: 30 };
const symbols = Uint8Array.from({ length: 40 }, (_, n) => n % 16);
const words = encodeTransmission([{ ric: 1234, function: 0, symbols }]);
const page = (rest: Partial<PageOnAir> = {}): PageOnAir => ({
  site: SITE,
  startNs: EPOCH_NS,
  endNs: EPOCH_NS + transmissionNs(words.length, 1200),
  bitRate: 1200,
  words,
  pageHz: 466_075_000,
  inverted: false,
  ...rest,
});
const channel = (sending?: (address: number, fromNs: bigint, untilNs: bigint) => boolean) =>
  new PageAir({ seed: "pages", shadowingDb: 0, isSending: sending ?? (() => false) });
const pager = (km: number, address = 1) => ({
  address,
  latitude: 31.23 + km / 111.2,
  longitude: 121.47,
});
const isRead = (heard: Uint32Array | undefined): boolean =>
  heard !== undefined &&
  decodeTransmission(heard).pages.some(({ ric, complete }) => ric === 1234 && complete);

describe("a page", () => {
  it("reaches a terminal nearby as it was sent: the very words, so that they are decoded once", () => {
    expect(channel().hear(page(), pager(1))).toBe(words);
  });

  it("does not reach one far away", () => {
    expect(channel().hear(page(), pager(80))).toBeUndefined();
  });

  it("has more wrong bits with distance and with the bit rate", () => {
    const wrongBits = (km: number, bitRate: number): number => {
      let wrong = 0;
      for (let address = 0; address < 200; address++) {
        const heard = channel().hear(page({ bitRate }), pager(km, address));
        heard?.forEach((word, at) => {
          wrong += ((word ^ (words[at] ?? 0)) >>> 0).toString(2).replaceAll("0", "").length;
        });
      }
      return wrong;
    };
    const [near, far, farAndFast] = [wrongBits(12, 1200), wrongBits(18, 1200), wrongBits(18, 2400)];
    expect(near).toBeLessThan(far);
    expect(far).toBeLessThan(farAndFast);
  });

  it("is read by hardly anyone, by some and by all as the distance shrinks", () => {
    const share = (km: number): number => {
      let read = 0;
      for (let address = 0; address < 100; address++) {
        if (isRead(channel().hear(page(), pager(km, address)))) read++;
      }
      return read / 100;
    };
    expect(share(2)).toBe(1);
    expect(share(40)).toBeLessThan(0.05);
  });

  it("is the same for the same seed however often it is asked for", () => {
    const pages = channel();
    const first = Array.from({ length: 50 }, (_, address) =>
      pages.hear(page(), pager(17, address)),
    );
    const again = Array.from({ length: 50 }, (_, n) =>
      pages.hear(page(), pager(17, 49 - n)),
    ).reverse();
    expect(again).toEqual(first);
    expect(first).not.toEqual(first.map(() => words));
  });

  it("is lost where the terminal itself was sending and nowhere else", () => {
    const bitNs = 1e9 / 1200;
    const fromNs = EPOCH_NS + BigInt(Math.round(bitNs * (576 + 32 * 10)));
    const untilNs = EPOCH_NS + BigInt(Math.round(bitNs * (576 + 32 * 12)));
    const sending = (_address: number, from: bigint, until: bigint) =>
      from < untilNs && until > fromNs;
    const heard = channel(sending).hear(page(), pager(1)) ?? new Uint32Array(0);
    const wrong = [...heard.keys()].filter((at) => heard[at] !== words[at]);
    expect(wrong).toEqual([10, 11]);
  });

  it("is spoiled by another site's page unless it is much stronger", () => {
    const pages = channel();
    const [own, other] = [page(), page({ site: { ...SITE, id: "gw2", latitude: 31.33 } })];
    for (const one of [own, other]) pages.add(one);
    expect(isRead(pages.hear(own, pager(1)))).toBe(true);
    expect(isRead(pages.hear(own, pager(5.5)))).toBe(false);
    expect(isRead(pages.hear(page(), pager(5.5, 1)))).toBe(false);
    const apart = page({ startNs: own.endNs, endNs: own.endNs + (own.endNs - own.startNs) });
    expect(isRead(pages.hear(apart, pager(5.5)))).toBe(true);
  });
});
