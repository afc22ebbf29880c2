/* Times libfec's K=7 rate 1/2 decoder on soft symbols from a file, one round per line on stdin.
 * usage: libfec-harness SYMBOLS FRAMES BITS     (SYMBOLS: FRAMES x 2 x (BITS + 6) bytes, 0..255)
 * each line n on stdin: decode all frames n times; prints elapsed ns and a checksum of the bits. */
#include <fec.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int frames = atoi(argv[2]), bits = atoi(argv[3]);
  size_t frame_symbols = 2 * (size_t)(bits + 6), size = frames * frame_symbols;
  unsigned char *symbols = malloc(size), *decoded = calloc((size_t)(bits + 7) / 8 + 1, 1);
  FILE *file = fopen(argv[1], "rb");
  if (!symbols || !decoded || !file || fread(symbols, 1, size, file) != size) return 3;
  /* Our own first two generators: libfec keeps its newest bit in bit 0, too. */
  int polynomials[2] = {0x6d, 0x4f};
  set_viterbi27_polynomial(polynomials);
  void *decoder = create_viterbi27(bits);
  if (!decoder) return 4;
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    int rounds = atoi(line);
    uint32_t checksum = 0;
    int64_t start = now_ns();
    for (int round = 0; round < rounds; round++) {
      checksum = 0;
      for (int frame = 0; frame < frames; frame++) {
        init_viterbi27(decoder, 0);
        update_viterbi27_blk(decoder, symbols + frame * frame_symbols, bits + 6);
        chainback_viterbi27(decoder, decoded, bits, 0);
        for (int i = 0; i < bits / 8; i++) checksum = checksum * 31 + decoded[i];
      }
    }
    printf("%lld %u\n", (long long)(now_ns() - start), checksum);
    fflush(stdout);
  }
  delete_viterbi27(decoder);
  return 0;
}
