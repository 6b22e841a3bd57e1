package org.amortis.studies.msp;

import java.util.List;
import java.util.Optional;

/// The methods of the study, in the order of its table.
final class Methods {
  private static final List<Method> ALL =
      List.of(new PairwiseMethod(), new NbeMethod(), new FklMethod(), new NreMethod());

  private Methods() {}

  static List<String> names() {
    return ALL.stream().map(Method::name).toList();
  }

  /// The method of that name, if there is one.
  static Optional<Method> find(String name) {
    return ALL.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /// The method of that name, which is known to exist.
  static Method of(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no method " + name));
  }
}
