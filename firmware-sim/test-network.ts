import { encodeTransmission, type PocsagPage, transmissionNs } from "../protocol/air/pocsag.ts";
import { attachKey, sessionKeys } from "../protocol/packet/keys.ts";
import { encodeAttachAccept, individualRic, sealPage } from "../protocol/packet/page.ts";
import { pageToPocsag } from "../protocol/packet/page-symbols.ts";
import type { AirSite } from "./channel/propagation.ts";
import type { SentPacket } from "./sent-packet.ts";
import type { Simulator } from "./simulator.ts";

interface Session {
  readonly networkNonce: number;
  readonly down: Uint8Array;
  counter: number;
}

const SITE: AirSite = {
  id: "test",
  latitude: 31.22,
  longitude: 121.475,
  antennaM: 200,
  pagePowerDbm: 60,
};
const ANSWER_AFTER_NS = 3_500_000_000n;
const BIT_RATE = 1200;
const FREQUENCY = { pageHz: 869_525_000, inverted: false, bitRate: BIT_RATE };
const PAGES_TOGETHER = 12;
const PLAIN = { to: "individual", ackWanted: false, rollCall: false, drill: false } as const;

/** A network of one site that hears everything and answers attaches and whatever wants an acknowledgement. */
export class TestNetwork {
  readonly sessions = new Map<number, Session>();
  /** It hears and says nothing. */
  isDeaf = false;
  readonly #simulator: Simulator;
  readonly #rootKeys: ReadonlyMap<number, Uint8Array>;
  /** A newer answer to an attach takes the place of the older. */
  readonly #waiting = new Map<string, PocsagPage>();
  #busyUntilNs = 0n;
  #nextNonce = 1_000;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
    const all = [...simulator.fleet, ...simulator.bench];
    this.#rootKeys = new Map(all.map(({ address, rootKey }) => [address, rootKey]));
    simulator.onTransmission((packet) => {
      if (this.isDeaf) return;
      simulator.schedule.at(packet.startNs + ANSWER_AFTER_NS, () => {
        this.#take(packet);
      });
    });
  }

  command(address: number, plaintext: Uint8Array): void {
    this.#send(address, "command", plaintext);
  }

  #take(packet: SentPacket): void {
    if (packet.type === "attach") this.#accept(packet);
    else if (packet.confirm || packet.type === "emergency") {
      const counter = new Uint8Array(4);
      new DataView(counter.buffer).setUint32(0, packet.counter);
      this.#send(packet.address, "acknowledgement", counter);
    }
  }

  #accept({ address, counter: attachNonce }: SentPacket): void {
    const rootKey = this.#rootKeys.get(address);
    if (!rootKey) return;
    const networkNonce = this.#nextNonce++;
    const { down } = sessionKeys(rootKey, address, attachNonce, networkNonce);
    this.sessions.set(address, { networkNonce, down, counter: 0 });
    const plaintext = encodeAttachAccept({ networkNonce, reportIntervalS: 0, flags: 0 });
    const secret = { counter: attachNonce, session: 0, key: attachKey(rootKey, address) };
    const what = { ...PLAIN, type: "attach-accept", id: address, pageSequence: 0 } as const;
    this.#page(address, "attach", sealPage({ ...what, ...secret, plaintext }));
  }

  #send(address: number, type: "command" | "acknowledgement", plaintext: Uint8Array): void {
    const session = this.sessions.get(address);
    if (!session) return;
    const counter = session.counter++;
    const secret = { counter, session: session.networkNonce, key: session.down };
    const ackWanted = type === "command";
    const what = { ...PLAIN, type, id: address, ackWanted, pageSequence: counter % 128 };
    this.#page(address, `${type} ${counter}`, sealPage({ ...what, ...secret, plaintext }));
  }

  #page(address: number, what: string, bytes: Uint8Array): void {
    this.#waiting.set(`${address} ${what}`, pageToPocsag(bytes, individualRic(address)));
    this.#transmit();
  }

  #transmit(): void {
    const { schedule } = this.#simulator;
    if (this.#waiting.size === 0 || schedule.nowNs() < this.#busyUntilNs) return;
    const batch = [...this.#waiting].slice(0, PAGES_TOGETHER);
    for (const [key] of batch) this.#waiting.delete(key);
    const words = encodeTransmission(batch.map(([, page]) => page));
    const startNs = schedule.nowNs();
    const endNs = startNs + transmissionNs(words.length, BIT_RATE);
    this.#busyUntilNs = endNs;
    this.#simulator.page({ site: SITE, startNs, endNs, words, ...FREQUENCY });
    schedule.at(endNs, () => {
      this.#transmit();
    });
  }
}
