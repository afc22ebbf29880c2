/** GSM 7-bit default alphabet (3GPP TS 23.038, table 6.2.1), in code order; position 27 is the escape. */
const GSM =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Its extension table: each takes an escape and this code. */
const GSM_EXTENDED: Readonly<Record<string, number>> = {
  ...{ "\f": 0x0a, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2f, "[": 0x3c, "~": 0x3d },
  ...{ "]": 0x3e, "|": 0x40, "€": 0x65 },
};
const ESCAPE = 0x1b;
const CODES = new Map(Array.from(GSM, (sign, code) => [sign, code]));

/** What a message of one part holds, and what each part of a longer one holds beside its header of 6 bytes. */
const GSM_ALONE = 160;
const GSM_PART = 153;
const UCS2_ALONE = 70;
const UCS2_PART = 67;
/** More than this nobody reads; the text is cut to it. */
export const PARTS_MAX = 6;

export interface SmsPart {
  /** Header and text as they go into short_message: GSM codes are one a byte, as SMPP has it; UCS-2 is big endian. */
  readonly bytes: Uint8Array;
  readonly hasHeader: boolean;
}

export interface SmsParts {
  /** data_coding: 0 the SMSC's default alphabet, 8 UCS-2. */
  readonly dataCoding: 0 | 8;
  readonly parts: readonly SmsPart[];
}

/** Parts of a text, at most `PARTS_MAX`. `reference`, 0 to 255, is the same in all parts and tells messages apart. */
export function splitSms(text: string, reference: number): SmsParts {
  const gsm = gsmSigns(text);
  if (gsm !== undefined) {
    const parts = cut(gsm, GSM_ALONE, GSM_PART);
    return { dataCoding: 0, parts: withHeaders(parts, reference) };
  }
  const signs = Array.from(text, ucs2Of); // a pair of surrogates is not torn apart
  const parts = cut(signs, UCS2_ALONE * 2, UCS2_PART * 2);
  return { dataCoding: 8, parts: withHeaders(parts, reference) };
}

/** Each sign's codes, or undefined when one is not in the alphabet. */
function gsmSigns(text: string): readonly (readonly number[])[] | undefined {
  const signs: (readonly number[])[] = [];
  for (const sign of text) {
    const code = CODES.get(sign);
    const extended = GSM_EXTENDED[sign];
    if (code !== undefined && code !== ESCAPE) signs.push([code]);
    else if (extended !== undefined) signs.push([ESCAPE, extended]);
    else return undefined;
  }
  return signs;
}

function ucs2Of(sign: string): readonly number[] {
  const bytes: number[] = [];
  for (let at = 0; at < sign.length; at++) {
    const unit = sign.charCodeAt(at);
    bytes.push(unit >> 8, unit & 0xff);
  }
  return bytes;
}

/** No sign is torn over two parts. */
function cut(
  signs: readonly (readonly number[])[],
  alone: number,
  part: number,
): readonly (readonly number[])[] {
  const all = signs.flat();
  if (all.length <= alone) return [all];
  const parts: number[][] = [[]];
  for (const sign of signs) {
    let last = parts.at(-1) ?? [];
    if (last.length + sign.length > part) {
      if (parts.length === PARTS_MAX) return parts;
      last = [];
      parts.push(last);
    }
    last.push(...sign);
  }
  return parts;
}

/** The concatenation header of 3GPP TS 23.040, section 9.2.3.24.1: 05 00 03, reference, how many, which. */
function withHeaders(parts: readonly (readonly number[])[], reference: number): readonly SmsPart[] {
  if (parts.length === 1) return [{ bytes: Uint8Array.from(parts[0] ?? []), hasHeader: false }];
  return parts.map((text, at) => ({
    bytes: Uint8Array.from([5, 0, 3, reference & 0xff, parts.length, at + 1, ...text]),
    hasHeader: true,
  }));
}
