package org.amortis.nn.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.DType;
import org.amortis.io.AtomicFile;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;

/// Trained parameters and the programs on a device that use them.
///
/// Programs are bound once a name and kept; an instance belongs to one thread at a time.
public final class BoundNetwork implements AutoCloseable {
  private final ParameterLayout layout;
  private final double[] parameters;
  private final double[] statistics;
  private final Device device;
  private final Map<String, Executable> programs = new LinkedHashMap<>();

  /// Parameters and running statistics, which are copied, on a device.
  ///
  /// @param layout what the vectors hold
  /// @param parameters flat vector in the order of the layout
  /// @param statistics flat vector, empty where the layout has none
  /// @param device stays the caller's to close
  public BoundNetwork(
      ParameterLayout layout, double[] parameters, double[] statistics, Device device) {
    this.layout = layout;
    this.parameters = parameters.clone();
    this.statistics = statistics.clone();
    this.device = device;
  }

  /// The program of a name, traced and bound when it is first asked for, its inputs `parameters`
  /// and `statistics` written where it has them.
  ///
  /// @throws org.amortis.engine.Failure UNAVAILABLE when the device has no room
  public Executable program(String name, Supplier<Program> trace) {
    return programs.computeIfAbsent(
        name,
        k -> {
          Executable e = device.bind(trace.get());
          if (e.program().inputs().containsKey("parameters")) {
            e.input("parameters").write(parameters, 0);
          }
          if (e.program().inputs().containsKey("statistics")) {
            e.input("statistics").write(statistics, 0);
          }
          return e;
        });
  }

  /// The same parameters without programs, to be closed by itself.
  public BoundNetwork unbound() {
    return new BoundNetwork(layout, parameters, statistics, device);
  }

  /// Where a program of its own reads the parameters and statistics as inputs.
  public Scope evaluating(Trace t) {
    return Scope.evaluating(t, DType.FLOAT32, layout);
  }

  /// Where any program holds the parameters and statistics as constants.
  public Scope frozen(Trace t, DType type) {
    return Scope.frozen(t, type, layout, parameters, statistics);
  }

  /// Writes the network.
  ///
  /// @param architecture the description that a reader must bring
  /// @param card further members of the card
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file, String architecture, Json.Obj card) {
    AtomicFile.write(
        file, out -> NetworkFile.write(out, layout, parameters, statistics, architecture, card));
  }

  /// Where the parameters lie.
  public ParameterLayout layout() {
    return layout;
  }

  /// A copy of the flat vector of parameters.
  public double[] parameters() {
    return parameters.clone();
  }

  /// A copy of the flat vector of running statistics.
  public double[] statistics() {
    return statistics.clone();
  }

  /// The device.
  public Device device() {
    return device;
  }

  @Override
  public void close() {
    programs.values().forEach(Executable::close);
  }
}
