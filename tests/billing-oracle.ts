// Reckons what domain/billing reckons, by other means and importing nothing of it: it walks day by day where that one
// works with stretches, and takes fractions of whole numbers where that one takes a library's money.

/** Half-even of a fraction. */
export function halfEven(numerator: bigint, denominator: bigint): bigint {
  const floor =
    (numerator - (((numerator % denominator) + denominator) % denominator)) / denominator;
  const rest = 2n * (numerator - floor * denominator);
  if (rest > denominator) return floor + 1n;
  if (rest < denominator) return floor;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** Of a price with at most six decimals, in millionths. */
export const millionths = (price: string): bigint => BigInt(Math.round(Number(price) * 1e6));

export interface OracleCharge {
  readonly kind: string;
  readonly amount?: string;
  readonly price?: string;
  readonly size?: number;
  readonly basisPoints?: number;
  readonly tiers?: readonly { upTo: number | null; price: string; flat: string }[];
}

/** Unit by unit: what a charge comes to, in hundredths of the major unit. */
export function oracleNet(
  charge: OracleCharge,
  units: number,
  fee: { readonly amount: string; readonly months: number },
): bigint {
  if (units <= 0) return 0n;
  const coins = (total: bigint): bigint => halfEven(total, 10_000n);
  const tiers = charge.tiers ?? [];
  switch (charge.kind) {
    case "flat":
      return coins(millionths(charge.amount ?? ""));
    case "per-unit":
      return coins(millionths(charge.price ?? "") * BigInt(units));
    case "package":
      return coins(millionths(charge.price ?? "") * BigInt(Math.ceil(units / (charge.size ?? 1))));
    case "percentage":
      return halfEven(
        millionths(fee.amount) * BigInt(units) * BigInt(charge.basisPoints ?? 0),
        10_000n * 10_000n * BigInt(fee.months),
      );
    case "volume": {
      const tier = tiers.find(({ upTo }) => upTo === null || units <= upTo);
      return (
        coins(millionths(tier?.price ?? "") * BigInt(units)) + coins(millionths(tier?.flat ?? ""))
      );
    }
    default: {
      const counts = tiers.map(() => 0n);
      for (let unit = 1; unit <= units; unit++) {
        const at = tiers.findIndex(({ upTo }) => upTo === null || unit <= upTo);
        counts[at] = (counts[at] ?? 0n) + 1n;
      }
      return tiers.reduce(
        (sum, { price, flat }, at) =>
          counts[at] === 0n || counts[at] === undefined
            ? sum
            : sum + coins(millionths(price) * counts[at]) + coins(millionths(flat)),
        0n,
      );
    }
  }
}

export interface OracleLife {
  readonly from: string;
  readonly to: string;
  readonly terms: readonly { from: string; plan: string; fee: string; months: number }[];
  readonly pauses: readonly { from: string; to: string }[];
}

/** All that a life comes to in fees for periods of the calendar, in hundredths of the major unit. */
export function oracleFees({ from, to, terms, pauses }: OracleLife): bigint {
  const buckets = new Map<string, { days: number; whole: number; fee: string }>();
  for (let ms = Date.parse(from); ms < Date.parse(to); ms += 86_400_000) {
    const day = new Date(ms).toISOString().slice(0, 10);
    if (pauses.some((pause) => day >= pause.from && day < pause.to)) continue;
    const term = terms.findLast((one) => day >= one.from);
    if (term === undefined) continue;
    const [year = 0, month = 1] = day.split("-").map(Number);
    const first = Math.floor((month - 1) / term.months) * term.months;
    const whole = (Date.UTC(year, first + term.months, 1) - Date.UTC(year, first, 1)) / 86_400_000;
    const key = `${term.plan} ${year}-${first}`;
    const bucket = buckets.get(key) ?? { days: 0, whole, fee: term.fee };
    buckets.set(key, { ...bucket, days: bucket.days + 1 });
  }
  return [...buckets.values()].reduce(
    (sum, { days, whole, fee }) =>
      sum + halfEven(millionths(fee) * BigInt(days), 10_000n * BigInt(whole)),
    0n,
  );
}
