import type { SimReport } from "./behaviours/behaviour.ts";

export interface OutgoingReport {
  readonly atMs: number;
  readonly report: SimReport;
}

const KEPT_MAX = 64;

/** What a terminal has still to say: emergencies first, then the oldest. When it is full the oldest routine report goes. */
export class ReportQueue {
  readonly #waiting: OutgoingReport[] = [];
  dropped = 0;

  get size(): number {
    return this.#waiting.length;
  }

  add(report: OutgoingReport): void {
    this.#waiting.push(report);
    if (this.#waiting.length <= KEPT_MAX) return;
    const routine = this.#waiting.findIndex((waiting) => !waiting.report.emergency);
    this.#waiting.splice(Math.max(0, routine), 1);
    this.dropped++;
  }

  take(): OutgoingReport | undefined {
    const emergency = this.#waiting.findIndex((waiting) => waiting.report.emergency);
    return this.#waiting.splice(Math.max(0, emergency), 1)[0];
  }

  hasEmergency(): boolean {
    return this.#waiting.some((waiting) => waiting.report.emergency);
  }
}
