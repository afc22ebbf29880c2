import { answerOf, api } from "../api/client.ts";
import type { Command } from "../api/types.ts";
import { type Doing, useDoing } from "../customers/use-doing.ts";
import { commandChanged } from "./command-queries.ts";

export type CommandDeed = "approve" | "reject" | "withdraw";

export interface CommandDeeds {
  readonly doing: Doing;
  readonly does: (command: Command, deed: CommandDeed, reason: string) => Promise<boolean>;
}

/** What one may do with a command that is there. */
export function useCommandDeeds(): CommandDeeds {
  const doing = useDoing();
  return {
    doing,
    does: (command, deed, reason) =>
      doing.run(async () => {
        const params = { path: { id: command.id } };
        const body = reason.trim() === "" ? {} : { reason: reason.trim() };
        try {
          await answerOf(api.POST(`/api/commands/{id}/${deed}`, { params, body }));
        } finally {
          await commandChanged(command); // it may have gone on without us
        }
      }),
  };
}
