import { attackNetwork } from "./network-attack.ts";

// A process of its own, so that what is measured of the event loop is the attacked one's.
const [seed = "1", messages = "1000", forged = "1000"] = process.argv.slice(2);
process.on("unhandledRejection", (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 3;
});
const seen = await attackNetwork(seed, Number(messages), Number(forged));
process.stdout.write(`${JSON.stringify(seen)}\n`);
