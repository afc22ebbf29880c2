import { ATTACKS } from "./attacks.ts";
import { createWatch, unwatched } from "./watch.ts";

// A process of its own, so that what is seen of the event loop, memory and coverage is the attacked code's.
const [name = "", seed = "1", size] = process.argv.slice(2);
process.on("unhandledRejection", (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 3;
});
const attack = ATTACKS.find((each) => each.name === name);
if (!attack) throw new Error(`no attack is called ${name}`);
await attack.run(`${seed} warm-up`, Math.ceil(attack.size / 20), unwatched); // loading and compiling is nobody's attack
const { watch, cost } = createWatch();
const seen = await attack.run(seed, size === undefined ? attack.size : Number(size), watch);
process.stdout.write(`${JSON.stringify({ cost: cost(), seen })}\n`);
