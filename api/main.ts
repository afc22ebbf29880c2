import { parseConfig } from "../base/config.ts";
import { runProcess } from "../base/run-process.ts";
import { ApiConfig, startApiProcess } from "./start-api.ts";

await runProcess("api", (log) => startApiProcess(parseConfig(ApiConfig, process.env), log));
