package org.amortis.studies.gp;

import java.util.List;
import java.util.Optional;

/// The methods of the study, in the order of its table.
final class Methods {
  private static final List<Method> ALL =
      List.of(
          new ExactMethod(),
          new McmcMethod(),
          new NbeMethod(),
          new FklMethod(),
          Rkl1Method.spline(),
          SummaryPosteriorMethod.handCrafted(),
          SummaryPosteriorMethod.learned(),
          new NreMethod(),
          ChainsMethod.neural(),
          ChainsMethod.synthetic(),
          Rkl1Method.gaussian(),
          Rkl1Method.published());

  private Methods() {}

  /// All of them.
  static List<Method> all() {
    return ALL;
  }

  /// The names of all.
  static List<String> names() {
    return ALL.stream().map(Method::name).toList();
  }

  /// The names of those that run when none is named.
  static List<String> byDefault() {
    return ALL.stream().filter(Method::byDefault).map(Method::name).toList();
  }

  /// The method of that name.
  static Optional<Method> find(String name) {
    return ALL.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /// The method of that name, which is known to exist.
  static Method of(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no method " + name));
  }
}
