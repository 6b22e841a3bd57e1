package org.amortis.report;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The colour and dash pattern of every name; the dashes tell lines apart without the colours.
final class Palette {
  /// The exact posterior.
  static final String EXACT = "#4d4d4d";

  private static final Map<String, String> COLOURS =
      Map.ofEntries(
          Map.entry("exact", EXACT),
          Map.entry("dependent", "#2166ac"),
          Map.entry("independent", "#b2182b"),
          Map.entry("MCMC", "#1f77b4"),
          Map.entry("NBE", "#ff7f0e"),
          Map.entry("fKL", "#2ca02c"),
          Map.entry("rKL1", "#d62728"),
          Map.entry("rKL2", "#9467bd"),
          Map.entry("rKL3", "#8c564b"),
          Map.entry("NRE", "#e377c2"),
          Map.entry("NLE", "#17becf"),
          Map.entry("SL", "#bcbd22"),
          Map.entry("rKL1 Gaussian", "#882255"),
          Map.entry("rKL1 as published", "#393b79"),
          Map.entry("mean of the summary", "#111111"),
          Map.entry("mean ± 1.95 sd", "#737373"),
          Map.entry("truth", "#111111"));
  private static final Map<String, List<Integer>> DASHES =
      Map.ofEntries(
          Map.entry("NBE", List.of(2, 2)),
          Map.entry("rKL1", List.of(7, 2)),
          Map.entry("rKL2", List.of(4, 2)),
          Map.entry("rKL3", List.of(8, 2, 2, 2)),
          Map.entry("NRE", List.of(2, 1)),
          Map.entry("NLE", List.of(3, 2)),
          Map.entry("SL", List.of(5, 2)),
          Map.entry("rKL1 Gaussian", List.of(9, 2)),
          Map.entry("rKL1 as published", List.of(3, 2, 1, 2)),
          Map.entry("mean ± 1.95 sd", List.of(4, 3)));
  // Names beyond the studies' own: Okabe and Ito's set and its neighbours.
  private static final List<String> SPARE =
      List.of("#0072b2", "#d9a400", "#009e73", "#56b4e9", "#999933", "#332288");

  private final Map<String, String> colours = new HashMap<>();
  private final Map<String, List<Integer>> dashes = new HashMap<>();

  /// The palette of a page on which `methods` appear; methods the review does not name take spare
  /// colours in this order.
  Palette(Collection<String> methods) {
    int spare = 0;
    for (String method : methods) {
      if (colours.containsKey(method)) {
        continue;
      }
      String known = COLOURS.get(method);
      colours.put(method, known != null ? known : SPARE.get(spare % SPARE.size()));
      dashes.put(
          method,
          known != null
              ? DASHES.getOrDefault(method, List.of(1, 0))
              : List.of(3 + 2 * (spare % 4), 2));
      spare += known != null ? 0 : 1;
    }
  }

  /// The colour of a method of the page.
  String colour(String method) {
    return colours.get(method);
  }

  /// The dash pattern of a method of the page, in pixels; `[1, 0]` is a solid line.
  List<Integer> dash(String method) {
    return dashes.get(method);
  }

  List<String> colours(List<String> methods) {
    return methods.stream().map(this::colour).toList();
  }

  List<List<Integer>> dashes(List<String> methods) {
    return methods.stream().map(this::dash).toList();
  }
}
