package org.amortis.studies.gp;

import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;

/// A method of the study: what it is called, which networks it trains, and how it comes to its
/// results. The package's documentation says how one is added.
interface Method {
  /// The name as the user types it; also part of its files' names.
  String name();

  /// The name as the review writes it, which reports show and to which `report.Palette` gives a
  /// colour.
  String label();

  /// One sentence for the report and the documents.
  String description();

  /// Whether it runs when no methods are named.
  default boolean byDefault() {
    return true;
  }

  /// The networks it needs, each after those it is trained with; empty for a method without
  /// training.
  ///
  /// Two methods whose parts have the same name share that network: it is trained once a run, and
  /// each of the two files holds it.
  default List<NetworkPart> parts() {
    return List.of();
  }

  /// Finds its finished parts in the run folder and computes the rest.
  MethodResult run(Run run);

  /// The programs that `amortis explain` prints, by title.
  Map<String, Program> programs(Budget budget, Device device);

  /// The file that holds its networks.
  default String file() {
    return name() + ".safetensors";
  }
}
