import { toHex } from "../../protocol/hex.ts";
import type { DemoCustomer, DemoTerminal } from "./demo-customers.ts";

/** The factory's file of the demonstration's terminals, as any factory would send it. */
export const terminalsCsv = (terminals: readonly DemoTerminal[]): string =>
  csv(
    "address,serial,root_key,profile,hardware_version,firmware_version,batch,name,latitude,longitude",
    terminals.map((terminal) => [
      ...[terminal.address, terminal.serial, toHex(terminal.rootKey), terminal.profile],
      ...[terminal.hardwareVersion, terminal.firmwareVersion, "demo", terminal.name],
      ...[terminal.latitude ?? "", terminal.longitude ?? ""],
    ]),
  );

/** The list of customers that an office would bring along. */
export const customersCsv = (customers: readonly DemoCustomer[]): string =>
  csv(
    "number,kind,name,parent_number,email,phone,language,time_zone,tags",
    customers.map(({ number, kind, name, parent, email, phone, language, tags }) => [
      ...[number, kind, name, parent ?? "", email ?? "", phone ?? ""],
      ...[language ?? "en", "Asia/Shanghai", tags ?? ""],
    ]),
  );

const csv = (header: string, lines: readonly (readonly (string | number)[])[]): string =>
  `${[header, ...lines.map((cells) => cells.map(quoted).join(","))].join("\r\n")}\r\n`;

function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
