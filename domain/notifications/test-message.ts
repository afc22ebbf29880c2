import type { MachineEvent } from "./channel.ts";
import type { Occasion } from "./occasion.ts";

const TITLE = { en: "This is only a test", "zh-CN": "这只是一条测试消息" } as const;

/** What a person gets who asks for a message to see whether it comes. */
export const testOccasion = (id: string, customerId: string | null, atMs: number): Occasion => ({
  ...{ id: `test-${id}`, kind: "test", alarmId: null, customerId, address: null, assetId: null },
  ...{ severity: "critical", isLifeSafety: false, isDrill: false, title: TITLE, atMs },
});

/** The same for a customer's own system. */
export const testEvent = (id: string, customerId: string | null, atMs: number): MachineEvent => {
  const at = new Date(atMs).toISOString();
  const { kind, alarmId, address, assetId, severity, isDrill, title } = testOccasion(
    id,
    customerId,
    atMs,
  );
  return {
    type: "alarms",
    timestamp: at,
    data: {
      alarms: [
        {
          ...{ notificationId: id, kind, alarmId, customerId, address },
          ...{ assetId, severity, isDrill, title, at },
        },
      ],
    },
  };
};
