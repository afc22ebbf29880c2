import type { Db } from "../db/database.ts";
import type { GatewaySecrets } from "./gateway-credentials.ts";

export async function loadGatewaySecrets(db: Db): Promise<GatewaySecrets> {
  const rows = await db
    .selectFrom("gateway")
    .select(["id", "secret_sha256"])
    .where("secret_sha256", "is not", null)
    .where("retired_at", "is", null)
    .execute();
  return new Map(rows.map(({ id, secret_sha256: hash }) => [id, hash ?? ""]));
}
