import { type Random, randomInteger } from "../../base/random.ts";

/** What people who look for holes type first, and what is merely unlucky. */
const ODD_TEXTS: readonly string[] = [
  ...["", " ", "0", "-1", "-0", "00", "1e9", "1e400", "0x10", "1.5", "NaN", "Infinity", "null"],
  ...[
    "true",
    "undefined",
    "[object Object]",
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
  ],
  ...[
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775808",
    "99999999999999999999",
  ],
  ...[
    "'",
    "''",
    '"',
    "`",
    ";",
    "--",
    "' or '1'='1",
    "'; drop table packet; --",
    "$1",
    "%",
    "_",
    "\\",
  ],
  ...[
    "../../etc/passwd",
    "..%2f..%2f",
    "/",
    "//",
    "?",
    "#",
    "&",
    "a=b",
    ",",
    ",,,",
    "a,a,a",
    "*",
    "+",
  ],
  ...[
    "\0",
    "\u0001",
    "\n",
    "\r\nX: y",
    "\t",
    "\u007f",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ud800",
    "😀",
    "漢字",
    "é",
  ],
  ...[
    "2026-10-01",
    "2026-10-01T08:00:00Z",
    "2026-13-45T99:99:99Z",
    "+275760-09-13",
    "-271821-04-20T00:00:00Z",
  ],
  ...[
    "0000-01-01",
    "1677-09-21T00:12:43Z",
    "2262-04-12",
    "9999-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00+25:00",
  ],
  ...[
    "1s",
    "0s",
    "60s",
    "-60s",
    "999999999999s",
    "1ns",
    "1y",
    "60",
    "P1D",
    "mean",
    "vehicle",
    "new",
    "gw-1",
    "speed",
  ],
  ...[
    "x".repeat(200),
    "9".repeat(400),
    "(a+)+$",
    "[",
    "{",
    "{}",
    "[]",
    '{"a":1}',
    "eyJhIjoxfQ==",
    "AAAA",
    "%00",
  ],
];

export function oddText(random: Random): string {
  const one = ODD_TEXTS[randomInteger(random, ODD_TEXTS.length)] ?? "";
  const chance = random.next();
  if (chance < 0.7) return one;
  if (chance < 0.85) return one + (ODD_TEXTS[randomInteger(random, ODD_TEXTS.length)] ?? "");
  const length = randomInteger(random, 12);
  return String.fromCodePoint(...Array.from({ length }, () => randomInteger(random, 0x3_0000)));
}

export const oneOf = <T>(random: Random, list: readonly [T, ...T[]]): T =>
  list[randomInteger(random, list.length)] ?? list[0];
