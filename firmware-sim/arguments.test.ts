import { expect, it } from "vitest";
import { parseArguments } from "./arguments.ts";

it("has a default for everything: four modems on loopback", () => {
  const given = parseArguments([]);
  expect(given).toMatchObject({ seed: "hopline", terminals: 200, state: undefined, button: false });
  expect(given.modemListen).toHaveLength(4);
});

it("takes what is given", () => {
  const lines = ["tcp://127.0.0.1:0", "serial:///dev/pts/3"];
  const listen = lines.flatMap((url) => ["--modem-listen", url]);
  const given = parseArguments([
    ...listen,
    "--seed",
    "s",
    "--terminals",
    "9",
    "--state",
    "a.sqlite",
    "--button",
  ]);
  const rest = { state: "a.sqlite", button: true };
  expect(given).toMatchObject({ seed: "s", terminals: 9, modemListen: lines, ...rest });
});

it.each([
  [["--terminals", "0"], /--terminals must be a whole number from 1 to/],
  [["--terminals", "many"], /--terminals must be/],
  [["--seed="], /--seed must be/],
  [["--sed", "x"], /--sed/],
  [Array.from({ length: 5 }, () => "--modem-listen=tcp://h:1"), /4 times at most/],
])("refuses %j and says what is allowed", (given, message) => {
  expect(() => parseArguments(given)).toThrow(message);
  expect(() => parseArguments(given)).toThrow(/--enrolment FILE/);
});
