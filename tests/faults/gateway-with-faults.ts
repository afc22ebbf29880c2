import { appendFileSync } from "node:fs";
import { parseConfig } from "../../base/config.ts";
import { runProcess } from "../../base/run-process.ts";
import type { Backhaul } from "../../gateway/backhaul.ts";
import type { Outbox } from "../../gateway/outbox.ts";
import { GatewayConfig, startGateway } from "../../gateway/start-gateway.ts";
import { hex } from "../hex.ts";
import { faultPointOf } from "./fault-points.ts";
import { clockOf } from "./scaled-clock.ts";
import { TAKEN_LOG, type TakenLine } from "./taken-log.ts";

// The gateway process as it is, with a clock that runs fast, a log of what it took, and a step at which it may die.

const ALL = 1_000_000_000;

await runProcess("gateway", async (log) => {
  const config = parseConfig(GatewayConfig, process.env);
  const faultPoint = faultPointOf(process.env);
  const file = process.env[TAKEN_LOG] ?? "";
  const note = (line: TakenLine): void => {
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };

  const outbox = (real: Outbox): Outbox => {
    // what was inserted by a process that died before it could say so
    for (const { sequence, record } of real.after(0n, ALL)) {
      note({ outbox: real.id, sequence: String(sequence), record: hex(record) });
    }
    return {
      ...real,
      add(record) {
        faultPoint("before-outbox");
        const sequence = real.add(record);
        if (sequence === undefined) return undefined;
        faultPoint("in-outbox");
        note({ outbox: real.id, sequence: String(sequence), record: hex(record) });
        return sequence;
      },
      remove(first, last) {
        faultPoint("before-forgetting");
        const removed = real.remove(first, last);
        faultPoint("forgotten");
        return removed;
      },
    };
  };
  const backhaul = (real: Backhaul): Backhaul => ({
    async connect(events) {
      const connection = await real.connect({
        ...events,
        page(message) {
          faultPoint("page-came");
          events.page(message);
          faultPoint("page-queued");
        },
      });
      return {
        ...connection,
        async uplink(partition, message) {
          faultPoint("publishing");
          await connection.uplink(partition, message);
          faultPoint("published");
        },
        async paged(message) {
          faultPoint("telling-paged");
          await connection.paged(message);
          faultPoint("told-paged");
        },
      };
    },
  });
  return startGateway(config, log, { clock: clockOf(process.env), watched: { outbox, backhaul } });
});
