import { parseConfig } from "../base/config.ts";
import { runProcess } from "../base/run-process.ts";
import { NetworkConfig, startNetwork } from "./start-network.ts";

await runProcess("network", (log) => startNetwork(parseConfig(NetworkConfig, process.env), log));
