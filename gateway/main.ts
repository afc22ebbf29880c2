import { parseConfig } from "../base/config.ts";
import { runProcess } from "../base/run-process.ts";
import { GatewayConfig, startGateway } from "./start-gateway.ts";

await runProcess("gateway", (log) => startGateway(parseConfig(GatewayConfig, process.env), log));
