import { type Static, Type } from "typebox";
import type { KeptProof } from "../domain/billing/service-credits.ts";
import type { ProofCounts, Stretch } from "../domain/billing/service-proof.ts";
import type { AnsweredProof } from "../domain/billing/service-proofs.ts";
import { Day, Id, nullable, Time } from "./billing-views.ts";
import { Address } from "./views.ts";

const counts = {
  expected: Type.Integer({ description: "received and missing ones; not those that are excluded" }),
  received: Type.Integer({ description: "turns of its rhythm in which it was heard" }),
  reports: Type.Integer({ description: "all that came, each once" }),
  late: Type.Integer({ description: "of them, those that reached us afterwards" }),
  missing: Type.Object(
    {
      ...{ "gateway-deaf": Type.Integer(), "backhaul-down": Type.Integer() },
      ...{ jammed: Type.Integer(), "terminal-dead": Type.Integer() },
    },
    { description: "by cause; the first two are ours" },
  ),
  excluded: Type.Object({
    suspended: Type.Integer(),
    paused: Type.Integer(),
    maintenance: Type.Integer(),
  }),
};
const TimeStretch = Type.Object({ from: Time, to: Time });
export const BasisPoints = Type.Integer({ description: "hundredths of a per cent" });

const proof = {
  address: Address,
  customerId: Id,
  timeZone: Type.String(),
  held: { ...TimeStretch, description: "the part of the month in which it was this customer's" },
  rhythmS: nullable(
    Type.Integer({
      description: "its usual pause; null: it was hardly heard, nothing is expected",
    }),
  ),
  target: nullable({ ...BasisPoints, description: "that its plan promises" }),
  availability: nullable({ ...BasisPoints, description: "expected reports not lost by us" }),
  longestGap: nullable(TimeStretch),
  total: Type.Object(counts),
  days: Type.Array(Type.Object({ day: Day, ...counts })),
};
export const KeptProofView = Type.Object(proof);
export const ServiceProofView = Type.Object({
  ...proof,
  terminalName: nullable(
    Type.String({ description: "null: it is another's by now, who has named it" }),
  ),
  assetName: Type.String(),
  alerts: Type.Object(
    {
      count: Type.Integer(),
      ...{ medianMs: nullable(Type.Integer()), slowestMs: nullable(Type.Integer()) },
    },
    { description: "from the packet that raised an alarm to its notification in the queue" },
  ),
  commands: Type.Object(
    { ended: Type.Integer(), onTime: Type.Integer() },
    { description: "those that were approved and not taken back; done before they expired" },
  ),
});

const timesOf = ({ fromMs, toMs }: Stretch): Static<typeof TimeStretch> => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

const countsOf = ({ missing, excluded, ...rest }: ProofCounts) => ({
  ...rest,
  missing: { ...missing },
  excluded: { ...excluded },
});

export const keptProofView = ({ rhythmMs, ...one }: KeptProof): Static<typeof KeptProofView> => ({
  ...one,
  rhythmS: rhythmMs === null ? null : rhythmMs / 1_000,
  held: timesOf(one.held),
  longestGap: one.longestGap && timesOf(one.longestGap),
  total: countsOf(one.total),
  days: one.days.map(({ day, ...rest }) => ({ day, ...countsOf(rest) })),
});

export const serviceProofView = ({
  terminalName,
  assetName,
  alerts,
  commands,
  ...one
}: AnsweredProof): Static<typeof ServiceProofView> => ({
  ...keptProofView(one),
  ...{ terminalName, assetName, alerts: { ...alerts }, commands: { ...commands } },
});
