import type { AssetKind } from "../devices/assets.ts";
import { DEMO_USERS } from "../identity/first-users.ts";
import type { Provisioning } from "../provisioning/provisioning.ts";
import type { Step } from "../provisioning/steps.ts";
import { LIFTS, WATER } from "./demo-customers.ts";

/** What the demonstration's engineer has to do: where something is to be fitted is known, with which terminal is not. */

export interface DemoJobsDeps {
  readonly provisioning: Pick<Provisioning, "find" | "take">;
  /** Ids of customers by their numbers. */
  readonly customers: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

interface Fitting {
  readonly id: string;
  /** The customer's number. */
  readonly owner: string;
  readonly asset: { readonly kind: AssetKind; readonly name: string };
  readonly latitude: number;
  readonly longitude: number;
  readonly note: string;
}

const FITTINGS: readonly Fitting[] = [
  {
    ...{ id: "demo-job-well", owner: WATER },
    asset: { kind: "well", name: "Well Century Park West 世纪公园西" },
    ...{ latitude: 31.2192, longitude: 121.5468 },
    note: "A groundwater terminal from the stock. 从库存取一台地下水终端。",
  },
  {
    ...{ id: "demo-job-elevator", owner: LIFTS },
    asset: { kind: "elevator", name: "Elevator Tower E 五号楼电梯" },
    ...{ latitude: 31.2334, longitude: 121.4762 },
    note: "An elevator terminal from the stock, in the machine room. 从库存取一台电梯终端，装在机房。",
  },
];

/** Opens each of them once; what became of it since stays. */
export async function ensureDemoJobs(deps: DemoJobsDeps): Promise<void> {
  const { provisioning, customers, nowMs } = deps;
  const engineer = DEMO_USERS.find(({ role }) => role === "engineer");
  if (engineer === undefined) return;
  const actor = { kind: "user", id: engineer.id, name: engineer.name } as const;
  for (const fitting of FITTINGS) {
    const { id, owner } = fitting;
    const customerId = customers.get(owner);
    if (customerId === undefined || (await provisioning.find(id)) !== undefined) continue;
    await provisioning.take(id, stepsOf(fitting, { customerId, atMs: nowMs }), {
      ...{ actor, atMs: nowMs, reason: "Demonstration" },
    });
  }
}

function stepsOf(
  { id, asset, latitude, longitude, note }: Fitting,
  { customerId, atMs }: { readonly customerId: string; readonly atMs: number },
): readonly Step[] {
  return [
    { id: `${id}-bind`, kind: "bind", atMs, data: { customerId, asset } },
    { id: `${id}-place`, kind: "place", atMs, data: { latitude, longitude } },
    { id: `${id}-note`, kind: "note", atMs, data: { text: note } },
  ];
}
