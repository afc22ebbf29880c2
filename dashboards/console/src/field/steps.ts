/** What an engineer does, as the phone keeps it until the server has it. Pure. */

const STEP_KINDS = [
  "claim",
  "bind",
  "place",
  "attach",
  "walk-test",
  "result",
  "photo",
  "note",
  "signature",
  "accept",
  "undo",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];
export const isStepKind = (kind: string): kind is StepKind =>
  STEP_KINDS.some((known) => known === kind);
const VERDICTS = ["pass", "weak", "fail"] as const;
export type WalkVerdict = (typeof VERDICTS)[number];

export interface LocalStep {
  readonly id: string;
  readonly kind: StepKind;
  /** ISO 8601, by the phone's clock. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sent: boolean;
  readonly outcome?: "applied" | "waiting" | "superseded" | "refused" | undefined;
  readonly reason?: string | null | undefined;
}

export interface Told {
  readonly serial: string | undefined;
  readonly customerId: string | undefined;
  readonly customerName: string | undefined;
  readonly assetName: string | undefined;
  readonly place: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly attach: boolean;
  readonly walkTest: boolean;
  readonly verdict: WalkVerdict | undefined;
  readonly photos: number;
  readonly notes: readonly string[];
  readonly signedBy: string | undefined;
  readonly accepted: string | undefined;
  readonly undone: boolean;
}

/** The steps that hold, in the order in which they were done. */
export function holding(steps: readonly LocalStep[]): readonly LocalStep[] {
  return steps
    .filter(({ outcome }) => outcome !== "refused" && outcome !== "superseded")
    .toSorted((a, b) => (a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1));
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** What the job says so far. */
export function tell(steps: readonly LocalStep[]): Told {
  const held = holding(steps);
  const last = (kind: StepKind) => held.findLast((step) => step.kind === kind)?.data;
  const bind = last("bind");
  const place = last("place");
  return {
    serial: text(last("claim")?.["serial"]),
    customerId: text(bind?.["customerId"]),
    customerName: text(bind?.["customerName"]),
    assetName: text(bind?.["assetName"]),
    place: place && { latitude: Number(place["latitude"]), longitude: Number(place["longitude"]) },
    attach: last("attach") !== undefined,
    walkTest: last("walk-test") !== undefined,
    verdict: VERDICTS.find((verdict) => verdict === last("result")?.["verdict"]),
    photos: held.filter(({ kind }) => kind === "photo").length,
    notes: held.flatMap(({ kind, data }) => (kind === "note" ? [text(data["text"]) ?? ""] : [])),
    signedBy: text(last("signature")?.["name"]),
    accepted: text(last("accept")?.["serviceFrom"]),
    undone: last("undo") !== undefined,
  };
}

export type Need = "claim" | "bind" | "place" | "attach" | "result";

/** What an acceptance still needs, as far as the phone knows. */
export function missing(told: Told): readonly Need[] {
  const needs: readonly (readonly [Need, boolean])[] = [
    ["claim", told.serial !== undefined],
    ["bind", told.customerId !== undefined],
    ["place", told.place !== undefined],
    ["attach", told.attach],
    ["result", told.verdict !== undefined && told.verdict !== "fail"],
  ];
  return needs.filter(([, there]) => !there).map(([need]) => need);
}

const KIND_OF_PROFILE: Readonly<Record<string, string>> = {
  streetlight: "lamp-pole",
  groundwater: "well",
  "home-alarm": "dwelling",
  payment: "payment-point",
};

/** What a terminal of this device type is most likely fixed to; only a first choice. */
export const assetKindFor = (profile: string | null | undefined): string =>
  profile ? (KIND_OF_PROFILE[profile] ?? profile) : "vehicle";

/** The serial in what a label says: the bare serial, or an address that ends in it or asks for it. */
export function serialIn(label: string): string | undefined {
  const said = label.trim();
  if (/^https?:\/\//i.test(said) && URL.canParse(said)) {
    const url = new URL(said);
    const asked = url.searchParams.get("serial") ?? url.pathname.split("/").findLast(Boolean);
    return asked === undefined ? undefined : serialIn(decodeURIComponent(asked));
  }
  return /^[\w./:-]{1,64}$/.test(said) ? said : undefined;
}

/** What the server is told of a step: names for people stay on the phone. */
export function wireData({ kind, data }: LocalStep): Readonly<Record<string, unknown>> {
  if (kind !== "bind") return data;
  const { customerId, asset } = data;
  return { customerId, asset };
}
