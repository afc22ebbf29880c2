import type { Alarms } from "../alerting/alarms.ts";
import type { AlarmCases } from "../alerting/cases.ts";
import type { RulesInForce } from "../alerting/rules-postgres.ts";
import type { Commands } from "../commands/commands.ts";

/** What a drill does to the rest, all in the drill's own transaction. */
export interface DrillHands {
  readonly rules: RulesInForce;
  readonly alarms: Pick<Alarms, "does">;
  readonly cases: Pick<AlarmCases, "step">;
  readonly commands: Pick<Commands, "create" | "does">;
}
