import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { encodeTransmission } from "../../protocol/air/pocsag.ts";
import { toHex } from "../../protocol/hex.ts";
import { PACKET_TYPES, sealPacket } from "../../protocol/packet/packet.ts";
import { groupRic, individualRic, PAGE_TYPES, sealPage } from "../../protocol/packet/page.ts";
import { pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import {
  encodeReport,
  type FieldValue,
  type FieldValues,
  type ReportField,
} from "../../protocol/report/report.ts";
import { checkVectors } from "../conformance/check-vectors.ts";
import { wordHex } from "../conformance/vector-fields.ts";

// The same bytes from an implementation that shares no code with ours (golden.py, wire.py, sequences.py).
//   SEED=x npx vitest run --project servers golden
const SEEDS = process.env["SEED"] ? [process.env["SEED"]] : ["1", "2", "3", "4", "5"];
const EACH = 150;

function python(args: readonly string[], input = ""): string {
  const script = join(import.meta.dirname, "golden.py");
  const ran: SpawnSyncReturns<string> = spawnSync("python3", [script, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (ran.error && "code" in ran.error && ran.error.code === "ENOENT") {
    throw new Error("python3 is missing: install the Debian package python3");
  }
  if (ran.status !== 0) throw new Error(`golden.py failed: ${ran.stderr}`);
  return ran.stdout;
}

describe.each(SEEDS)("golden bytes of SEED=%s", (seed) => {
  it("are what our codecs make and read", () => {
    const made = python(["make", seed]);
    const { cases } = JSON.parse(made) as { cases: { kind: string }[] };
    const { passed, failures } = checkVectors(made);
    expect(failures).toEqual([]);
    expect(passed).toBe(cases.length);
    expect(passed).toBeGreaterThan(350);
    expect(new Set(cases.map(({ kind }) => kind)).size).toBe(22); // each kind of tests/vectors/packets.json
  });

  it("opens our packets, pages and reports with the other implementation", () => {
    const { cases, expected } = sealedByUs(seed);
    const opened: unknown = JSON.parse(python(["open"], JSON.stringify({ cases })));
    expect(opened).toEqual(expected);
  });
});

interface Sealed {
  readonly cases: readonly object[];
  /** What must come out of each. */
  readonly expected: readonly object[];
}

function sealedByUs(seed: string): Sealed {
  const random = seededRandom(`golden ${seed}`);
  const upTo = (most: number) => randomInteger(random, most + 1);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => upTo(255));
  const flag = () => upTo(1) === 1;
  const word = () => upTo(0xffff_ffff);
  const made = Array.from({ length: EACH }, (_, at) => [
    packet(PACKET_TYPES[at % PACKET_TYPES.length] ?? "report"),
    page(at),
    report(),
  ]).flat();
  return { cases: made.map(([sent]) => sent), expected: made.map(([, out]) => out) };

  function packet(type: (typeof PACKET_TYPES)[number]): readonly [object, object] {
    const hasAnswer = type === "acknowledgement" || (type !== "attach" && flag());
    const lengths = { report: 1 + upTo(130), emergency: 1 + upTo(50), attach: 6 };
    const input = {
      type,
      confirm: flag(),
      drill: flag(),
      ack: hasAnswer ? { pageSequence: upTo(255), result: upTo(4) } : undefined,
      address: word(),
      counter: word(),
      session: type === "attach" ? 0 : word(),
      key: bytes(16),
      plaintext: bytes(type in lengths ? lengths[type as keyof typeof lengths] : 0),
    };
    const { ack, counter, key } = input;
    const opening = { key: toHex(key), counter, session: input.session };
    const expected = {
      type: PACKET_TYPES.indexOf(type),
      confirm: input.confirm,
      drill: input.drill,
      ack: ack ? { page_sequence: ack.pageSequence, result: ack.result } : null,
      address: input.address,
      low16: counter % 0x1_0000,
      attach_nonce: type === "attach" ? counter : null,
      plaintext: toHex(input.plaintext),
    };
    return [{ kind: "packet", bytes: toHex(sealPacket(input)), ...opening }, expected];
  }

  function page(at: number): readonly [object, object] {
    const type = PAGE_TYPES[at % PAGE_TYPES.length] ?? "command";
    const isGroup = type === "group-command" || (type === "time" && flag());
    const to = isGroup ? ("group" as const) : ("individual" as const);
    const rollCall = isGroup && flag();
    const input = {
      type,
      to,
      id: word(),
      ackWanted: isGroup ? rollCall : flag(),
      rollCall,
      drill: flag(),
      counter: word(),
      session: isGroup || type === "attach-accept" ? 0 : word(),
      pageSequence: isGroup ? 128 + upTo(127) : upTo(127),
      key: bytes(16),
      plaintext: Uint8Array.of(1, 2, ...bytes(upTo(46))), // two slots lead a roll call
    };
    const { id, counter, session } = input;
    const ric = isGroup ? groupRic(id) : individualRic(id);
    const words = Array.from(encodeTransmission([pageToPocsag(sealPage(input), ric)]), wordHex);
    const opening = { to, address_or_group_id: id, counter, session, key: toHex(input.key) };
    const expected = {
      ric,
      type: PAGE_TYPES.indexOf(type),
      ack_wanted: input.ackWanted,
      roll_call: rollCall,
      drill: input.drill,
      low16: id % 0x1_0000,
      counter_low16: counter % 0x1_0000,
      page_sequence: input.pageSequence,
      plaintext: toHex(input.plaintext),
    };
    return [{ kind: "page", words, ...opening }, expected];
  }

  /** Whole numbers of each size, so that both sides have the same to the last bit. */
  function report(): readonly [object, object] {
    const fields = Array.from({ length: 1 + upTo(9) }, (_, at): ReportField => {
      const kind = (["uint", "int", "bool"] as const)[upTo(2)] ?? "uint";
      const bits = kind === "bool" ? 1 : 2 + upTo(30);
      const rest = { scale: 1, offset: 0, unit: "", notAvailable: null };
      return { name: `f${at}`, kind, bits, ...rest };
    });
    const values: FieldValues = Object.fromEntries(
      fields.map(({ name, kind, bits }): [string, FieldValue] => {
        const raw = upTo(2 ** bits - 1);
        if (kind === "bool") return [name, raw === 1];
        return [name, kind === "int" ? raw - 2 ** (bits - 1) : raw];
      }),
    );
    const ageS = flag() ? upTo(65_535) * 10 : null;
    const number = upTo(127);
    const plaintext = toHex(encodeReport(number, ageS, fields, values));
    const names = fields.map(({ notAvailable, ...rest }) => ({
      ...rest,
      not_available: notAvailable,
    }));
    const expected = { report_number: number, aged: ageS !== null, age_s: ageS, values };
    return [{ kind: "report", plaintext, fields: names }, expected];
  }
}
