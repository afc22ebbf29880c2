/** Those that the browser knows; UTC is not in its list. */
export const TIME_ZONES: { value: string; label: string }[] = [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC"),
].map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
