export const SIGNAL_KINDS = [
  ...(["condition", "silence", "rate-of-change"] as const),
  ...(["geofence", "schedule", "guard"] as const),
];
export const RULE_STATES = ["on", "off", "retired"] as const;
export const RULE_ORIGINS = ["profile", "operator"] as const;
export const RULE_SORTS = ["title", "severity", "changed"] as const;
const SEVERITIES = ["critical", "major", "minor", "warning"] as const;

/** What stands in the address of the list of rules. */
export interface RulesSearch {
  readonly search?: string;
  readonly kind?: (typeof SIGNAL_KINDS)[number];
  readonly severity?: (typeof SEVERITIES)[number];
  readonly profile?: string;
  readonly state?: (typeof RULE_STATES)[number];
  readonly origin?: (typeof RULE_ORIGINS)[number];
  /** Without it: by title. */
  readonly sort?: (typeof RULE_SORTS)[number];
}

type Raw = Readonly<Record<string, unknown>>;

/** A link may say anything: only what the page knows is taken. */
export function validRulesSearch(raw: Raw): RulesSearch {
  const text = (name: string): object => {
    const value = raw[name];
    const isText = (typeof value === "string" && value !== "") || typeof value === "number";
    return isText ? { [name]: String(value).slice(0, 100) } : {};
  };
  const oneOf = (name: string, all: readonly string[]): object =>
    all.some((each) => each === raw[name]) ? { [name]: raw[name] } : {};
  return {
    ...text("search"),
    ...text("profile"),
    ...oneOf("kind", SIGNAL_KINDS),
    ...oneOf("severity", SEVERITIES),
    ...oneOf("state", RULE_STATES),
    ...oneOf("origin", RULE_ORIGINS),
    ...(raw["sort"] === "title" ? {} : oneOf("sort", RULE_SORTS)),
  };
}
