import type { Random } from "../base/random.ts";
import { randomInteger } from "../base/random.ts";
import type { Profile } from "../domain/devices/profile.ts";
import {
  CASE_BUTTONS,
  type CaseButton,
  type SimulatedState,
  type SimulatedTerminal,
} from "../domain/devices/simulated-terminal.ts";
import type { LrFhssSettings } from "../protocol/air/lr-fhss.ts";
import { encodeFrame, type LrFhssFrame } from "../protocol/air/lr-fhss-encode.ts";
import type { ReceivedPocsagPage } from "../protocol/air/pocsag.ts";
import { PAGE_RESULTS } from "../protocol/packet/packet.ts";
import { groupRic, individualRic } from "../protocol/packet/page.ts";
import { pageFromPocsag } from "../protocol/packet/page-symbols.ts";
import type { Behaviour } from "./behaviours/behaviour.ts";
import type { Schedule } from "./channel/schedule.ts";
import type { SimTerminal } from "./fleet.ts";
import type { PageHeard } from "./page-heard.ts";
import { type OutgoingReport, ReportQueue } from "./report-queue.ts";
import { encodeSimReport, readCommand } from "./reports.ts";
import type { SentPacket } from "./sent-packet.ts";
import {
  mustAttach,
  mustSave,
  type SealedPacket,
  sealAcknowledgement,
  sealEmergency,
  sealLinkTest,
  sealReport,
  startAttach,
  type TerminalLink,
} from "./terminal-link.ts";
import { answerWindow } from "./terminal-link-answers.ts";
import {
  type HeardCommand,
  type HeardPage,
  hearPage,
  type LinkAnswer,
} from "./terminal-link-pages.ts";
import { AttachTimer, Confirmation } from "./terminal-waits.ts";

export interface TerminalOptions {
  readonly terminal: SimTerminal;
  readonly profile: Profile;
  readonly behaviour: Behaviour;
  /** As restored after a power loss. */
  readonly link: TerminalLink;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly channel: Pick<LrFhssSettings, "syncWord" | "grid" | "bandwidth">;
  /** When it first comes on the air. */
  readonly firstMs: number;
  /** The simulation catches up with the wall clock: what is sent now would be sent in the past. */
  readonly isAsleep: () => boolean;
  /** New from its box: it is silent until its button is pressed. One that has a session is past that. */
  readonly waitsForButton: boolean;
  send(packet: SentPacket, frame: LrFhssFrame): void;
  heard(page: PageHeard): void;
  save(link: TerminalLink): void;
}

const CODING_RATE_ROBUST = 3;
const HEADER_COUNT_ROBUST = 3;
const HOP_SEQUENCES = 384;
const DEVICE_OFFSETS = 8;
const MS = 1_000_000n;
const BIT_MS = 2.048;
const TICK_MS = 1_000;
const TURN_ROUND_MS = 250;
const LINK_CHECK_MS = 20 * 60_000;
const UNANSWERED_MAX = 2;
const ANSWER_SPREAD_NS = 800_000_000;
const ANSWER_DELAY_NS = 100_000_000n;

/** One terminal: what its thing reports, through its link, on the air. */
export class Terminal implements SimulatedTerminal {
  readonly address: number;
  readonly serial: string;
  readonly queue = new ReportQueue();
  readonly #options: TerminalOptions;
  readonly #powerDbm: number;
  readonly #attach: AttachTimer;
  #link: TerminalLink;
  #saved: TerminalLink;
  #confirmation: Confirmation | undefined;
  #freeMs: number;
  #unanswered = 0;
  #waitsForButton: boolean;
  #isPressed = false;
  #nextLinkCheckMs: number;

  constructor(options: TerminalOptions) {
    const { random, firstMs, link, terminal } = options;
    this.address = terminal.address;
    this.serial = terminal.serial;
    this.#options = options;
    this.#powerDbm = terminal.profile === "vehicle" || random.next() < 0.5 ? 22 : 14;
    this.#attach = new AttachTimer(random);
    this.#link = this.#saved = link;
    this.#waitsForButton = options.waitsForButton && mustAttach(link);
    this.#freeMs = firstMs;
    this.#nextLinkCheckMs = firstMs + random.next() * LINK_CHECK_MS;
    if (!mustAttach(link)) {
      options.schedule.at(BigInt(Math.round(firstMs)) * MS, () => {
        this.#reportNow();
      });
    }
    this.#tick();
  }

  get link(): TerminalLink {
    return this.#link;
  }

  get latitude(): number {
    return this.#options.behaviour.place().latitude;
  }

  get longitude(): number {
    return this.#options.behaviour.place().longitude;
  }

  get isAttached(): boolean {
    return this.#link.session !== null;
  }

  get state(): SimulatedState {
    if (this.#waitsForButton) return "off";
    return this.#isPressed || this.#link.isAttaching || !this.isAttached ? "calling" : "attached";
  }

  get buttons(): readonly CaseButton[] {
    if (this.#waitsForButton) return ["attach"];
    const alarms = this.#options.behaviour.buttons;
    return CASE_BUTTONS.filter((name) => name === "attach" || alarms[name] !== undefined);
  }

  press(button: CaseButton = "attach"): void {
    if (button === "attach") this.#call();
    else if (!this.#waitsForButton) this.#options.behaviour.buttons[button]?.();
  }

  /** It calls the network as soon as it may send, also when it has a session. */
  #call(): void {
    this.#waitsForButton = false;
    this.#isPressed = true;
    this.#attach.reset();
  }

  memory = () => this.#options.behaviour.memory();

  listensTo(ric: number): boolean {
    if (ric === individualRic(this.address)) return true;
    return this.#link.groups.some((group) => groupRic(group.id) === ric);
  }

  /** The messages of a transmission as this terminal could decode them, when its last bit has ended. */
  hear(messages: readonly ReceivedPocsagPage[]): void {
    for (const message of messages) {
      if (!this.listensTo(message.ric)) continue;
      const page = pageFromPocsag(message);
      if (!page.ok) continue;
      const heard = hearPage(this.#link, { ric: message.ric, bytes: page.bytes }, (command) =>
        this.#resultOf(command),
      );
      this.#keep(heard.next);
      this.#options.heard({
        ...{ address: this.address, effect: heard.effect },
        counter: "counter" in heard ? heard.counter : undefined,
        command: "command" in heard ? heard.command : undefined,
        session: heard.next.session?.networkNonce,
      });
      this.#act(heard);
    }
  }

  #nowMs(): number {
    return Number(this.#options.schedule.nowNs() / MS);
  }

  #tick(): void {
    const { behaviour, schedule, isAsleep } = this.#options;
    const nowMs = this.#nowMs();
    for (const told of behaviour.liveTo(nowMs)) {
      if (this.#isKept(told)) this.queue.add(told);
    }
    if (nowMs >= this.#freeMs && behaviour.covered() && !isAsleep()) this.#work(nowMs);
    const isWaiting = this.queue.size > 0 || this.#confirmation || !this.isAttached;
    const soonMs = isWaiting ? TICK_MS / 2 : TICK_MS;
    const nextMs = Math.min(Math.max(behaviour.nextMs(), nowMs + soonMs), nowMs + 5 * TICK_MS);
    schedule.at(BigInt(Math.round(nextMs)) * MS, () => {
      this.#tick();
    });
  }

  #isKept({ report }: OutgoingReport): boolean {
    if (this.#waitsForButton) return false;
    return report.emergency === true || (this.isAttached && !this.#options.isAsleep());
  }

  #work(nowMs: number): void {
    if (this.#waitsForButton) return;
    if (this.#isPressed) {
      this.#isPressed = false;
      this.#sendAttach();
    } else if (this.#link.isAttaching ? this.#attach.isDue(nowMs) : mustAttach(this.#link)) {
      this.#sendAttach();
    } else if (!this.isAttached || this.#attach.isListening(nowMs)) {
      return; // whoever sends hears no page
    } else if (this.#confirmation && !this.queue.hasEmergency()) {
      this.#awaitAnswer(this.#confirmation, nowMs);
    } else {
      const report = this.queue.take();
      if (report) this.#sendReport(report, nowMs);
    }
  }

  #sendAttach(): void {
    const { hardwareVersion, firmwareVersion } = this.#options.terminal;
    const { number: profileNumber } = this.#options.profile;
    const attach = { profileNumber, hardwareVersion, firmwareVersion, batteryPercent: MAINS };
    const { next, bytes } = startAttach(this.#link, attach);
    this.#keep(next);
    const endMs = this.#transmit({
      ...PLAIN,
      type: "attach",
      session: 0,
      counter: next.attachNonce,
      bytes,
    });
    this.#attach.sent(endMs);
  }

  #sendReport({ atMs, report }: OutgoingReport, nowMs: number): void {
    const { profile } = this.#options;
    const ageS = (nowMs - atMs) / 1000;
    const { plaintext, reportNumber, values } = encodeSimReport(profile, report, ageS);
    const isLinkCheck = nowMs >= this.#nextLinkCheckMs;
    if (isLinkCheck) this.#nextLinkCheckMs = nowMs + LINK_CHECK_MS;
    const type = report.emergency ? "emergency" : "report";
    const confirm = isLinkCheck || report.confirm === true;
    const seal = report.emergency ? sealEmergency : sealReport;
    const sealed = seal(this.#link, plaintext, { confirm, drill: report.drill === true });
    if (!sealed) return; // attaches first and reports again later
    const packet = this.#packet(sealed, { type, confirm, plaintext });
    const sent = {
      ...packet,
      report: { name: report.name, number: reportNumber, measuredAtMs: atMs, values },
    };
    const endMs = this.#transmit(sent);
    if (confirm || report.emergency) this.#confirmation = new Confirmation(sent, endMs);
  }

  #awaitAnswer(confirmation: Confirmation, nowMs: number): void {
    const verdict = confirmation.check(nowMs);
    if (verdict === "resend") {
      const endMs = this.#transmit({ ...confirmation.packet, isResend: true });
      confirmation.resent(endMs);
    } else if (verdict === "given-up") {
      this.#confirmation = undefined;
      this.#unanswered += 1;
      if (this.#unanswered < UNANSWERED_MAX) return;
      this.#unanswered = 0;
      this.#sendAttach(); // perhaps the network has forgotten the session
    }
  }

  #resultOf(command: HeardCommand): number {
    const decision = this.#decide(command);
    return PAGE_RESULTS.indexOf(typeof decision === "function" ? "done" : decision);
  }

  #decide({ number, arguments: bytes, drill }: HeardCommand) {
    const command = readCommand(this.#options.profile, number, bytes);
    if (!command) return "unsupported";
    if (!command.values) return "rejected";
    return this.#options.behaviour.decide(command.name, command.values, drill);
  }

  #act(heard: HeardPage): void {
    switch (heard.effect) {
      case "ignored":
        return;
      case "attached":
        this.#attached();
        return;
      case "takes-acknowledgement":
        if (this.#confirmation?.packet.counter !== heard.acknowledgedCounter) return;
        this.#confirmation = undefined;
        this.#unanswered = 0;
        return;
      case "acts": {
        const decision = this.#decide(heard.command);
        if (typeof decision === "function") decision();
        break;
      }
      case "repeats-result":
      case "sets-clock":
        break;
    }
    if (heard.answer) this.#answerLater(heard.answer, "command" in heard && heard.command.drill);
  }

  #attached(): void {
    this.#attach.reset();
    this.#confirmation = undefined;
    const { reportIntervalS } = this.#link;
    this.#options.behaviour.reportEvery(reportIntervalS);
    const sealed = sealLinkTest(this.#link);
    if (sealed) this.#transmit(this.#packet(sealed, { ...PLAIN, type: "link-test" }));
    this.#reportNow();
  }

  #reportNow(): void {
    const { behaviour } = this.#options;
    this.queue.add({ atMs: this.#nowMs(), report: behaviour.now() });
  }

  #answerLater(answer: LinkAnswer, isDrill: boolean): void {
    const { schedule, random } = this.#options;
    const window = answerWindow(schedule.nowNs(), this.address, answer.slots);
    const spreadNs = BigInt(Math.floor(random.next() * ANSWER_SPREAD_NS));
    schedule.at(window.earliestNs + ANSWER_DELAY_NS + spreadNs, () => {
      if (this.#nowMs() < this.#freeMs) return; // sending already; the network asks again
      const sealed = sealAcknowledgement(this.#link, answer, isDrill);
      if (sealed) this.#transmit(this.#packet(sealed, { ...PLAIN, type: "acknowledgement" }));
    });
  }

  #packet(
    { next, bytes, counter }: SealedPacket,
    what: Pick<SentPacket, "type" | "confirm" | "plaintext">,
  ): UnsentPacket {
    this.#keep(next);
    const session = next.session?.networkNonce ?? 0;
    return { ...what, bytes, counter, session, isResend: false };
  }

  /** Puts the packet on the air now; answers when it ends. */
  #transmit(packet: UnsentPacket): number {
    const { random, schedule, channel, behaviour } = this.#options;
    const frame = encodeFrame(
      {
        ...channel,
        codingRate: CODING_RATE_ROBUST,
        headerCount: HEADER_COUNT_ROBUST,
        hopping: true,
        hopSequenceId: randomInteger(random, HOP_SEQUENCES),
        deviceOffset: randomInteger(random, DEVICE_OFFSETS) - DEVICE_OFFSETS / 2,
      },
      packet.bytes,
    );
    const { latitude, longitude } = behaviour.place();
    const startNs = schedule.nowNs();
    const endMs = Number(startNs / MS) + frame.bits.length * BIT_MS;
    this.#freeMs = endMs + TURN_ROUND_MS;
    const { address } = this;
    const powerDbm = this.#powerDbm;
    this.#options.send({ ...packet, address, startNs, latitude, longitude, powerDbm }, frame);
    return endMs;
  }

  /** Lasting storage first, the rest of the terminal after it. */
  #keep(next: TerminalLink): void {
    if (mustSave(this.#saved, next)) {
      this.#options.save(next);
      this.#saved = next;
    }
    this.#link = next;
  }
}

type UnsentPacket = Omit<SentPacket, "address" | "startNs" | "latitude" | "longitude" | "powerDbm">;

const MAINS = 255;
const PLAIN = { confirm: false, isResend: false, plaintext: new Uint8Array() } as const;
