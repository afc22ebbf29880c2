import type { PageToSeal } from "../domain/commands/command-queue.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import { individualRic, sealPage } from "../protocol/packet/page.ts";
import { pageToPocsag } from "../protocol/packet/page-symbols.ts";
import type { TerminalKeys } from "./terminal-keys.ts";

/** Seals a command's page under the terminal's session. */
export const sealCommandPages =
  (keys: Pick<TerminalKeys, "downKey">) =>
  (page: PageToSeal): Uint32Array => {
    const { address, networkNonce, downCounter, pageSequence, plaintext, isDrill } = page;
    const sealed = sealPage({
      ...{ type: "command", to: "individual", id: address, ackWanted: true, rollCall: false },
      ...{ drill: isDrill, counter: downCounter, session: networkNonce, pageSequence, plaintext },
      key: keys.downKey(page, page),
    });
    return encodeTransmission([pageToPocsag(sealed, individualRic(address))]);
  };
