import { type Static, type TSchema, Type } from "typebox";
import { LANGUAGES } from "../domain/notifications/occasion.ts";
import {
  ENTRY_KINDS,
  type RecoveryDetail,
  type RecoveryLink,
  type RecoveryPack,
  type RecoverySummary,
} from "../domain/recovery/recoveries.ts";
import { LINK_STATES, RECOVERY_STATES } from "../domain/recovery/recovery.ts";
import type { RecoveryTrack, TrackPoint } from "../domain/recovery/track.ts";
import { CommandDetailView, commandDetailView } from "./command-views.ts";
import { Address } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const RecoveryStateView = Type.Enum([...RECOVERY_STATES]);

export const RecoveryView = Type.Object({
  id: Type.String(),
  state: RecoveryStateView,
  address: Address,
  serial: Type.String(),
  profile: Type.String(),
  assetId: Type.String(),
  vehicle: Type.Object({
    name: Type.String(),
    plate: nullable(Type.String()),
    vin: nullable(Type.String()),
  }),
  customerId: Type.String(),
  customerName: nullable(Type.String()),
  isHeld: Type.Boolean({ description: "the terminal is still in that customer's vehicle" }),
  stolenAt: Time,
  openedAt: Time,
  recoveredAt: nullable(Time),
  closedAt: nullable(Time),
  result: nullable(Type.String()),
  interval: nullable(
    Type.Object({
      beforeS: Type.Integer({ description: "as it was, and will be once the case is closed" }),
      shortS: Type.Integer(),
    }),
  ),
  intervalCommandId: nullable(Type.String({ description: "the last command that told it" })),
  intervalProblem: nullable(Type.String({ description: "why it could not be told" })),
  version: Type.Integer(),
});

export const LinkView = Type.Object({
  id: Type.String(),
  label: Type.String({ description: "for whom it is" }),
  state: Type.Enum([...LINK_STATES]),
  madeAt: Time,
  expiresAt: Time,
  revokedAt: nullable(Time),
  readings: Type.Array(
    Type.Object({
      ip: Type.String(),
      firstAt: Time,
      lastAt: Time,
      requests: Type.Integer(),
    }),
    { description: "one for each address that looked without a pause of ten minutes" },
  ),
});

export const PackView = Type.Object({
  id: Type.String(),
  madeAt: Time,
  language: Type.Enum([...LANGUAGES]),
  bytes: Type.Integer(),
});

export const RecoveryDetailView = Type.Object({
  ...RecoveryView.properties,
  entries: Type.Array(
    Type.Object({
      at: Time,
      kind: Type.Enum([...ENTRY_KINDS]),
      who: nullable(Type.String()),
      whoName: nullable(Type.String()),
      text: Type.String(),
    }),
  ),
  links: Type.Array(LinkView),
  packs: Type.Array(PackView),
  commands: Type.Array(CommandDetailView),
  moreCommands: Type.Boolean({ description: "there were more: the newest are given" }),
  openStops: Type.Array(Type.String(), {
    description: "ids of the dangerous commands that may still take effect, drills left out",
  }),
});

const Ellipse = {
  majorM: Type.Number({ description: "half axes of the ellipse that it is in" }),
  minorM: Type.Number(),
  bearingDeg: Type.Number({ description: "of the longer axis, clockwise from north" }),
};

export const RecoveryTrackView = Type.Object({
  points: Type.Array(
    Type.Object({
      time: Time,
      latitude: Type.Number(),
      longitude: Type.Number(),
      source: Type.Enum(["terminal", "network", "signal"]),
      accuracyM: nullable(
        Type.Number({ description: "from HDOP; of the network: the longer half axis" }),
      ),
      ellipse: nullable(Type.Object(Ellipse)),
      gateways: nullable(Type.Integer()),
      speedKmh: nullable(Type.Number()),
      heading: nullable(Type.Number()),
      filtered: nullable(
        Type.Object(
          { latitude: Type.Number(), longitude: Type.Number(), ...Ellipse },
          { description: "the same place with what was found before it in mind" },
        ),
      ),
    }),
  ),
  rejected: Type.Integer({ description: "fixes that no vehicle can have" }),
  truncated: Type.Boolean({ description: "there were more: the newest are given" }),
});

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const recoveryView = (one: RecoverySummary): Static<typeof RecoveryView> => ({
  ...one,
  stolenAt: iso(one.stolenAtMs),
  openedAt: iso(one.openedAtMs),
  recoveredAt: isoOrNull(one.recoveredAtMs),
  closedAt: isoOrNull(one.closedAtMs),
});

export const linkView = (link: RecoveryLink): Static<typeof LinkView> => ({
  ...link,
  madeAt: link.madeAt.toISOString(),
  expiresAt: link.expiresAt.toISOString(),
  revokedAt: link.revokedAt?.toISOString() ?? null,
  readings: link.readings.map((reading) => ({
    ...reading,
    firstAt: reading.firstAt.toISOString(),
    lastAt: reading.lastAt.toISOString(),
  })),
});

export const packView = (pack: RecoveryPack): Static<typeof PackView> => ({
  ...pack,
  madeAt: pack.madeAt.toISOString(),
});

export const recoveryDetailView = (one: RecoveryDetail): Static<typeof RecoveryDetailView> => ({
  ...recoveryView(one),
  entries: one.entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
  links: one.links.map(linkView),
  packs: one.packs.map(packView),
  commands: one.commands.map(commandDetailView),
  moreCommands: one.moreCommands,
  openStops: [...one.openStops],
});

const pointView = ({ atMs, ...point }: TrackPoint) => ({ ...point, time: iso(atMs) });

export const recoveryTrackView = ({
  points,
  ...track
}: RecoveryTrack): Static<typeof RecoveryTrackView> => ({
  ...track,
  points: points.map(pointView),
});
