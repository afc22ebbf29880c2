/** The position is the rank: what is told first. */
export const SEVERITIES = ["critical", "major", "minor", "warning"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

export const severityOf = (text: string): Severity =>
  SEVERITIES.find((severity) => severity === text) ?? "critical"; // what cannot be read is not made light of
