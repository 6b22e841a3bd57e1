package org.amortis.nn;

import java.util.List;
import java.util.function.Consumer;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Where each parameter of a network lies in the flat vector, and how it starts.
///
/// Both vectors hold the tensors in order of declaration without gaps, each row-major.
///
/// @param entries what is trained
/// @param statistics running statistics, which lie in a vector of their own
public record ParameterLayout(List<Entry> entries, List<Entry> statistics) {
  /// One tensor.
  ///
  /// @param name full name, the scopes' names before it: `summary.0.weight`
  /// @param shape of the tensor
  /// @param offset first element in its flat vector
  /// @param initializer its first values
  public record Entry(String name, Shape shape, int offset, Initializer initializer) {}

  /// First stream number of initial values.
  private static final int INITIAL_STREAMS = 100_000;

  /// Copies the lists.
  public ParameterLayout {
    entries = List.copyOf(entries);
    statistics = List.copyOf(statistics);
  }

  /// The layout of whatever `network` declares when it is traced; nothing is computed.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when shapes inside the network do not fit
  /// @throws IllegalArgumentException when two parameters have one name
  public static ParameterLayout of(Consumer<Scope> network) {
    Scope scope = Scope.discovering(new Trace("layout"), DType.FLOAT32, true);
    network.accept(scope);
    return new ParameterLayout(scope.declared(false), scope.declared(true));
  }

  /// Number of parameters.
  public int size() {
    return entries.stream().mapToInt(e -> e.shape().size()).sum();
  }

  /// Number of running statistics.
  public int statisticsSize() {
    return statistics.stream().mapToInt(e -> e.shape().size()).sum();
  }

  Entry entry(String name, boolean statistic) {
    return (statistic ? statistics : entries)
        .stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no parameter " + name + " in layout"));
  }

  /// First values of all parameters, a function of the seed and the order of declaration.
  public double[] initial(long seed) {
    return values(entries, size(), seed, INITIAL_STREAMS);
  }

  /// First values of all running statistics.
  public double[] initialStatistics(long seed) {
    return values(statistics, statisticsSize(), seed, INITIAL_STREAMS + entries.size());
  }

  private static double[] values(List<Entry> entries, int size, long seed, int stream) {
    double[] all = new double[size];
    int s = stream;
    for (Entry e : entries) {
      double[] v = e.initializer().values(e.shape(), new RandomKey(seed, s++));
      System.arraycopy(v, 0, all, e.offset(), v.length);
    }
    return all;
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder();
    for (Entry e : entries) {
      s.append(e.name()).append(' ').append(e.shape()).append('\n');
    }
    return s.append(size()).append(" parameters").toString();
  }
}
