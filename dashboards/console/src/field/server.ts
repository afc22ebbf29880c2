import { isStepKind, type LocalStep } from "./steps.ts";
import type { LocalJob, ServerJob } from "./store.ts";

/** The few questions the field app asks; every answer is checked, because it is kept and shown long after. */

export class AwayError extends Error {}
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const asText = (value: unknown): string => (typeof value === "string" ? value : "");
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export async function ask(path: string, init?: RequestInit): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch (cause) {
    throw new AwayError("the server does not answer", { cause });
  }
  if (answer.status >= 500) throw new AwayError(`the server answered ${answer.status}`);
  if (answer.status === 204) return undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  throw new RefusedError(answer.status, asText(asRecord(body)["detail"]) || answer.statusText);
}

/** Who is signed in, and whether they may do field jobs. */
export async function whoIsThere(): Promise<Person> {
  const me = asRecord(await ask("/api/me"));
  return {
    id: asText(me["id"]),
    name: asText(me["name"]),
    mayWork: asList(me["actions"]).includes("jobs:write"),
  };
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly mayWork: boolean;
}

export interface PreCheck {
  readonly serial: string;
  /** The device type in each language. */
  readonly profile: Readonly<Record<string, string>>;
  readonly lifeCycle: string;
  readonly quarantineReason: string | null;
  readonly openJobId: string | null;
}

export async function preCheck(serial: string): Promise<PreCheck> {
  const body = asRecord(await ask(`/api/pre-checks/${encodeURIComponent(serial)}`));
  return {
    serial: asText(body["serial"]),
    profile: await profileLabel(asText(body["profile"])),
    lifeCycle: asText(body["lifeCycle"]),
    quarantineReason: asText(body["quarantineReason"]) || null,
    openJobId: asText(body["openJobId"]) || null,
  };
}

/** What people call a device type; its own name where nobody says. */
const profileLabel = async (name: string): Promise<Label> => labelIn(await profiles(), name);

type Label = Readonly<Record<string, string>>;
type Profiles = readonly Readonly<Record<string, unknown>>[];

const profiles = async (): Promise<Profiles> => asList(await ask("/api/profiles")).map(asRecord);

function labelIn(all: Profiles, name: string): Label {
  const label = asRecord(all.find((profile) => profile["name"] === name)?.["label"]);
  return { en: asText(label["en"]) || name, "zh-CN": asText(label["zh-CN"]) || name };
}

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly more: string;
}

export async function findCustomers(search: string): Promise<readonly Named[]> {
  const query = new URLSearchParams({ limit: "100", ...(search && { search }) });
  const body = asRecord(await ask(`/api/customers?${query.toString()}`));
  return asList(body["items"]).map((item) => {
    const { id, name, number } = asRecord(item);
    return { id: asText(id), name: asText(name), more: asText(number) };
  });
}

export async function assetsOf(customerId: string): Promise<readonly Named[]> {
  const query = new URLSearchParams({ limit: "100", customer: customerId });
  const body = asRecord(await ask(`/api/assets?${query.toString()}`));
  return asList(body["items"]).map((item) => {
    const { id, name, kind } = asRecord(item);
    return { id: asText(id), name: asText(name), more: asText(kind) };
  });
}

const STATES = ["open", "accepted", "failed", "undone"] as const;

export interface JobAnswer {
  readonly server: ServerJob;
  readonly outcomes: ReadonlyMap<string, Pick<LocalStep, "outcome" | "reason">>;
}

const OUTCOMES = ["applied", "waiting", "superseded", "refused"] as const;

export function readJob(value: unknown): JobAnswer {
  const body = asRecord(value);
  const steps = asList(body["steps"]).map(asRecord);
  return {
    server: {
      state: STATES.find((state) => state === body["state"]) ?? "open",
      engineerId: asText(body["engineerId"]),
      profile: asText(body["profile"]) || null,
      address: typeof body["address"] === "number" ? body["address"] : null,
      attached: body["attached"] === true,
      missing: asList(body["missing"]).map(asText),
    },
    outcomes: new Map(
      steps.map((step) => [
        asText(step["id"]),
        {
          outcome: OUTCOMES.find((outcome) => outcome === step["outcome"]),
          reason: asText(step["reason"]) || null,
        },
      ]),
    ),
  };
}

/** The ids of the jobs of whoever is signed in: all that are open, and the last ones whatever became of them. */
export async function myJobIds(): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const which of ["state=open&limit=50", "limit=20"]) {
    const body = asRecord(await ask(`/api/jobs?mine=true&${which}`));
    for (const item of asList(body["items"])) ids.add(asText(asRecord(item)["id"]));
  }
  return ids;
}

/** A job as the phone would hold it, had it been done on it. */
export async function fetchJob(id: string): Promise<LocalJob> {
  const answer = await ask(`/api/jobs/${id}`);
  const body = asRecord(answer);
  const { server, outcomes } = readJob(answer);
  const steps = asList(body["steps"]).flatMap((item): LocalStep[] => {
    const step = asRecord(item);
    const [stepId, kind] = [asText(step["id"]), asText(step["kind"])];
    if (!isStepKind(kind)) return [];
    const data = asRecord(step["data"]);
    const names = {
      customerName: body["customerName"],
      assetName: asRecord(data["asset"])["name"] ?? body["assetName"],
    };
    const told = { id: stepId, kind, at: asText(step["at"]), sent: true };
    return [
      { ...told, data: kind === "bind" ? { ...data, ...names } : data, ...outcomes.get(stepId) },
    ];
  });
  return { id, openedAt: asText(body["openedAt"]), steps, server };
}

export interface MapSource {
  readonly styleUrl: string | null;
  readonly streetsUrl: string | null;
  /** West, south, east, north; degrees. */
  readonly bounds: readonly number[];
}

export async function mapSource(): Promise<MapSource> {
  const map = asRecord(asRecord(await ask("/api/config"))["map"]);
  return {
    styleUrl: asText(map["styleUrl"]) || null,
    streetsUrl: asText(map["streetsUrl"]) || null,
    bounds: asList(map["bounds"]).map((degrees) => asNumber(degrees) ?? 0),
  };
}

export interface WalkTest {
  readonly packets: number;
  readonly twoWayMs: number | undefined;
  readonly verdict: "pass" | "weak" | "fail";
  readonly because: string;
  readonly gateways: readonly {
    readonly gatewayId: string;
    readonly packets: number;
    readonly lastRssiDbm: number | undefined;
    readonly lastSnrDb: number;
    readonly marginDb: number;
  }[];
}

const asNumber = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

export async function walkTest(jobId: string): Promise<WalkTest> {
  const body = asRecord(await ask(`/api/jobs/${jobId}/walk-test`));
  const verdict = body["verdict"];
  return {
    packets: asNumber(body["packets"]) ?? 0,
    twoWayMs: asNumber(body["twoWayMs"]),
    verdict: verdict === "pass" || verdict === "weak" ? verdict : "fail",
    because: asText(body["because"]),
    gateways: asList(body["gateways"]).map((item) => {
      const gateway = asRecord(item);
      return {
        gatewayId: asText(gateway["gatewayId"]),
        packets: asNumber(gateway["packets"]) ?? 0,
        lastRssiDbm: asNumber(gateway["lastRssiDbm"]),
        lastSnrDb: asNumber(gateway["lastSnrDb"]) ?? 0,
        marginDb: asNumber(gateway["marginDb"]) ?? 0,
      };
    }),
  };
}

const SIMULATED_STATES = ["off", "calling", "attached"] as const;
const CASE_BUTTONS = ["attach", "panic", "call"] as const;

/** A simulated terminal as one finds it. */
export interface SimulatedSeen {
  readonly state: (typeof SIMULATED_STATES)[number];
  readonly buttons: readonly (typeof CASE_BUTTONS)[number][];
}

export interface SimulatedStocked {
  readonly serial: string;
  /** The device type in each language. */
  readonly profile: Label;
}

/** Whether the server simulates terminals: nothing is asked of one that does not. */
const simulates = async (): Promise<boolean> =>
  (doesSimulate ??= asRecord(await ask("/api/config"))["simulated"] === true);
let doesSimulate: boolean | undefined;

/** undefined: the terminal is a real one. */
export async function simulatedTerminal(address: number): Promise<SimulatedSeen | undefined> {
  if (!(await simulates())) return undefined;
  try {
    return seenIn(await ask(`/api/simulated-terminals/${address}`));
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

export async function pressSimulated(address: number, button: string): Promise<SimulatedSeen> {
  return seenIn(
    await ask(`/api/simulated-terminals/${address}/presses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ button }),
    }),
  );
}

function seenIn(answer: unknown): SimulatedSeen {
  const body = asRecord(answer);
  const buttons = asList(body["buttons"]);
  return {
    state: SIMULATED_STATES.find((state) => state === body["state"]) ?? "off",
    buttons: CASE_BUTTONS.filter((button) => buttons.includes(button)),
  };
}

/** Those in stock, to be taken for a job; none where all terminals are real. */
export async function simulatedInStock(): Promise<readonly SimulatedStocked[]> {
  if (!(await simulates())) return [];
  const items = asList(asRecord(await ask("/api/simulated-terminals"))["items"]).map(asRecord);
  const all = await profiles();
  return items.map((item) => {
    const profile = asText(item["profile"]);
    return { serial: asText(item["serial"]), profile: labelIn(all, profile) };
  });
}
