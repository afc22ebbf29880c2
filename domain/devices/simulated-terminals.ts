import { ConflictError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { CaseButton, SimulatedTerminal } from "./simulated-terminal.ts";
import type { Stock, StockTerminal } from "./stock.ts";

/** A simulated terminal, and what the stock knows of it. */
export type KnownSimulated = SimulatedTerminal & Pick<StockTerminal, "serial" | "profile">;

/** The hands that stand beside simulated terminals. What is not simulated in this process does not exist here. */
export interface SimulatedTerminals {
  /** Whether anything is simulated here at all. */
  readonly isHere: boolean;
  /** Throws a NotFoundError. */
  find(address: number, reach: Reach): Promise<KnownSimulated>;
  /** Those that lie in stock, to be put into service. Throws a NotFoundError where nothing is simulated. */
  inStock(): Promise<readonly KnownSimulated[]>;
  /** Answers it as it is then. Throws a NotFoundError, or a ConflictError where the press could do nothing. */
  press(address: number, button: CaseButton, act: Act, reach: Reach): Promise<KnownSimulated>;
}

export interface SimulatedTerminalsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly stock: Pick<Stock, "find" | "export">;
  readonly terminals: readonly SimulatedTerminal[];
}

export function createSimulatedTerminals(deps: SimulatedTerminalsDeps): SimulatedTerminals {
  const { db, audit, stock } = deps;
  const simulated = new Map(deps.terminals.map((terminal) => [terminal.address, terminal]));
  const known = ({ address, serial, profile }: StockTerminal): KnownSimulated | undefined => {
    const terminal = simulated.get(address);
    return terminal && { ...seen(terminal), serial, profile };
  };
  const find = async (address: number, reach: Reach): Promise<KnownSimulated> => {
    const stocked = simulated.has(address) ? await stock.find(address, reach) : undefined;
    const found = stocked && known(stocked);
    if (found === undefined) throw new NotFoundError("simulated terminal", String(address));
    return found;
  };
  return {
    isHere: simulated.size > 0,
    find,
    async inStock() {
      if (simulated.size === 0) throw new NotFoundError("simulation", "of this installation");
      const found: KnownSimulated[] = [];
      for await (const some of stock.export({ lifeCycle: "stocked" }))
        found.push(...some.flatMap((terminal) => known(terminal) ?? []));
      return found;
    },
    async press(address, button, act, reach) {
      const terminal = await find(address, reach);
      if (!terminal.buttons.includes(button))
        throw new ConflictError(
          `terminal ${address} has no button ${button}, or that does nothing while the terminal is ${terminal.state}`,
          { button },
        );
      await inTransaction(db, (tx) =>
        audit.record(tx, act, {
          action: "terminal.button-pressed",
          subject: { kind: "terminal", id: String(address) },
          after: { button },
        }),
      );
      terminal.press(button);
      return find(address, reach);
    },
  };
}

/** As it is at this moment. */
const seen = (terminal: SimulatedTerminal): SimulatedTerminal => ({
  address: terminal.address,
  state: terminal.state,
  buttons: terminal.buttons,
  press: (button) => {
    terminal.press(button);
  },
});
