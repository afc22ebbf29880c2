import type { GatewayPage } from "../commands/command.ts";
import type { CommandArguments } from "../commands/command-of-profile.ts";
import type { CommandDeed, CommandEvidence } from "../commands/commands.ts";
import type { PlaceLimit } from "../commands/envelope.ts";
import type { ProfileCommand, SafetyClass } from "../devices/profile.ts";
import type { Act } from "../identity/audit.ts";
import type { GroupReason } from "./group-command.ts";
import type { GroupState } from "./group-state.ts";
import type { MemberState } from "./roll-call.ts";

export interface GroupCommandAsked {
  readonly groupId: number;
  readonly name: string;
  readonly arguments: CommandArguments;
  /** Seconds from approval; undefined: the profile's own. */
  readonly expiryS: number | undefined;
  readonly place: PlaceLimit | null;
  readonly isDrill: boolean;
  /** Whether silent members get a command of their own. */
  readonly catchUp: boolean;
  readonly note: string;
}

/** What its group's calendar asks for at this moment. */
export interface CalendarAsked extends GroupCommandAsked {
  readonly moment: Date;
  /** A second person has approved the calendar: it may switch any number. */
  readonly isApproved: boolean;
}

export interface GroupCommandSummary {
  readonly id: string;
  /** null: its group is gone. */
  readonly groupId: number | null;
  readonly groupName: string | null;
  readonly profile: string;
  readonly name: string;
  readonly arguments: CommandArguments;
  readonly isDrill: boolean;
  readonly note: string;
  readonly safetyClass: SafetyClass;
  readonly secondPerson: boolean;
  readonly catchUp: boolean;
  readonly priority: number;
  readonly state: GroupState;
  readonly reason: GroupReason | null;
  readonly createdAt: Date;
  readonly createdById: string;
  readonly createdByName: string;
  readonly approvedByName: string | null;
  readonly approveBy: Date;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
  /** The moment of its group's calendar that it carries out; null: somebody asked for it. */
  readonly moment: Date | null;
  readonly zones: readonly { readonly gatewayId: string; readonly page: GatewayPage }[];
  readonly slots: number | null;
  /** When the last slot is over. */
  readonly answersUntil: Date | null;
  /** On the air for its pages so far. */
  readonly airMs: number;
}

/** Every member is in one of the first six. */
export interface RollSummary {
  readonly awaited: number;
  readonly answered: number;
  readonly silent: number;
  readonly catchingUp: number;
  readonly missed: number;
  readonly overtaken: number;
  readonly members: number;
  /** Said that it is done; of them by a command of their own. */
  readonly done: number;
  readonly caughtUp: number;
}

/** One step with who did it, by which gateway, when. */
export type GroupEvidence = Omit<CommandEvidence, "state"> & { readonly state: GroupState };

export interface GroupCommandDetail extends GroupCommandSummary {
  readonly roll: RollSummary;
  readonly evidence: readonly GroupEvidence[];
}

export interface RollEntry {
  readonly address: number;
  readonly terminalName: string;
  readonly state: MemberState;
  readonly hasKey: boolean;
  readonly result: string | null;
  readonly caughtUp: boolean;
  readonly since: Date;
  readonly gatewayId: string | null;
  readonly catchUpId: string | null;
  /** When it last answered a roll call of this group before; null: never. */
  readonly lastAnsweredAt: Date | null;
}

export interface RollQuery {
  readonly id: string;
  readonly states?: readonly MemberState[] | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** What a page to the group would be like now. */
export interface GroupOutlook {
  readonly members: number;
  /** Of the members in service, who holds the group's key, and to whom it is on its way. */
  readonly inService: number;
  readonly withKey: number;
  readonly keyOnItsWay: number;
  /** null while no member is in service or they are of several types. */
  readonly profile: string | null;
  readonly dangerousAcceptance: string | null;
  readonly zones: readonly { readonly gatewayId: string; readonly members: number }[];
  readonly slots: number;
  readonly rollCallS: number;
  readonly commands: readonly {
    readonly command: ProfileCommand;
    readonly secondPerson: boolean;
    readonly needsAcceptance: boolean;
    /** No calendar does what needs a second person each time, or consent in writing. */
    readonly mayBeInCalendar: boolean;
    readonly expiryMaxS: number;
    /** Its page at 1200 bit/s, with the preamble. */
    readonly pageMs: number;
  }[];
  /** In the middle of its members; null: no place of any is known. */
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
}

export interface GroupCommands {
  /** Throws a NotFoundError, an InvalidInputError that names the field, a ConflictError where the group may not be told that. */
  create(asked: GroupCommandAsked, act: Act): Promise<GroupCommandDetail>;
  /** Throws a NotFoundError, a NotAllowedError for who may not approve, a ConflictError when it is too late for it. */
  does(id: string, deed: CommandDeed, act: Act): Promise<GroupCommandDetail>;
  list(query: {
    readonly groupId?: number | undefined;
    readonly open?: boolean | undefined;
    readonly after?: { readonly createdMs: number; readonly id: string } | undefined;
    readonly limit: number;
  }): Promise<readonly GroupCommandSummary[]>;
  find(id: string): Promise<GroupCommandDetail | undefined>;
  /** By address. Throws a NotFoundError. */
  roll(query: RollQuery): Promise<readonly RollEntry[]>;
  /** Throws a NotFoundError. */
  outlook(groupId: number, nowMs: number): Promise<GroupOutlook>;
  /** Those that changed in these transactions, as they are now. */
  changed(since: {
    readonly after: bigint;
    readonly upTo: bigint;
    readonly limit: number;
  }): Promise<readonly GroupCommandSummary[]>;
}
