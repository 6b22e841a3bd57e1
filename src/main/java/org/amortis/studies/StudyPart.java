package org.amortis.studies;

import java.util.Locale;
import org.amortis.io.Json;

/// A part of a study with random numbers of its own, whose seed comes from the user's one.
///
/// Implemented by an enum a study. The position of a part enters its seed: new parts stand at the
/// end.
public interface StudyPart {
  /// Number of the part, different in all parts of all studies.
  int number();

  /// Its name in the enum.
  String name();

  /// The seed of this part: neighbouring user seeds give unrelated ones (SplitMix64 finaliser,
  /// Steele et al. 2014).
  default long of(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + number() * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// The seed of one of several trainings of the part's network.
  ///
  /// @param training number of the training; 1 has the seed of the part
  default long of(long seed, int training) {
    return training == 1 ? of(seed) : of(of(seed) + training);
  }

  /// The seeds of parts, by name.
  static Json.Obj json(StudyPart[] parts, long seed) {
    Json.Obj all = Json.Obj.empty();
    for (StudyPart part : parts) {
      all = all.with(part.name().toLowerCase(Locale.ROOT), part.of(seed));
    }
    return all;
  }
}
