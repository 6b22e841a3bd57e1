package org.amortis.engine.math;

/// Names one family of random numbers: a seed and a stream.
///
/// The seed is the key of [Philox], low word first; the stream is the last word of its counter. Two
/// keys that differ in either never share a block.
///
/// @param seed chosen by the user
/// @param stream one number for each use: initial weights, simulator, shuffling, sampling
public record RandomKey(long seed, int stream) {
  /// Returns the key of another stream of the same seed.
  public RandomKey stream(int other) {
    return new RandomKey(seed, other);
  }
}
