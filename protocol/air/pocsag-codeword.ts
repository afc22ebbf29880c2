/** BCH(31,21) with even parity: minimum distance 6, so 2 wrong bits are repaired and 3 are noticed. */

const GENERATOR = 0x769;
const CODEWORD_BITS = 32;
const SYNDROMES = 2048;

/** Check bits and parity for 21 information bits in bits 31..11; lower bits are ignored. */
export function completeCodeword(information: number): number {
  const body = (information & 0xffff_f800) >>> 0;
  const word = (body | (remainder(body) << 1)) >>> 0;
  return (word | oddOnes(word)) >>> 0;
}

/** Remainder of bits 31..1 by the generator. */
function remainder(word: number): number {
  let rest = word >>> 1;
  for (let bit = 30; bit >= 10; bit--) {
    if ((rest >>> bit) & 1) rest ^= GENERATOR << (bit - 10);
  }
  return rest;
}

function oddOnes(word: number): number {
  let folded = word ^ (word >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  return (0x6996 >>> (folded & 15)) & 1;
}

const syndrome = (word: number): number => (remainder(word) << 1) | oddOnes(word);

/** By syndrome the bits to flip; 0 where more than two are wrong. */
const REPAIRS = ((): Uint32Array => {
  const repairs = new Uint32Array(SYNDROMES);
  for (let first = 0; first < CODEWORD_BITS; first++) {
    for (let second = first; second < CODEWORD_BITS; second++) {
      const flips = ((1 << first) | (1 << second)) >>> 0;
      repairs[syndrome(flips)] = flips;
    }
  }
  return repairs;
})();

/** The codeword that at most two flipped bits turned into this word. */
export function correctCodeword(word: number): { word: number; corrected: number } | undefined {
  const wrong = syndrome(word);
  if (wrong === 0) return { word: word >>> 0, corrected: 0 };
  const flips = REPAIRS[wrong] ?? 0;
  if (flips === 0) return undefined;
  return { word: (word ^ flips) >>> 0, corrected: (flips & (flips - 1)) === 0 ? 1 : 2 };
}
