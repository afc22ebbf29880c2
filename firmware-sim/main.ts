import { runProcess } from "../base/run-process.ts";
import { parseArguments, USAGE } from "./arguments.ts";
import { startFirmwareSim } from "./start-firmware-sim.ts";

const given = process.argv.slice(2);
if (given.includes("--help")) process.stdout.write(`${USAGE}\n`);
else
  await runProcess("firmware-sim", (log) =>
    startFirmwareSim(parseArguments(given), log, { input: process.stdin }),
  );
