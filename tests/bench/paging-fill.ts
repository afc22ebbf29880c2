import { randomInteger, seededRandom } from "../../base/random.ts";
import { WAITING_PER_GATEWAY_MAX } from "../../domain/commands/command-begin-postgres.ts";
import type { DuePage } from "../../domain/packets/page-store.ts";
import { packPages } from "../../network/page-packing.ts";
import {
  encodeTransmission,
  IDLE_WORD,
  transmissionNs,
  WORDS_PER_BATCH,
} from "../../protocol/air/pocsag.ts";
import { individualRic, PAGE_BYTES_MIN } from "../../protocol/packet/page.ts";
import { pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import { type Figure, rounded } from "./figure.ts";

const TRANSMISSIONS = 300;
const BIT_RATE = 1200;
/** From a command without arguments to a lamp's calendar. */
const PLAINTEXT_BYTES = [1, 1, 1, 2, 3, 3, 15];

/** Commands to terminals of any address, as many waiting as one gateway ever has. */
export function fillFigures(): readonly Figure[] {
  const random = seededRandom("paging");
  const page = (number: number): DuePage => {
    const plaintextBytes = PLAINTEXT_BYTES[randomInteger(random, PLAINTEXT_BYTES.length)] ?? 1;
    const bytes = new Uint8Array(PAGE_BYTES_MIN + plaintextBytes).fill(number & 0xff);
    const ric = individualRic(randomInteger(random, 2 ** 32));
    return {
      ...{ id: String(number), kind: "command", priority: 1, zoneGatewayId: "gw-1" },
      ...{ words: encodeTransmission([pageToPocsag(bytes, ric)]), attempts: 0 },
      ...{ expiresAtMs: 1, gateways: [] },
    };
  };
  let waiting: readonly DuePage[] = [];
  let [made, usedWords, words, pages, airNs, packMs] = [0, 0, 0, 0, 0n, 0];
  for (let transmission = 0; transmission < TRANSMISSIONS; transmission++) {
    const missing = WAITING_PER_GATEWAY_MAX - waiting.length;
    waiting = [...waiting, ...Array.from({ length: missing }, () => page(made++))];
    const startedMs = performance.now();
    const packed = packPages(waiting);
    packMs += performance.now() - startedMs;
    const taken = new Set(packed.taken);
    waiting = waiting.filter((one) => !taken.has(one));
    usedWords += packed.words.filter(
      (word, at) => at % WORDS_PER_BATCH !== 0 && word !== IDLE_WORD,
    ).length;
    words += (packed.words.length / WORDS_PER_BATCH) * (WORDS_PER_BATCH - 1);
    pages += taken.size;
    airNs += transmissionNs(packed.words.length, BIT_RATE);
  }
  return [
    {
      ...{ name: "paging.fill", value: rounded(usedWords / words), unit: "of batch words" },
      aim: "≥ 0.9",
      note: `${TRANSMISSIONS} transmissions with ${WAITING_PER_GATEWAY_MAX} pages waiting; packing takes ${rounded(packMs / TRANSMISSIONS)} ms each`,
    },
    {
      ...{ name: "paging.pages_per_s", value: rounded(pages / (Number(airNs) / 1e9)), unit: "1/s" },
      note: `of one gateway at ${BIT_RATE} bit/s, preamble included`,
    },
  ];
}
