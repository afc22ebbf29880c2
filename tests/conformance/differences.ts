/** Keys of a vector that are words for people. */
const WORDS = new Set(["why", "note", "about"]);
const TEXT_MAX = 100;

/**
 * What differs between a vector's answer and ours, a line each. Both must have the same fields: one
 * that nobody compared would look as if it had passed.
 */
export function differences(
  expected: unknown,
  actual: unknown,
  path: string,
  relativeTolerance = 0,
): string[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys]
      .filter((key) => !WORDS.has(key))
      .flatMap((key) =>
        differences(expected[key], actual[key], `${path}.${key}`, relativeTolerance),
      );
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differences(expected[index], actual[index], `${path}[${index}]`, relativeTolerance),
    ).flat();
  }
  if (isNear(expected, actual, relativeTolerance)) return [];
  return [`${path} must be ${shown(expected)}, is ${shown(actual)}`];
}

function isNear(expected: unknown, actual: unknown, relativeTolerance: number): boolean {
  if (Object.is(expected, actual)) return true;
  if (typeof expected !== "number" || typeof actual !== "number") return false;
  // -0 and 0 are the same value on the wire and in JSON
  return Math.abs(expected - actual) <= relativeTolerance * Math.abs(expected);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}
