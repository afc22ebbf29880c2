import type { Enrolment } from "../../firmware-sim/enrolment-file.ts";
import { decodeTransmission } from "../../protocol/air/pocsag.ts";
import { attachKey, sessionKeys } from "../../protocol/packet/keys.ts";
import { individualRic, openPage, type Page, parsePage } from "../../protocol/packet/page.ts";
import { pageFromPocsag } from "../../protocol/packet/page-symbols.ts";
import { hex } from "../hex.ts";
import type { ModemLog } from "./modem-log.ts";

// A nonce seals one page only, whatever happened to the database: every page that a modem was handed, by its nonce.

export interface SessionKnown {
  readonly address: bigint;
  readonly network_nonce: bigint;
  readonly attach_nonce: bigint;
}

export const sessionKey = ({ address, network_nonce }: SessionKnown): string =>
  `${address} ${network_nonce}`;

export interface PageComparison {
  readonly opened: number;
  /** Sealed under no session that we know. */
  readonly unknown: number;
  readonly highestCounter: number;
  readonly differences: readonly string[];
}

export function comparePages(
  logs: ReadonlyMap<string, ModemLog>,
  fleet: readonly Enrolment[],
  sessions: readonly SessionKnown[],
): PageComparison {
  const secretsOf = secrets(fleet, sessions);
  const byNonce = new Map<string, Set<string>>();
  let [unknown, highestCounter] = [0, 0];
  for (const words of [...logs.values()].flatMap(({ pages }) => pages))
    for (const message of decodeTransmission(words).pages) {
      const bytes = pageFromPocsag(message);
      const parsed = bytes.ok ? parsePage(bytes.bytes, "individual") : undefined;
      if (!bytes.ok || !parsed?.ok) throw new Error("a modem was handed what is no page");
      const { page } = parsed;
      const secret = secretsOf(message.ric, page).find((one) => openPage(page, one));
      if (!secret) {
        unknown += 1;
        continue;
      }
      if (secret.session !== 0) highestCounter = Math.max(highestCounter, secret.counter);
      const nonce = `${secret.id} ${secret.session} ${secret.counter}`;
      byNonce.set(nonce, (byNonce.get(nonce) ?? new Set()).add(hex(bytes.bytes)));
    }
  const differences = [...byNonce]
    .filter(([, pages]) => pages.size > 1)
    .map(([nonce, pages]) => `nonce ${nonce} sealed ${pages.size} pages`);
  return { opened: byNonce.size, unknown, highestCounter, differences };
}

/** Each key, session and counter that a page to this RIC may have been sealed under; counters stay below 2¹⁶ here. */
function secrets(fleet: readonly Enrolment[], sessions: readonly SessionKnown[]) {
  const byRic = Map.groupBy(fleet, ({ address }) => individualRic(address));
  const byAddress = Map.groupBy(sessions, ({ address }) => Number(address));
  return (ric: number, page: Page) =>
    (byRic.get(ric) ?? []).flatMap(({ address, rootKey }) => {
      const one = { to: "individual", id: address, counter: page.counterLow16 } as const;
      if (page.type === "attach-accept")
        return [{ ...one, session: 0, key: attachKey(rootKey, address) }];
      return (byAddress.get(address) ?? []).map(({ attach_nonce, network_nonce }) => {
        const [attach, network] = [Number(attach_nonce), Number(network_nonce)];
        const { down } = sessionKeys(rootKey, address, attach, network);
        return { ...one, session: network, key: down };
      });
    });
}
