import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { Held, Reach, Window } from "../identity/policy.ts";

/** A stretch in which a terminal was in an asset of a customer. */
export interface HeldIn extends Held {
  readonly assetId: string;
}

/** Terminal, asset and customer over [from, to); `toNs` is null while it lasts. None begins or ends in the future. */
export interface Assignment extends HeldIn {
  readonly id: string;
  readonly address: number;
  readonly reason: string;
}

export type Opening = Omit<Assignment, "id" | "reason" | "toNs">;
export interface Closing {
  readonly assignment: Assignment;
  readonly toNs: bigint;
}

export type AssignmentFault =
  /** the terminal is, or later was, somewhere else */
  | "taken"
  /** something of the asset reaches beyond that instant already */
  | "later"
  | "not-assigned"
  | "before-begin"
  | "same-customer"
  | "same-terminal";
export type Plan =
  | { readonly ok: true; readonly close: readonly Closing[]; readonly open: readonly Opening[] }
  | {
      readonly ok: false;
      readonly fault: AssignmentFault;
      readonly other: Assignment | undefined;
    };

const refuse = (fault: AssignmentFault, other?: Assignment): Plan => ({ ok: false, fault, other });

const isOpen = ({ toNs }: Window): boolean => toNs === null;
/** Whether any moment at or after this one lies inside. */
const reachesBeyond = ({ fromNs, toNs }: Window, ns: bigint): boolean =>
  toNs === null || (toNs > fromNs && toNs > ns);

/** Whose it was at this moment. */
export const holderAt = (held: readonly Held[], ns: bigint): string | undefined =>
  held.find(({ fromNs, toNs }) => fromNs <= ns && (toNs === null || ns < toNs))?.customerId;

export function planAssign(ofTerminal: readonly Assignment[], wanted: Opening): Plan {
  const other = ofTerminal.find((assignment) => reachesBeyond(assignment, wanted.fromNs));
  return other ? refuse("taken", other) : { ok: true, close: [], open: [wanted] };
}

export function planEnd(ofTerminal: readonly Assignment[], toNs: bigint): Plan {
  const current = ofTerminal.find(isOpen);
  if (!current) return refuse("not-assigned");
  if (toNs < current.fromNs) return refuse("before-begin", current);
  return { ok: true, close: [{ assignment: current, toNs }], open: [] };
}

/** What is on the asset goes with it, at exactly one instant: the former owner's ends where the new owner's begins. */
export function planTransfer(
  ofAsset: readonly Assignment[],
  fromCustomerId: string,
  toCustomerId: string,
  atNs: bigint,
): Plan {
  if (fromCustomerId === toCustomerId) return refuse("same-customer");
  const later = ofAsset.find(
    (one) => reachesBeyond(one, atNs) && (!isOpen(one) || one.fromNs > atNs),
  );
  if (later) return refuse("later", later);
  const current = ofAsset.filter(isOpen);
  return {
    ok: true,
    close: current.map((assignment) => ({ assignment, toNs: atNs })),
    open: current.map(({ address, assetId }) => ({
      address,
      assetId,
      customerId: toCustomerId,
      fromNs: atNs,
    })),
  };
}

/** Another terminal takes the place of one: the asset's past stays with the asset. */
export function planSwap(
  ofOld: readonly Assignment[],
  ofNew: readonly Assignment[],
  { assetId, oldAddress, newAddress, atNs }: Omit<Swap, "reason">,
): Plan {
  if (oldAddress === newAddress) return refuse("same-terminal");
  const current = ofOld.find(isOpen);
  if (current?.assetId !== assetId) return refuse("not-assigned", current);
  if (atNs < current.fromNs) return refuse("before-begin", current);
  const { customerId } = current;
  const next = planAssign(ofNew, { address: newAddress, assetId, customerId, fromNs: atNs });
  return next.ok ? { ...next, close: [{ assignment: current, toNs: atNs }] } : next;
}

export interface NewAssignment {
  readonly address: number;
  readonly assetId: string;
  readonly customerId: string;
  readonly fromNs: bigint;
  readonly reason: string;
}

export interface Ending {
  readonly address: number;
  readonly toNs: bigint;
  readonly reason: string;
}

export interface Transfer {
  readonly assetId: string;
  readonly toCustomerId: string;
  readonly atNs: bigint;
  readonly reason: string;
}

export interface Swap {
  readonly assetId: string;
  readonly oldAddress: number;
  readonly newAddress: number;
  readonly atNs: bigint;
  readonly reason: string;
}

/** One with the names that people know, as far as the reader may see them. */
export interface AssignmentDetail extends Assignment {
  readonly serial: string;
  readonly customerName: string | null;
  /** null where the asset itself is out of reach by now */
  readonly assetName: string | null;
}

/** Makes its changes inside the transaction that it is given, or in one of its own. */
export interface Assignments {
  /** Throws a ConflictError that names the terminal and where it is. */
  assign(db: Db, wanted: NewAssignment, act: Act): Promise<Assignment>;
  end(db: Db, ending: Ending, act: Act): Promise<Assignment>;
  /** All terminals of the asset, and the asset, are the new customer's from that instant on. */
  transfer(db: Db, transfer: Transfer, act: Act): Promise<readonly Assignment[]>;
  swap(db: Db, swap: Swap, act: Act): Promise<Assignment>;
  /** Who held each of these terminals, in what and when; a terminal that nobody ever held is missing. */
  held(addresses: readonly number[]): Promise<Map<number, readonly HeldIn[]>>;
  /** Newest first, those within reach alone. */
  ofAsset(assetId: string, reach: Reach): Promise<readonly AssignmentDetail[]>;
  ofTerminal(address: number, reach: Reach): Promise<readonly AssignmentDetail[]>;
}
