/** Digits behind the point that a currency is paid in. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** What somebody typed, in major units, as whole minor units; undefined where it is no amount above zero. */
export function minorOf(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const part = match?.[2] ?? "";
  if (match === null || part.length > digits) return undefined;
  const minor = Number(`${match[1] ?? ""}${part.padEnd(digits, "0")}`);
  return minor > 0 ? minor : undefined;
}

/** The same the other way, as one would type it. */
export function majorText(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
}
