import {
  type DecodedMessage,
  decodeMessage,
  encodeMessage,
  finite,
  fromLong,
  listUpTo,
  numberIn,
  obeys,
  optional,
  recordUpTo,
  textUpTo,
  toLong,
  u64,
  type Wire,
} from "./message-codec.ts";
import { hopline } from "./telematics.js";
import { isTopicId } from "./topics.ts";

export interface EventField {
  readonly value: number | boolean | string; // an enum's name
  readonly unit: string;
}

export const POSITION_SOURCES = ["terminal", "network", "signal"] as const;
export type PositionSource = (typeof POSITION_SOURCES)[number];

export interface EventPosition {
  readonly latitude: number;
  readonly longitude: number;
  readonly source: PositionSource;
  readonly errorM: number | undefined;
}

export interface EventReception {
  readonly gatewayId: string;
  readonly receivedAtNs: bigint;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
}

/** What happened to a device, for its customer's own systems. */
export interface DeviceEvent {
  readonly id: string; // stable: an event sent again keeps it
  readonly customerId: string;
  readonly deviceId: string;
  readonly kind: string;
  readonly measuredAtNs: bigint;
  readonly receivedAtNs: bigint;
  readonly fields: Readonly<Record<string, EventField>>;
  readonly position: EventPosition | undefined;
  readonly receptions: readonly EventReception[];
}

const FIELDS_MAX = 128;
const RECEPTIONS_MAX = 64;

const v1 = hopline.v1;

const deviceEvent: Wire<DeviceEvent> = {
  name: "DeviceEvent",
  rules: {
    id: isTopicId,
    customerId: isTopicId,
    deviceId: isTopicId,
    kind: isTopicId,
    measuredAtNs: u64,
    receivedAtNs: u64,
    fields: recordUpTo(FIELDS_MAX, obeys<EventField>({ value: sayable, unit: textUpTo(32) })),
    position: optional(
      obeys<EventPosition>({
        latitude: numberIn(-90, 90),
        longitude: numberIn(-180, 180),
        source: (source) => POSITION_SOURCES.includes(source),
        errorM: optional(finite),
      }),
    ),
    receptions: listUpTo(
      RECEPTIONS_MAX,
      obeys<EventReception>({
        gatewayId: isTopicId,
        receivedAtNs: u64,
        rssiDbm: optional(finite),
        snrDb: finite,
      }),
    ),
  },
  write: ({ measuredAtNs, receivedAtNs, fields, position, receptions, ...rest }) =>
    v1.DeviceEvent.encode({
      ...rest,
      position: position ? { ...position, errorM: position.errorM ?? null } : null,
      measuredAt: toLong(measuredAtNs),
      receivedAt: toLong(receivedAtNs),
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [name, writeField(field)]),
      ),
      receptions: receptions.map(({ receivedAtNs: atNs, ...reception }) => ({
        ...reception,
        rssiDbm: reception.rssiDbm ?? null,
        receivedAt: toLong(atNs),
      })),
    }).finish(),
  read: (bytes) => {
    const event = v1.DeviceEvent.decode(bytes);
    return {
      id: event.id,
      customerId: event.customerId,
      deviceId: event.deviceId,
      kind: event.kind,
      measuredAtNs: fromLong(event.measuredAt),
      receivedAtNs: fromLong(event.receivedAt),
      fields: Object.fromEntries(
        Object.entries(event.fields).map(([name, field]) => [name, readField(field)]),
      ),
      position: event.position ? readPosition(event.position) : undefined,
      receptions: event.receptions.map(readReception),
    };
  },
};

export const encodeDeviceEvent = (message: DeviceEvent): Uint8Array =>
  encodeMessage(deviceEvent, message);
export const decodeDeviceEvent = (bytes: Uint8Array): DecodedMessage<DeviceEvent> =>
  decodeMessage(deviceEvent, bytes);

/** The same event for the JSON topics; 64 bits are decimal strings, as protobuf's JSON has them. */
export function deviceEventJson(event: DeviceEvent): string {
  return JSON.stringify(event, (_name, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

function sayable(value: EventField["value"]): boolean {
  if (typeof value === "number") return finite(value);
  return typeof value === "boolean" || textUpTo(256)(value);
}

function writeField({ value, unit }: EventField): hopline.v1.DeviceEvent.Field.$Properties {
  if (typeof value === "number") return { number: value, unit };
  return typeof value === "boolean" ? { flag: value, unit } : { text: value, unit };
}

function readField(field: hopline.v1.DeviceEvent.Field.$Properties): EventField {
  const value = field.number ?? field.flag ?? field.text;
  if (value === undefined || value === null) throw new TypeError("a field without a value");
  return { value, unit: field.unit ?? "" };
}

function readPosition(position: hopline.v1.DeviceEvent.Position.$Properties): EventPosition {
  return {
    latitude: position.latitude ?? 0,
    longitude: position.longitude ?? 0,
    source: position.source as PositionSource, // its rule checks it next
    errorM: position.errorM ?? undefined,
  };
}

function readReception(reception: hopline.v1.DeviceEvent.Reception.$Properties): EventReception {
  return {
    gatewayId: reception.gatewayId ?? "",
    receivedAtNs: reception.receivedAt ? fromLong(reception.receivedAt) : 0n,
    rssiDbm: reception.rssiDbm ?? undefined,
    snrDb: reception.snrDb ?? 0,
  };
}
