import { parseConfig } from "../base/config.ts";
import { runProcess } from "../base/run-process.ts";
import { BrokerConfig, startBrokerProcess } from "./start-broker.ts";

await runProcess("broker", (log) =>
  startBrokerProcess(parseConfig(BrokerConfig, process.env), log),
);
