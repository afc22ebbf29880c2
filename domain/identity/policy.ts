import { type Action, NOT_FOR_KEYS, ROLE_ACTIONS, type Role } from "./roles.ts";

/** Whoever asks, once proved: a person's session or an API key. */
export interface Caller {
  readonly kind: "user" | "key";
  readonly id: string;
  readonly name: string;
  /** A key's role is `read-only` and counts for nothing: its scopes do. */
  readonly role: Role;
  /** null: of the operator, and so not bounded to a customer. */
  readonly customerId: string | null;
  /** A key's own limits; a person has those of the role alone. */
  readonly scopes?: readonly Action[] | undefined;
  /** Nothing else may be done before the password is changed: somebody else has seen it. */
  readonly mustChangePassword?: boolean | undefined;
}

/** Whose things a caller may see: everybody's, or those of these customers. */
export type Reach = "all" | ReadonlySet<string>;

/** Whether the caller may do this to anything at all. What it may be done to, `isWithin` says. */
export function mayDo(caller: Caller, action: Action): boolean {
  // whatever the role: the network's own things are not a customer's
  if (caller.customerId !== null && !ROLE_ACTIONS.owner.has(action)) return false;
  if (caller.kind === "user") return ROLE_ACTIONS[caller.role].has(action);
  return !NOT_FOR_KEYS.has(action) && (caller.scopes ?? []).includes(action);
}

/** A customer and, from its place in the tree of organisations, all below it. */
export interface CustomerNode {
  readonly id: string;
  readonly parentId: string | null;
}

/** The operator's own people reach everything, a customer's people their customer and all below it. */
export function reachOf(
  { customerId }: Pick<Caller, "customerId">,
  tree: Iterable<CustomerNode>,
): Reach {
  if (customerId === null) return "all";
  const children = Map.groupBy(tree, ({ parentId }) => parentId);
  const reach = new Set<string>();
  const open = [customerId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reach.has(id)) continue; // a ring in the tree ends here
    reach.add(id);
    open.push(...(children.get(id) ?? []).map((child) => child.id));
  }
  return reach;
}

/** Whether a thing of this customer (null: of nobody yet) is within reach. */
export const isWithin = (reach: Reach, customerId: string | null): boolean =>
  reach === "all" || (customerId !== null && reach.has(customerId));

/** [from, to) in ns since the Unix epoch; no end yet where `toNs` is null. */
export interface Window {
  readonly fromNs: bigint;
  readonly toNs: bigint | null;
}

/** A stretch in which a terminal belonged to a customer. */
export interface Held extends Window {
  readonly customerId: string;
}

/** What a caller may read of a terminal's past: only the stretches in which it was within reach. */
export const readableWindows = (
  reach: Reach,
  held: readonly Held[],
): "always" | readonly Window[] =>
  reach === "all" ? "always" : held.filter(({ customerId }) => reach.has(customerId));

/** Whether something measured at this time may be read. */
export const isReadableAt = (windows: "always" | readonly Window[], ns: bigint): boolean =>
  windows === "always" ||
  windows.some(({ fromNs, toNs }) => fromNs <= ns && (toNs === null || ns < toNs));
