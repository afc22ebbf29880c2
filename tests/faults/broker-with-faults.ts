import { parseConfig } from "../../base/config.ts";
import { runProcess } from "../../base/run-process.ts";
import { BrokerConfig, startBrokerProcess } from "../../broker/start-broker.ts";
import { faultPointOf } from "./fault-points.ts";

// The broker process as it is, with a step at which it may die.
await runProcess("broker", (log) =>
  startBrokerProcess(parseConfig(BrokerConfig, process.env), log, faultPointOf(process.env)),
);
