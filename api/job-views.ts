import { type Static, Type } from "typebox";
import { NEEDS } from "../domain/provisioning/job.ts";
import type { JobDetail, JobSummary, PreCheck } from "../domain/provisioning/provisioning.ts";
import { STEP_KINDS, WALK_TEST_VERDICTS } from "../domain/provisioning/steps.ts";
import type { WalkTest } from "../domain/provisioning/walk-test.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

const jobSummary = {
  id: Type.String(),
  engineerId: Type.String(),
  engineerName: Type.String(),
  state: Type.Enum(["open", "accepted", "failed", "undone"]),
  address: nullable(Type.Integer()),
  serial: nullable(Type.String()),
  customerName: nullable(Type.String()),
  assetName: nullable(Type.String()),
  openedAt: Time,
  endedAt: nullable(Time),
};
export const JobList = Type.Object({
  items: Type.Array(Type.Object(jobSummary)),
  nextCursor: nullable(Type.String()),
});

export const JobView = Type.Object({
  ...jobSummary,
  profile: nullable(Type.String()),
  lifeCycle: nullable(Type.String()),
  attached: Type.Boolean({
    description: "the network has heard it attach since its button was pressed",
  }),
  missing: Type.Array(Type.Enum([...NEEDS]), {
    description: "what an acceptance still needs, in order",
  }),
  steps: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Enum([...STEP_KINDS]),
      at: Time,
      receivedAt: Time,
      data: Type.Record(Type.String(), Type.Unknown()),
      outcome: Type.Enum(["applied", "waiting", "superseded", "refused"]),
      reason: nullable(Type.String()),
    }),
  ),
});

export const StepsBody = Type.Object({
  steps: Type.Array(
    Type.Object({
      id: Type.String({
        pattern: "^[0-9a-zA-Z-]{8,64}$",
        description: "the phone's own id of this step",
      }),
      kind: Type.Enum([...STEP_KINDS]),
      at: Type.String({
        maxLength: 40,
        description: "when it was done, ISO 8601, by the phone's clock",
      }),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
    { minItems: 1, maxItems: 100 },
  ),
});

export const PreCheckView = Type.Object({
  address: Type.Integer(),
  serial: Type.String(),
  profile: Type.String(),
  lifeCycle: Type.String(),
  hardwareVersion: nullable(Type.Integer()),
  firmwareVersion: nullable(Type.Integer()),
  quarantineReason: nullable(Type.String()),
  openJobId: nullable(Type.String()),
});

export const WalkTestView = Type.Object({
  packets: Type.Integer(),
  twoWayMs: nullable(
    Type.Integer({
      description: "attach to first packet under the new session, through a page; ms",
    }),
  ),
  verdict: Type.Enum([...WALK_TEST_VERDICTS]),
  because: Type.Enum(["no-answer", "not-heard", "one-gateway", "thin-margin", "good"]),
  gateways: Type.Array(
    Type.Object({
      gatewayId: Type.String(),
      packets: Type.Integer(),
      lastRssiDbm: nullable(Type.Number()),
      lastSnrDb: Type.Number(),
      bestSnrDb: Type.Number(),
      marginDb: Type.Number({ description: "of the median packet above what a header needs; dB" }),
      lastAt: Time,
    }),
  ),
});

const iso = (ms: number): string => new Date(ms).toISOString();

export const jobSummaryView = (job: JobSummary) => ({
  id: job.id,
  engineerId: job.engineerId,
  engineerName: job.engineerName,
  state: job.state,
  address: job.address,
  serial: job.serial,
  customerName: job.customerName,
  assetName: job.assetName,
  openedAt: iso(job.openedAtMs),
  endedAt: job.endedAtMs === null ? null : iso(job.endedAtMs),
});

export function jobView(detail: JobDetail): Static<typeof JobView> {
  const { profile, lifeCycle, attached, missing, steps } = detail;
  return {
    ...jobSummaryView(detail),
    profile,
    lifeCycle,
    attached,
    missing: [...missing],
    steps: steps.map(({ id, kind, atMs, receivedAtMs, data, outcome }) => ({
      id,
      kind,
      at: iso(atMs),
      receivedAt: iso(receivedAtMs),
      data: { ...data },
      outcome: outcome.outcome,
      reason: "reason" in outcome ? outcome.reason : null,
    })),
  };
}

export const preCheckView = (check: PreCheck): Static<typeof PreCheckView> => ({ ...check });

export const walkTestView = ({ gateways, twoWayMs, ...test }: WalkTest) => ({
  ...test,
  twoWayMs: twoWayMs === undefined ? null : Math.round(twoWayMs),
  gateways: gateways.map(({ lastAtMs, ...bar }) => ({ ...bar, lastAt: iso(lastAtMs) })),
});
