import type { Alarm } from "../api/types.ts";

/** The worst first. */
export const SEVERITIES: readonly Alarm["severity"][] = ["critical", "major", "minor", "warning"];
