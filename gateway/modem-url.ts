import { InvalidConfigError } from "../base/errors.ts";

export const BAUD_DEFAULT = 921_600;
const BAUDS = [
  9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000,
];

export type ModemUrl =
  | {
      readonly transport: "serial";
      readonly name: string;
      readonly path: string;
      readonly baud: number;
    }
  | {
      readonly transport: "tcp";
      readonly name: string;
      readonly host: string;
      readonly port: number;
    };

/** The setting MODEMS: a comma list. Every wrong one is named. */
export function parseModemUrls(list: string | undefined): readonly ModemUrl[] {
  const texts = (list ?? "").split(",").map((text) => text.trim());
  const parsed = texts
    .filter((text) => text !== "")
    .map((text) => [text, parseModemUrl(text)] as const);
  const problems = parsed.flatMap(([, url]) => (typeof url === "string" ? [url] : []));
  const names = parsed.map(([text]) => text);
  problems.push(
    ...new Set(
      names
        .filter((name, i) => names.indexOf(name) !== i)
        .map((name) => `MODEMS: ${name} is named twice`),
    ),
  );
  if (problems.length > 0) throw new InvalidConfigError(problems);
  return parsed.flatMap(([, url]) => (typeof url === "string" ? [] : [url]));
}

function parseModemUrl(text: string): ModemUrl | string {
  const wrong = (reason: string) =>
    `MODEMS: ${text} ${reason}; write serial:///dev/ttyUSB0?baud=${BAUD_DEFAULT} or tcp://host:port`;
  if (!URL.canParse(text)) return wrong("is not a URL");
  const url = new URL(text);
  if (url.protocol === "serial:") return parseSerial(text, url, wrong);
  if (url.protocol !== "tcp:") return wrong(`has the unknown kind ${url.protocol}//`);
  const port = Number(url.port);
  if (url.hostname === "") return wrong("names no host");
  if (url.port === "" || port < 1) return wrong("names no port");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { transport: "tcp", name: text, host, port };
}

function parseSerial(text: string, url: URL, wrong: (reason: string) => string): ModemUrl | string {
  const path = decodeURIComponent(url.pathname);
  if (url.hostname !== "" || !path.startsWith("/") || path.length < 2) {
    return wrong("names no device (three slashes, then the path)");
  }
  const unknown = [...url.searchParams.keys()].find((key) => key !== "baud");
  if (unknown !== undefined) return wrong(`has the unknown option ${unknown}`);
  const baud = Number(url.searchParams.get("baud") ?? BAUD_DEFAULT);
  if (!BAUDS.includes(baud)) return wrong(`has a baud that is none of ${BAUDS.join(", ")}`);
  return { transport: "serial", name: text, path, baud };
}
