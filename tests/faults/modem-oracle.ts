import type { Uplink } from "../../protocol/messages.ts";
import { type Collected, clockKey, type ModemLog } from "./modem-log.ts";

// What a gateway took, held against what its modem said: each field of it.

const CARRIER_UNIT_HZ = 244.140625; // air interface, section 1

export interface ModemComparison {
  /** Receptions that were decoded before all their captures had come, as a gateway does whose line is slow. */
  readonly partial: number;
  readonly differences: readonly string[];
}

export function compareWithModems(
  taken: ReadonlyMap<string, Uplink>,
  logs: ReadonlyMap<string, ModemLog>,
): ModemComparison {
  const differences: string[] = [];
  let partial = 0;
  for (const [place, uplink] of taken) {
    const log = logs.get(uplink.gatewayId);
    const all = log?.collectedAt(uplink.receivedAtNs) ?? [];
    const faults = all.map((collected) => faultsOf(uplink, collected));
    if (!log || faults.length === 0) differences.push(`${place} was never collected by its modem`);
    else if (!faults.some((each) => each.length === 0))
      differences.push(`${place} is not what its modem said: ${faults[0]?.join(", ")}`);
    if (all.length > 0 && all.every((collected) => isPartial(uplink, collected))) partial += 1;
    if (!log) continue;
    if (!log.modemIds.has(uplink.modemId)) differences.push(`${place} has another modem's id`);
    if (!log.clocks.has(clockKey(uplink.clockState, uplink.clockErrorNs)))
      differences.push(`${place} has a clock that its modem never said`);
  }
  return { partial, differences };
}

const heardOf = ({ captures }: Collected) => captures.filter(({ status }) => status === "heard");

const isPartial = ({ fragmentsTotal, fragmentsLost }: Uplink, collected: Collected): boolean =>
  fragmentsTotal - fragmentsLost < heardOf(collected).length;

function faultsOf(uplink: Uplink, collected: Collected): readonly string[] {
  const { collect, header, headersSince, receiveCentreHz } = collected;
  if (!header) return ["no header"];
  const faults: string[] = [];
  const same = (what: string, is: unknown, isSo: boolean): void => {
    if (!isSo) faults.push(`${what} ${String(is)}`);
  };
  const { carrierHz, snrDb, rssiDbm, fragmentsTotal, fragmentsLost } = uplink;
  const carrier = receiveCentreHz + Math.round(header.carrierUnits * CARRIER_UNIT_HZ);
  same("carrier", carrierHz, carrierHz === carrier);
  const snrs = headersSince.map(({ snrQuarterDb }) => snrQuarterDb / 4);
  same("SNR", snrDb, snrs.includes(snrDb) && snrDb >= header.snrQuarterDb / 4);
  same("fragments", fragmentsTotal, fragmentsTotal === collect.fragments.length);
  const heard = heardOf(collected);
  same("fragments lost", fragmentsLost, fragmentsTotal - fragmentsLost <= heard.length);

  const strengths = heard.flatMap(({ rssiTenthDbm }) => rssiTenthDbm ?? []);
  if (isPartial(uplink, collected)) {
    const [least, most] = [Math.min(...strengths) / 10, Math.max(...strengths) / 10];
    same("RSSI", rssiDbm, rssiDbm !== undefined && rssiDbm >= least && rssiDbm <= most);
  } else same("RSSI", rssiDbm, rssiDbm === meanDbm(strengths, header.rssiTenthDbm));
  return faults;
}

function meanDbm(tenths: readonly number[], ofHeader: number | undefined): number | undefined {
  if (tenths.length === 0) return ofHeader === undefined ? undefined : ofHeader / 10;
  return Math.round(tenths.reduce((sum, tenth) => sum + tenth, 0) / tenths.length) / 10;
}
