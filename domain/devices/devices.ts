import type { Counted } from "../db/counted.ts";
import type { LifeCycle, SessionState, StateValue } from "../db/database.ts";
import type { Held, Reach } from "../identity/policy.ts";

export interface DeviceSummary {
  readonly address: number;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  /** `former`: the reader's no more; its name is its serial then, and it has no current values. */
  readonly lifeCycle: LifeCycle | "former";
  /** The last position known, else where it was installed. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly measuredAtNs: bigint | null;
  readonly receivedAtNs: bigint | null;
  readonly batteryPercent: number | null;
}

export interface DeviceDetail extends DeviceSummary {
  readonly values: Readonly<Record<string, StateValue>>;
  readonly positionSource: string | null;
  readonly positionMeasuredAtNs: bigint | null;
  /** Of a position that the network found: the ellipse that holds the true place 95 times of 100. */
  readonly positionEllipse: PositionEllipse | null;
  readonly hardwareVersion: number | null;
  readonly firmwareVersion: number | null;
  readonly session: {
    readonly state: SessionState;
    readonly since: Date;
    readonly highestCounter: number;
  } | null;
  readonly lastReceptions: readonly LastReception[];
  /** As a StockTerminal has them. */
  readonly badTags: number | null;
}

export interface PositionEllipse {
  /** Half axes, metres, and the longer one's direction in degrees clockwise from north. */
  readonly majorM: number;
  readonly minorM: number;
  readonly bearingDeg: number;
  readonly gateways: number;
}

export interface LastReception {
  readonly gatewayId: string;
  readonly rssiDbm: number | null;
  readonly snrDb: number;
  readonly receivedAtNs: bigint;
}

export interface FleetPosition {
  readonly address: number;
  readonly name: string;
  readonly profile: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly measuredAtNs: bigint | null;
  /** A report or an attach, whatever it told. */
  readonly heardAtNs: bigint | null;
  /** terminal | network | signal | installed */
  readonly source: string;
  readonly heading: number | null;
  readonly speed: number | null;
}

/** A terminal's last position and readings with the whole past of who held it: never shown as it is. */
export interface HeldPosition {
  readonly address: number;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly fix: (Place & { readonly source: string; readonly measuredAtNs: bigint }) | null;
  readonly measuredAtNs: bigint | null;
  /** When the packet that was measured last came. */
  readonly receivedAtNs: bigint | null;
  readonly heading: StateValue | null;
  readonly speed: StateValue | null;
  readonly held: readonly HeldStretch[];
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface HeldStretch extends Held {
  /** Where the asset stands, for those that do not move. */
  readonly place: Place | null;
}

export const DEVICE_SORTS = ["name", "serial", "address", "measured", "received"] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];

export interface DeviceQuery {
  readonly reach: Reach;
  /** Those that were within reach once and are no more, in place of those that are. */
  readonly former?: boolean | undefined;
  /** Part of the name, serial or address, in any case. */
  readonly search?: string | undefined;
  readonly profile?: string | undefined;
  /** Names, serials and addresses rise; times fall, never heard last. */
  readonly sort?: DeviceSort | undefined;
  readonly cursor?: DeviceCursor | undefined;
  readonly limit: number;
}

/** The last device of the page before. */
export interface DeviceCursor {
  readonly key: string;
  readonly address: number;
}

export interface DevicePage extends Counted {
  readonly items: readonly DeviceSummary[];
  readonly next: DeviceCursor | undefined;
}

export const DEVICES_PER_PAGE_MAX = 500;

export const formatDeviceCursor = ({ key, address }: DeviceCursor): string =>
  `${address}.${encodeURIComponent(key)}`;

export function parseDeviceCursor(text: string): DeviceCursor | undefined {
  const match = /^(\d{1,10})\.([A-Za-z0-9%_.!~*'()-]*)$/.exec(text);
  if (!match?.[1] || match[2] === undefined) return undefined;
  try {
    const key = decodeURIComponent(match[2]);
    return key.includes("\0") ? undefined : { address: Number(match[1]), key };
  } catch {
    return undefined;
  }
}

/** Terminals as people see them. */
export interface Devices {
  list(query: DeviceQuery): Promise<DevicePage>;
  /** As far as it may be read; undefined when it never was within reach. */
  find(address: number, reach: Reach): Promise<DeviceDetail | undefined>;
  /** Of all that is within reach now. */
  positions(reach: Reach): Promise<readonly FleetPosition[]>;
  /** Of some terminals, for those who may see everything. */
  positionsOf(addresses: readonly number[]): Promise<readonly FleetPosition[]>;
  /** With who held them, so that `positionWithin` can judge for each reader. */
  heldPositions(addresses: readonly number[]): Promise<readonly HeldPosition[]>;
}
