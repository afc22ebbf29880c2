import { dinero, halfEven, multiply, toSnapshot, transformScale } from "dinero.js/bigint";
import * as currencies from "dinero.js/bigint/currencies";
import { InvalidInputError } from "../../base/errors.ts";

/**
 * Amounts are whole minor units (fen, cents) in a safe integer and prices are decimal text in major units, so that
 * nothing of them is ever a fraction in binary. A currency is the account's: nothing here converts one into another.
 */
export type Minor = number;

interface Currency {
  readonly code: string;
  readonly base: bigint | readonly bigint[];
  readonly exponent: bigint;
}

const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  Object.values(currencies).map((currency) => [currency.code, currency]),
);

/** Digits behind the point of a price: a byte costs less than the smallest coin. */
export const PRICE_DECIMALS = 6;
const PRICE = /^(\d{1,9})(?:\.(\d{1,6}))?$/;
const BASIS_POINT_DECIMALS = 4n;

/** Throws an InvalidInputError that names the field when ISO 4217 has no such currency. */
export function requireCurrency(field: string, code: string): string {
  if (!CURRENCIES.has(code))
    throw new InvalidInputError(field, `${field} must be a currency of ISO 4217, such as CNY`);
  return code;
}

/** Digits behind the point of an amount: 2 for CNY, 0 for JPY. */
export const decimalsOf = (currency: string): number => Number(known(currency).exponent);

function known(code: string): Currency {
  const currency = CURRENCIES.get(code);
  if (currency === undefined) throw new Error(`${code} was not checked`);
  return currency;
}

/** A decimal text that is not negative; of so many digits behind the point at most. Throws an InvalidInputError. */
export function requirePrice(field: string, text: string, decimals = PRICE_DECIMALS): string {
  const match = PRICE.exec(text);
  if (match === null)
    throw new InvalidInputError(
      field,
      `${field} must be a price such as 12.50: not negative, at most ${PRICE_DECIMALS} decimals`,
    );
  if ((match[2]?.replace(/0+$/, "").length ?? 0) > decimals)
    throw new InvalidInputError(
      field,
      `${field} is an amount to pay and has at most ${decimals} decimals`,
    );
  return text;
}

/** Of a price that was checked, in millionths of the major unit. */
export function millionthsOf(price: string): bigint {
  const [whole = "0", part = ""] = price.split(".");
  return BigInt(whole + part.padEnd(PRICE_DECIMALS, "0"));
}

const safe = (amount: bigint): Minor => {
  const value = Number(amount);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${amount} is beyond any amount of money`);
  return value;
};

/** So many times a price, rounded half-even to the minor unit once. */
export function timesPrice(currency: string, price: string, quantity: number): Minor {
  const { exponent } = known(currency);
  const total = multiply(
    dinero({
      ...{ amount: millionthsOf(price), scale: BigInt(PRICE_DECIMALS) },
      currency: { code: currency, base: 10n, exponent },
    }),
    BigInt(quantity),
  );
  return safe(toSnapshot(transformScale(total, exponent, halfEven)).amount);
}

/** So many hundredths of a per cent of an amount, half-even: 1300 of 100 are 13. */
export function basisPointsOf(currency: string, amount: Minor, basisPoints: number): Minor {
  const { exponent } = known(currency);
  const part = multiply(
    dinero({ amount: BigInt(amount), currency: { code: currency, base: 10n, exponent } }),
    { amount: BigInt(basisPoints), scale: BASIS_POINT_DECIMALS },
  );
  return safe(toSnapshot(transformScale(part, exponent, halfEven)).amount);
}

/** `amount · parts / whole`, half-even; dinero has no division by what is no power of ten. */
export function shareOf(amount: Minor, parts: number, whole: number): number {
  if (whole <= 0) throw new RangeError("a share of nothing");
  const product = BigInt(amount) * BigInt(parts);
  const isNegative = product < 0n;
  const size = isNegative ? -product : product;
  const by = BigInt(whole);
  const quotient = size / by;
  const twice = (size % by) * 2n;
  const isUp = twice > by || (twice === by && quotient % 2n === 1n);
  const rounded = quotient + (isUp ? 1n : 0n);
  return safe(isNegative ? -rounded : rounded);
}

/** 123456 of CNY is `1234.56`. */
export function formatAmount(currency: string, amount: Minor): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const sign = amount < 0 ? "-" : "";
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The other way round; undefined where it is no amount of this currency. */
export function parseAmount(currency: string, text: string): Minor | undefined {
  const decimals = decimalsOf(currency);
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text);
  const part = match?.[3] ?? "";
  if (match === null || part.length > decimals) return undefined;
  const size = Number(`${match[2]}${part.padEnd(decimals, "0")}`);
  return match[1] === "-" ? 0 - size : size;
}
