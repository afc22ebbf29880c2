import { describe, expect, it } from "vitest";
import { parseModemUrls } from "./modem-url.ts";

describe("MODEMS", () => {
  it("takes serial lines and TCP connections", () => {
    expect(
      parseModemUrls("serial:///dev/ttyUSB0, serial:///dev/ttyS1?baud=115200,tcp://[::1]:4001"),
    ).toMatchObject([
      { transport: "serial", path: "/dev/ttyUSB0", baud: 921_600 },
      { transport: "serial", path: "/dev/ttyS1", baud: 115_200 },
      { transport: "tcp", host: "::1", port: 4001 },
    ]);
  });

  it("is no modem when unset", () => {
    expect(parseModemUrls(undefined)).toEqual([]);
    expect(parseModemUrls("")).toEqual([]);
  });

  it.each([
    ["/dev/ttyUSB0", "is not a URL"],
    ["http://host:80", "unknown kind http:"],
    ["tcp://host", "names no port"],
    ["serial://dev/ttyUSB0", "names no device"],
    ["serial:///dev/ttyUSB0?baud=31337", "has a baud that is none of 9600,"],
    ["serial:///dev/ttyUSB0?bits=7", "unknown option bits"],
    ["tcp://a:1,tcp://a:1", "named twice"],
  ])("says of %s that it %s", (list, problem) => {
    expect(() => parseModemUrls(list)).toThrow(problem);
  });

  it("names every wrong one at once", () => {
    expect(() => parseModemUrls("x,tcp://host,tcp://b:2")).toThrow(/MODEMS: x .*\n.*tcp:\/\/host /);
  });
});
