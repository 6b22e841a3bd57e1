// The counter-based generator Philox4x32-10; follows normal.h.
//
// The words of engine.math.Philox, the counters and keys of engine.math.Streams: the same integers on every
// device. Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.

// The four output words of one counter.
typedef struct {
  uint w0, w1, w2, w3;
} Words;

DEVICE Words philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1) {
  Words w;
  for (int round = 0; round < 10; round++) {
    uint a = MULTIPLY_HIGH(0xD2511F53U, c0);
    uint b = MULTIPLY_HIGH(0xCD9E8D57U, c2);
    uint d0 = b ^ c1 ^ k0;
    uint d2 = a ^ c3 ^ k1;
    c1 = 0xCD9E8D57U * c2;
    c3 = 0xD2511F53U * c0;
    c0 = d0;
    c2 = d2;
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  w.w0 = c0;
  w.w1 = c1;
  w.w2 = c2;
  w.w3 = c3;
  return w;
}

// The block of an item: key words (seed low, seed high), counter words (item, 0, step, stream).
DEVICE Words stream_words(int seed_low, int seed_high, int step, int stream, int item) {
  return philox((uint)item, 0U, (uint)step, (uint)stream, (uint)seed_low, (uint)seed_high);
}

// (2k + 1) 2^-24 with k the upper 23 bits of word 0: exact in float and in double.
DEVICE real uniform_single(Words w) { return (real)((w.w0 >> 9) * 2U + 1U) * R(0x1p-24); }
