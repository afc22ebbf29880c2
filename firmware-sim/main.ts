import { runProcess } from "../base/run-process.ts";
import { parseArguments } from "./arguments.ts";
import { startFirmwareSim } from "./start-firmware-sim.ts";

await runProcess("firmware-sim", (log) =>
  startFirmwareSim(parseArguments(process.argv.slice(2)), log, { input: process.stdin }),
);
