import { type Static, Type } from "typebox";
import { ASSET_KINDS, type Asset } from "../domain/devices/assets.ts";
import type { Assignment, AssignmentDetail } from "../domain/devices/assignments.ts";
import { Reason } from "./http/caller.ts";
import { isoTime, isoTimeOrNull, TimeParameter } from "./http/query.ts";
import { Address, page, totals } from "./views.ts";

const Time = Type.String({ format: "date-time" });
const NullableTime = Type.Union([Time, Type.Null()]);
const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

export const AssetView = Type.Object({
  id: Type.String(),
  customerId: Type.String(),
  customerName: NullableText,
  kind: Type.String(),
  name: Type.String(),
  plate: NullableText,
  vin: NullableText,
  siteId: NullableText,
  latitude: NullableNumber,
  longitude: NullableNumber,
  note: Type.String(),
  createdAt: Time,
  retiredAt: NullableTime,
  version: Type.Integer(),
  terminals: Type.Array(
    Type.Object({
      address: Address,
      serial: Type.String(),
      name: Type.String(),
      profile: Type.String(),
    }),
    { description: "those on it now" },
  ),
});
export type AssetView = Static<typeof AssetView>;

export const AssetList = Type.Object({
  ...page(AssetView).properties,
  ...totals,
});

const text = (maxLength: number) =>
  Type.Union([Type.String({ minLength: 1, maxLength }), Type.Null()]);
/** What may be said of an asset, and said anew later. */
const facts = {
  plate: Type.Optional(text(20)),
  vin: Type.Optional(text(30)),
  siteId: Type.Optional(text(64)),
  latitude: Type.Optional(Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()])),
  longitude: Type.Optional(Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()])),
  note: Type.Optional(Type.String({ maxLength: 2_000 })),
};
export const AssetKindParameter = Type.Enum([...ASSET_KINDS]);
const Name = Type.String({ minLength: 1, maxLength: 100 });

export const NewAssetBody = Type.Object(
  {
    customerId: Type.String({ minLength: 1, maxLength: 64 }),
    kind: AssetKindParameter,
    name: Name,
    ...facts,
    reason: Reason,
  },
  { additionalProperties: false },
);
export const AssetChangeBody = Type.Object(
  {
    kind: Type.Optional(AssetKindParameter),
    name: Type.Optional(Name),
    ...facts,
    reason: Reason,
  },
  { additionalProperties: false },
);

const At = Type.Optional(TimeParameter);
export const AssignBody = Type.Object(
  { address: Address, from: At, reason: Reason },
  { additionalProperties: false },
);
export const TransferBody = Type.Object(
  { customerId: Type.String({ minLength: 1, maxLength: 64 }), at: At, reason: Reason },
  { additionalProperties: false },
);
export const SwapBody = Type.Object(
  { oldAddress: Address, newAddress: Address, at: At, reason: Reason },
  { additionalProperties: false },
);
export const EndBody = Type.Object(
  { address: Address, at: At, reason: Reason },
  { additionalProperties: false },
);
export const ReasonBody = Type.Object({ reason: Reason }, { additionalProperties: false });

export const AssignmentView = Type.Object({
  id: Type.String(),
  address: Address,
  assetId: Type.String(),
  customerId: Type.String(),
  from: Time,
  to: Type.Union([Time, Type.Null()], { description: "null while it lasts; exclusive" }),
  reason: Type.String(),
});

export const AssignmentList = Type.Object({
  items: Type.Array(
    Type.Object({
      ...AssignmentView.properties,
      serial: Type.String(),
      customerName: NullableText,
      assetName: Type.Union([Type.String(), Type.Null()], {
        description: "null where the asset belongs to somebody else by now",
      }),
    }),
    { description: "newest first" },
  ),
});

export const assetView = ({ createdAt, retiredAt, terminals, ...asset }: Asset): AssetView => ({
  ...asset,
  createdAt: createdAt.toISOString(),
  retiredAt: retiredAt?.toISOString() ?? null,
  terminals: terminals.map((terminal) => ({ ...terminal })),
});

export const assignmentView = ({ fromNs, toNs, ...assignment }: Assignment) => ({
  id: assignment.id,
  address: assignment.address,
  assetId: assignment.assetId,
  customerId: assignment.customerId,
  from: isoTime(fromNs),
  to: isoTimeOrNull(toNs),
  reason: assignment.reason,
});

export const assignmentDetailView = (assignment: AssignmentDetail) => ({
  ...assignmentView(assignment),
  serial: assignment.serial,
  customerName: assignment.customerName,
  assetName: assignment.assetName,
});
