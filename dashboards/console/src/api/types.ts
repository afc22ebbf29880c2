import type { paths } from "./schema.d.ts";

/** The answer of a GET, as the OpenAPI document has it. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

/** What a GET may be asked with behind `?`. */
type Asked<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Query } };
}
  ? NonNullable<Query>
  : never;

export type TerminalSort = NonNullable<Asked<"/api/terminals">["sort"]>;
export type VerdictName = NonNullable<Asked<"/api/packets">["verdict"]>;
export type PacketType = NonNullable<Asked<"/api/packets">["type"]>;

export type Config = Answer<"/api/config">;
export type Profile = Answer<"/api/profiles">[number];
export type Report = Profile["reports"][number];
export type Field = Report["fields"][number];
export type ProfileEvent = Profile["events"][number];
export type Label = Field["label"];
export type Position = Answer<"/api/positions">["items"][number];
export type TerminalSummary = Answer<"/api/terminals">["items"][number];
export type Terminal = Answer<"/api/terminals/{address}">;
export type TerminalValue = Terminal["values"][number];
export type LastReception = Terminal["lastReceptions"][number];
export type History = Answer<"/api/terminals/{address}/history">;
export type HistoryPoint = History["points"][number];
export type Track = Answer<"/api/terminals/{address}/track">;
export type PacketSummary = Answer<"/api/packets">["items"][number];
export type Packet = Answer<"/api/packets/{id}">;
export type Reception = Packet["receptions"][number];
export type Gateway = Answer<"/api/gateways">["items"][number];
export type Modem = Gateway["modems"][number];
export type Me = Answer<"/api/me">;
export type Action = Me["actions"][number];
export type User = Answer<"/api/users/{id}">;
export type Role = User["role"];
export type Key = Answer<"/api/keys">["items"][number];
export type Scope = Key["scopes"][number];
export type Session = Answer<"/api/me/sessions">["items"][number];
export type AuditEntry = Answer<"/api/audit">["items"][number];
export type Scalar = number | boolean | string | null;

/** One more gateway has heard a packet that is known already. */
export interface ReceptionEvent {
  readonly packetId: string;
  readonly gatewayId: string;
  readonly rssiDbm: number | null;
  readonly snrDb: number;
}

/** What the live event stream sends, by the name of the event. */
export interface LiveEventTypes {
  packet: PacketSummary;
  reception: ReceptionEvent;
  position: Partial<Position> & Pick<Position, "address" | "latitude" | "longitude">;
  gateway: Partial<Gateway> & Pick<Gateway, "id">;
  alarm: Alarm;
  "group-command": GroupCommand;
  command: Command;
  /** The stream left something out: what is shown must be asked for again. */
  missed: object;
}

export type StockTerminal = Answer<"/api/stock">["items"][number];
export type StockLifeCycle = StockTerminal["lifeCycle"];
export type StockSort = NonNullable<Asked<"/api/stock">["sort"]>;
export type StockCounts = Answer<"/api/stock/counts">;
export type DeviceGroup = Answer<"/api/groups">["items"][number];
export type GroupOutlook = Answer<"/api/groups/{id}/outlook">;
export type GroupTellable = GroupOutlook["commands"][number];
export type GroupCommand = Answer<"/api/group-commands">["items"][number];
export type GroupCommandDetail = Answer<"/api/group-commands/{id}">;
export type RollEntry = Answer<"/api/group-commands/{id}/roll">["items"][number];
export type GroupCalendar = Answer<"/api/groups/{id}/calendar">;
export type Calendar = GroupCalendar["calendar"];
export type CalendarSwitch = Calendar["switches"][number];
export type CalendarDay =
  paths["/api/calendar-days"]["post"]["responses"][200]["content"]["application/json"]["days"][number];
export type ImportRun = Answer<"/api/imports/{id}">;
export type ImportProblem = Answer<"/api/imports/{id}/problems">["items"][number];
export type JobSummary = Answer<"/api/jobs">["items"][number];
export type JobState = JobSummary["state"];
export type GatewayAccount = Answer<"/api/gateways/{id}">;
export type GatewaySecret =
  paths["/api/gateways/{id}/secret"]["post"]["responses"][201]["content"]["application/json"];

export type Asset = Answer<"/api/assets/{id}">;
export type AssetKind = NonNullable<Asked<"/api/assets">["kind"]>;
export type Assignment = Answer<"/api/terminals/{address}/assignments">["items"][number];

export type Alarm = Answer<"/api/alarms">["items"][number];
export type AlarmDetail = Answer<"/api/alarms/{id}">;
export type AlarmTransition = AlarmDetail["transitions"][number];
export type AlarmCard = NonNullable<AlarmTransition["card"]>;
export type Incident = Answer<"/api/incidents">["items"][number];
export type IncidentDetail = Answer<"/api/incidents/{id}">;
export type IncidentMember = IncidentDetail["terminals"][number];
export type AlarmCase = Answer<"/api/cases">["items"][number];
export type AlarmCaseDetail = Answer<"/api/cases/{id}">;
export type Trips = Answer<"/api/terminals/{address}/trips">;

export type Command = Answer<"/api/commands">["items"][number];
export type CommandDetail = Answer<"/api/commands/{id}">;
export type CommandEvidence = CommandDetail["evidence"][number];
export type CommandOutlook = Answer<"/api/terminals/{address}/command-outlook">;
export type ProfileCommand = Profile["commands"][number];
export type PageQueue = Answer<"/api/page-queues">["items"][number];

export type CaseButton = Answer<"/api/simulated-terminals/{address}">["buttons"][number];
