/** Two by two, row by row: e east, n north. */
export interface Matrix2 {
  readonly ee: number;
  readonly en: number;
  readonly ne: number;
  readonly nn: number;
}

export const diagonal = (value: number): Matrix2 => ({ ee: value, en: 0, ne: 0, nn: value });

export const plus = (a: Matrix2, b: Matrix2, times = 1): Matrix2 => ({
  ee: a.ee + times * b.ee,
  en: a.en + times * b.en,
  ne: a.ne + times * b.ne,
  nn: a.nn + times * b.nn,
});

export const scaled = (a: Matrix2, by: number): Matrix2 => plus(diagonal(0), a, by);

export const product = (a: Matrix2, b: Matrix2): Matrix2 => ({
  ee: a.ee * b.ee + a.en * b.ne,
  en: a.ee * b.en + a.en * b.nn,
  ne: a.ne * b.ee + a.nn * b.ne,
  nn: a.ne * b.en + a.nn * b.nn,
});

export const transposed = ({ ee, en, ne, nn }: Matrix2): Matrix2 => ({ ee, en: ne, ne: en, nn });

/** Of a matrix that is not singular. */
export function inverse({ ee, en, ne, nn }: Matrix2): Matrix2 {
  const by = 1 / (ee * nn - en * ne);
  return { ee: nn * by, en: -en * by, ne: -ne * by, nn: ee * by };
}

/** What rounding made unequal is equal again. */
export function symmetric({ ee, en, ne, nn }: Matrix2): Matrix2 {
  const mean = (en + ne) / 2;
  return { ee, en: mean, ne: mean, nn };
}
