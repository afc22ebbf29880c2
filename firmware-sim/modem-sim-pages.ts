import { transmissionNs } from "../protocol/air/pocsag.ts";
import type { ModemFrame, PagedStatus, PageFrame } from "../protocol/modem/line-frame.ts";
import type { Radio } from "./channel/radio.ts";
import type { Schedule } from "./channel/schedule.ts";
import type { SiteClock } from "./channel/site-clock.ts";

interface Waiting {
  readonly frame: PageFrame;
  readonly earliestNs: bigint;
  readonly latestNs: bigint;
}

export interface PagesOptions {
  readonly radio: Radio;
  readonly schedule: Schedule;
  readonly clock: SiteClock;
  readonly countMax: number;
  readonly send: (frame: ModemFrame) => boolean;
}

/** The one transmitter and the pages that wait for it. */
export interface Pages {
  has(token: number): boolean;
  accept(frame: PageFrame): void;
  /** One not yet started; one on the air goes on, and a token unknown is nothing. */
  cancel(token: number): void;
  /** The host that asked is gone: those not yet started are dropped. */
  forget(): void;
}

export function pages({ radio, schedule, clock, countMax, send }: PagesOptions): Pages {
  const waiting: Waiting[] = [];
  let sending: number | undefined; // the token; 0 when the host that asked for it is gone
  const answer = (token: number, status: PagedStatus, firstPreambleBitAtNs = 0n): void => {
    send({ name: "paged", token, status, firstPreambleBitAtNs });
  };
  const take = (page: Waiting): void => {
    waiting.splice(waiting.indexOf(page), 1);
  };
  const begin = ({ frame }: Waiting): void => {
    const startNs = schedule.nowNs();
    sending = frame.token;
    radio.send({ startNs, bitRate: frame.bitRate, words: frame.words });
    schedule.at(startNs + transmissionNs(frame.words.length, frame.bitRate), () => {
      if (sending !== 0) answer(frame.token, "sent", clock.shown(startNs));
      sending = undefined;
      work();
    });
  };
  const work = (): void => {
    const nowNs = schedule.nowNs();
    for (const page of waiting.filter(({ latestNs }) => latestNs < nowNs)) {
      take(page);
      answer(page.frame.token, "too-late");
    }
    if (sending !== undefined) return;
    const next = waiting
      .filter(({ earliestNs }) => earliestNs <= nowNs)
      .reduce<Waiting | undefined>(
        (first, page) => (first && first.earliestNs <= page.earliestNs ? first : page),
        undefined,
      );
    if (!next) return;
    take(next);
    begin(next);
  };
  return {
    has: (token) => sending === token || waiting.some(({ frame }) => frame.token === token),
    accept(frame) {
      if (waiting.length + (sending === undefined ? 0 : 1) >= countMax) {
        answer(frame.token, "busy");
        return;
      }
      const nowNs = schedule.nowNs();
      const earliestNs = frame.earliestNs === 0n ? nowNs : clock.trueAt(frame.earliestNs);
      const latestNs = clock.trueAt(frame.latestNs);
      if (latestNs < nowNs || latestNs < earliestNs) {
        answer(frame.token, "too-late");
        return;
      }
      waiting.push({ frame, earliestNs, latestNs });
      if (earliestNs > nowNs) schedule.at(earliestNs, work);
      schedule.at(latestNs + 1n, work);
      work();
    },
    cancel(token) {
      const page = waiting.find(({ frame }) => frame.token === token);
      if (!page) return;
      take(page);
      answer(token, "cancelled");
    },
    forget() {
      waiting.length = 0;
      if (sending !== undefined) sending = 0;
    },
  };
}
