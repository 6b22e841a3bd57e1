package org.amortis.bench.lab;

import java.util.Set;

/// How a run of the laboratory measures.
///
/// @param families the families to look at; empty for all
/// @param repetitions how often each experiment is timed; 0 to check only
/// @param seconds least length of one repetition
/// @param small whether the small extents are timed instead of the full ones
public record Settings(Set<String> families, int repetitions, double seconds, boolean small) {
  /// Copies the names.
  public Settings {
    families = Set.copyOf(families);
  }

  /// Five repetitions that take so many seconds together, each at least 50 ms.
  public static Settings of(Set<String> families, double seconds) {
    return new Settings(families, 5, StrictMath.max(0.05, seconds / 5), false);
  }

  /// Whether a family is looked at.
  boolean wants(String family) {
    return families.isEmpty() || families.contains(family);
  }
}
