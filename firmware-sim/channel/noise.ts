/**
 * Chance as a function of a place and not of the order of asking: the same key and place always give the same
 * number, so whoever asks first, or asks twice, hears the same radio.
 */
const UINT32 = 4_294_967_296;

/** murmur3's mixing (Austin Appleby, public domain) over a few words. */
export function placeHash(key: number, x: number, y = 0): number {
  let h = mixIn(mixIn(key, x | 0), y | 0);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mixIn(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** A key from words: the seed, what the chance is for, whose it is. */
export function placeKey(...parts: readonly (string | number)[]): number {
  let hash = 0x9747b28c;
  for (const part of parts) {
    const text = String(part);
    for (let i = 0; i < text.length; i++) hash = mixIn(hash, text.charCodeAt(i));
    hash = mixIn(hash, 0x10000); // "ab", "c" is not "a", "bc"
  }
  return placeHash(hash, parts.length);
}

/** Uniform in [0, 1). */
export const placeUniform = (key: number, x: number, y = 0): number =>
  placeHash(key, x, y) / UINT32;

/** Standard normal by Box and Muller. */
export function placeNormal(key: number, x: number, y = 0): number {
  const first = placeHash(key, x, y);
  const second = placeHash(first ^ 0x5bd1e995, x, y);
  const radius = Math.sqrt(-2 * Math.log((first + 0.5) / UINT32));
  return radius * Math.cos((2 * Math.PI * second) / UINT32);
}
