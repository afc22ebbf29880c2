import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";

export const PASSWORD = "bench";
export const gatewayName = (number: number): string => `gateway-${number}`;

/** Who may connect to the bench's broker: the network and so many gateways. */
export async function writeUsers(file: string, gateways: number): Promise<void> {
  const secretSha256 = createHash("sha256").update(PASSWORD).digest("hex");
  const users = Array.from({ length: gateways }, (_, number) => {
    const username = gatewayName(number);
    return { username, secretSha256, identity: { kind: "gateway", gatewayId: username } };
  });
  const network = { username: "network", secretSha256, identity: { kind: "network" } };
  await writeFile(file, JSON.stringify([network, ...users]));
}
