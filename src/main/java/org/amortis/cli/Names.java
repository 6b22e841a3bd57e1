package org.amortis.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.amortis.engine.Failure;

/// Looks up names the user typed, and the nearest known name for those that do not exist.
final class Names {
  private Names() {}

  /// The name itself if it is known.
  ///
  /// @param what what is named, for example `device`
  /// @throws Failure naming the nearest known name, or all of them where none is near
  static String resolve(String what, String name, Collection<String> known) {
    if (known.contains(name)) {
      return name;
    }
    throw Failure.usage("unknown " + what + " '" + name + "'").advise(hint(name, known));
  }

  /// `did you mean 'x'?` where a known name is near, else the list of the known names.
  static String hint(String name, Collection<String> known) {
    return nearest(name, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known: " + String.join(", ", known));
  }

  /// The known name with the fewest edits to `name`, if they are few for its length.
  static Optional<String> nearest(String name, Collection<String> known) {
    int limit = Math.max(1, name.length() / 2);
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words,
  /// whatever their case (optimal string alignment distance).
  static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
