import { randomBytes } from "node:crypto";
import type { Db } from "../db/database.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import type { GatewayAccounts } from "./gateway-accounts.ts";
import { createGatewayAccounts } from "./gateway-accounts-postgres.ts";
import type { Groups } from "./groups.ts";
import { createGroups } from "./groups-postgres.ts";
import type { Stock } from "./stock.ts";
import { createStock } from "./stock-postgres.ts";

/** What the store-keeper works with. */
export interface StockPorts {
  readonly stock: Stock;
  readonly groups: Groups;
  readonly gatewayAccounts: GatewayAccounts;
}

const SECRET_BYTES = 24;

export function startStock(db: Db): StockPorts {
  const audit = createAudit(db);
  return {
    stock: createStock({ db, audit }),
    groups: createGroups({ db, audit }),
    gatewayAccounts: createGatewayAccounts({
      ...{ db, audit },
      makeSecret: () => randomBytes(SECRET_BYTES).toString("base64url"),
    }),
  };
}
