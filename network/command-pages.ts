import type { PageToSeal } from "../domain/commands/command-queue.ts";
import type { SecretSeal } from "../domain/devices/secret-seal.ts";
import { groupKeyOwner } from "../domain/groups/group-keys.ts";
import type { SealGroupPage } from "../domain/groups/group-queue.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import { groupRic, individualRic, sealPage } from "../protocol/packet/page.ts";
import { pageToPocsag } from "../protocol/packet/page-symbols.ts";
import type { TerminalKeys } from "./terminal-keys.ts";

/** Seals a command's page under the terminal's session. */
export const sealCommandPages =
  (keys: Pick<TerminalKeys, "downKey">, secrets: SecretSeal) =>
  (page: PageToSeal): Uint32Array => {
    const { address, networkNonce, downCounter, pageSequence, isDrill } = page;
    const plaintext = withGroupKey(page, secrets);
    const sealed = sealPage({
      ...{ type: "command", to: "individual", id: address, ackWanted: true, rollCall: false },
      ...{ drill: isDrill, counter: downCounter, session: networkNonce, pageSequence, plaintext },
      key: keys.downKey(page, page),
    });
    return encodeTransmission([pageToPocsag(sealed, individualRic(address))]);
  };

/** Join group: number 1 · group id 4 · key 16 · next counter 4, see air-interface.md, section 3. */
function withGroupKey({ plaintext, groupKey }: PageToSeal, secrets: SecretSeal): Uint8Array {
  if (groupKey === undefined) return plaintext;
  const key = secrets.open(groupKeyOwner(groupKey.id), groupKey.sealed);
  return Uint8Array.of(...plaintext.subarray(0, KEY_AT), ...key, ...plaintext.subarray(KEY_AT));
}

const KEY_AT = 5;

/** Seals a group's page under its key. */
export const sealGroupPages =
  (secrets: SecretSeal): SealGroupPage =>
  ({ keyId, sealedKey, counter, pageSequence, plaintext, isDrill }) => {
    const sealed = sealPage({
      ...{ type: "group-command", to: "group", id: keyId, ackWanted: true, rollCall: true },
      ...{ drill: isDrill, counter, session: 0, pageSequence, plaintext },
      key: secrets.open(groupKeyOwner(keyId), sealedKey),
    });
    return encodeTransmission([pageToPocsag(sealed, groupRic(keyId))]);
  };
