import {
  createTerminalLink,
  sealLinkTest,
  startAttach,
  type TerminalLink,
} from "../../firmware-sim/terminal-link.ts";
import {
  answerWindow,
  lastBitEndsNs,
  rollCallSlot,
} from "../../firmware-sim/terminal-link-answers.ts";
import { type HeardPage, hearPage } from "../../firmware-sim/terminal-link-pages.ts";
import { encodeTransmission } from "../../protocol/air/pocsag.ts";
import { toHex } from "../../protocol/hex.ts";
import { usedUpTo } from "../../protocol/packet/counters.ts";
import { attachKey, sessionKeys } from "../../protocol/packet/keys.ts";
import { encodeAttach } from "../../protocol/packet/packet.ts";
import { encodeAttachAccept, individualRic, sealPage } from "../../protocol/packet/page.ts";
import { pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import { answerFields } from "./check-packets.ts";
import { acceptedPages, recipient } from "./check-pages.ts";
import { differences } from "./differences.ts";
import {
  type Fields,
  hexBytes,
  hexWords,
  integer,
  nanoseconds,
  objects,
  wordHex,
} from "./vector-fields.ts";

const NO_KEY = new Uint8Array(16);
const ROUNDING_NS = 1000n;
const DONE = 0;

export function checkAttach(given: Fields, out: Fields): string[] {
  const rootKey = hexBytes(given, "root_key");
  const address = integer(given, "address");
  const attachNonce = integer(given, "attach_nonce");
  const networkNonce = integer(given, "network_nonce");
  const attach = {
    profileNumber: integer(given, "profile_number"),
    hardwareVersion: integer(given, "hardware_version"),
    firmwareVersion: integer(given, "firmware_version"),
    batteryPercent: integer(given, "battery_percent_or_255_mains"),
  };
  const reportIntervalS = integer(given, "report_interval_s");
  const accept = encodeAttachAccept({
    networkNonce,
    reportIntervalS,
    flags: integer(given, "flags"),
  });
  const key = attachKey(rootKey, address);
  const page = sealPage({
    type: "attach-accept",
    to: "individual",
    id: address,
    ackWanted: false,
    rollCall: false,
    drill: false,
    counter: attachNonce,
    session: 0,
    pageSequence: integer(given, "page_sequence"),
    key,
    plaintext: accept,
  });
  const ric = individualRic(address);
  const { up, down } = sessionKeys(rootKey, address, attachNonce, networkNonce);

  const idle = { ...createTerminalLink(address, rootKey), attachNonce: attachNonce - 1 };
  const attaching = startAttach(idle, attach);
  const heard = hearPage(attaching.next, { ric, bytes: page }, () => DONE);
  const linkTest = sealLinkTest(heard.next);
  const ours = {
    attach_key: toHex(key),
    attach_plaintext: toHex(encodeAttach(attach)),
    attach_packet: toHex(attaching.bytes),
    accept_plaintext: toHex(accept),
    accept_page: toHex(page),
    ric,
    words: Array.from(encodeTransmission([pageToPocsag(page, ric)]), wordHex),
    session: heard.next.session?.networkNonce,
    up_key: toHex(up),
    down_key: toHex(down),
    link_test_packet: linkTest && toHex(linkTest.bytes),
  };
  return [
    ...differences("attached", heard.effect, "effect of accept_page"),
    ...differences(heard.next.session?.upKey, ours.up_key, "the terminal's up_key"),
    ...differences(out, ours, "out"),
  ];
}

export function checkAttachAnswerRefused(given: Fields, out: Fields): string[] {
  const address = integer(given, "address");
  const link: TerminalLink = {
    ...createTerminalLink(address, hexBytes(given, "root_key")),
    attachNonce: integer(given, "latest_attach_nonce"),
    isAttaching: true,
  };
  const page = { ric: individualRic(address), bytes: hexBytes(given, "page") };
  const heard = hearPage(link, page, () => DONE);
  return [
    ...differences(out, { accepted: heard.effect === "attached" }, "out"),
    ...(heard.effect === "ignored" ? differences(link, heard.next, "the terminal's state") : []),
  ];
}

export function checkPageRefused(given: Fields, out: Fields): string[] {
  const key = hexBytes(given, "key");
  const id = integer(given, "address_or_group_id");
  const session = integer(given, "session");
  const highest = integer(given, "highest_accepted_counter");
  const link =
    recipient(given) === "group"
      ? { ...createTerminalLink(0, NO_KEY), groups: [groupOf(id, key, highest)] }
      : attachedLink(id, { networkNonce: session, downKey: key, highest });
  const heard = acceptedPages(hexWords(given, "words")).map((page) =>
    hearPage(link, page, () => DONE),
  );
  return differences(out, { accepted: heard.some(({ effect }) => effect !== "ignored") }, "out");
}

export function checkDownlinkSequence(given: Fields, out: Fields): string[] {
  let link = attachedLink(integer(given, "address"), {
    networkNonce: integer(given, "session"),
    downKey: hexBytes(given, "down_key"),
    highest: integer(given, "highest_accepted_counter"),
  });
  const steps = objects(given, "steps").map((step) => {
    const result = integer(step, "result_if_it_acts");
    const page = { ric: integer(step, "ric"), bytes: hexBytes(step, "page") };
    const heard = hearPage(link, page, () => result);
    link = heard.next;
    return effectFields(heard);
  });
  return differences(out, { steps }, "out");
}

export function checkRollCall(given: Fields, out: Fields): string[] {
  const address = integer(given, "address");
  const slots = integer(given, "slots");
  const endsNs = lastBitEndsNs({
    firstPreambleBitNs: nanoseconds(given, "first_preamble_bit_at_ns"),
    preambleBits: integer(given, "preamble_bits"),
    words: integer(given, "words"),
    bitRate: integer(given, "bit_rate"),
  });
  const { earliestNs, latestNs } = answerWindow(endsNs, address, slots);
  const ours = { slot: rollCallSlot(address, slots) };
  const times = {
    last_bit_ends_at_ns: endsNs,
    answer_earliest_ns: earliestNs,
    answer_latest_ns: latestNs,
  };
  const { slot, ...expectedTimes } = out;
  return [
    ...differences({ slot }, ours, "out"),
    ...differences(Object.keys(expectedTimes).sort(), Object.keys(times).sort(), "fields of out"),
    ...Object.entries(times).flatMap(([name, ns]) => {
      const expected = nanoseconds(out, name);
      const apart = expected > ns ? expected - ns : ns - expected;
      return apart <= ROUNDING_NS ? [] : [`out.${name} must be ${expected}, is ${ns}`];
    }),
  ];
}

function effectFields(heard: HeardPage) {
  return {
    effect: heard.effect,
    counter: "counter" in heard ? heard.counter : null,
    answer: "answer" in heard ? answerFields(heard.answer) : null,
  };
}

function attachedLink(
  address: number,
  session: {
    readonly networkNonce: number;
    readonly downKey: Uint8Array;
    readonly highest: number;
  },
): TerminalLink {
  return {
    ...createTerminalLink(address, NO_KEY),
    session: {
      networkNonce: session.networkNonce,
      upKey: toHex(NO_KEY),
      downKey: toHex(session.downKey),
      nextCounter: 0,
      reservedEnd: 0,
      heard: usedUpTo(session.highest),
    },
  };
}

function groupOf(id: number, key: Uint8Array, highest: number) {
  return { id, key: toHex(key), heard: usedUpTo(highest) };
}
