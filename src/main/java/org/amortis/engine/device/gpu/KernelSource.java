package org.amortis.engine.device.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.amortis.engine.Failure;

/// The text of a kernel family and what its entry points take.
///
/// A program is the words of a dialect, the numbers of the pointwise ops, the common headers, and
/// one family after the headers it names. The parameter lists are read from the text itself, so
/// that there is no second list to keep equal.
public record KernelSource(String family, String text, Map<String, List<Parameter>> entries) {
  /// Headers after the dialect's, in order.
  static final List<String> HEADERS = List.of("scalar.h", "normal.h", "philox.h", "draw.h");

  private static final Map<String, KernelSource> LOADED = new ConcurrentHashMap<>();
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\bKERNEL(?:_(?:OF|RESIDENT)\\([^)]*\\))?\\s+(\\w+)\\s*\\(((?:[^(){}]|\\([^()]*\\))*)\\)");
  private static final Pattern NAMED = Pattern.compile("(?m)^// Headers: (.+)$");
  private static final Pattern DIALECTS = Pattern.compile("(?m)^// Dialects: (.+)$");
  private static final Pattern ARCHITECTURES = Pattern.compile("(?m)^// Architectures: (.+)$");

  /// Compute capability that CUDA kernels are built for where a family says nothing else.
  private static final int BASELINE = 70;

  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\s*(?:(IN|OUT)\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)|const (int|real) (\\w+))\\s*");

  /// How a parameter is used.
  public enum Use {
    /// Memory that is read.
    IN,
    /// Memory that is written, or updated.
    OUT,
    /// A number.
    SCALAR
  }

  /// One parameter; type is `real`, `int`, `word` or `float`.
  public record Parameter(Use use, String type, String name) {
    /// Bytes of an element, where reals are of this type.
    int bytes(org.amortis.engine.shape.DType real) {
      return type.equals("int") || type.equals("float") ? 4 : real.bytes();
    }
  }

  /// The family of a kernel.
  ///
  /// @throws IllegalArgumentException if there is no such family
  public static KernelSource of(String family) {
    return LOADED.computeIfAbsent(family, KernelSource::load);
  }

  /// The parameters of an entry point.
  ///
  /// @throws IllegalArgumentException if the family has no such entry
  public List<Parameter> parameters(String entry) {
    List<Parameter> list = entries.get(entry);
    if (list == null) {
      throw new IllegalArgumentException(
          "kernels/" + family + ".c has no entry " + entry + ", only " + entries.keySet());
    }
    return list;
  }

  /// Whether an entry point is right for one size of group only (`KERNEL_OF`, `KERNEL_RESIDENT`);
  /// all others are right for every number of groups and of items.
  ///
  /// @throws IllegalArgumentException if the family has no such entry
  public boolean fixed(String entry) {
    parameters(entry);
    return Pattern.compile("\\bKERNEL_(?:OF|RESIDENT)\\([^)]*\\)\\s+" + entry + "\\s*\\(")
        .matcher(text.replaceAll("//[^\n]*", ""))
        .find();
  }

  /// The dialects that a family is written for: those of its line `// Dialects: cuda`, or both.
  public List<String> dialects() {
    Matcher m = DIALECTS.matcher(text);
    return m.find() ? List.of(m.group(1).split(", ")) : List.of("cuda", "opencl");
  }

  /// The compute capabilities that a family is built for, as in its line `// Architectures: 70,
  /// 80`: one file each, of which a device takes the newest that it can run.
  public List<Integer> architectures() {
    Matcher m = ARCHITECTURES.matcher(text);
    return m.find()
        ? Stream.of(m.group(1).split(", ")).map(Integer::valueOf).toList()
        : List.of(BASELINE);
  }

  /// The whole program for a dialect, `opencl` or `cuda`.
  ///
  /// @throws Failure UNAVAILABLE when the family is not written for it
  public String program(String dialect) {
    if (!dialects().contains(dialect)) {
      throw Failure.unavailable(
          "kernels/" + family + ".c is written for " + dialects() + ", not for " + dialect);
    }
    StringBuilder s = new StringBuilder(file("dialect." + dialect + ".h"));
    s.append(PointwiseCode.header());
    HEADERS.forEach(h -> s.append(file(h)));
    return s.append(text).toString();
  }

  /// The text of a file of `kernels/`.
  static String file(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream("/org/amortis/kernels/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no kernels/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Headers of a family: those that its line `// Headers: a.h, b.h` names, and the one of its own
  /// name.
  static List<String> headers(String family) {
    List<String> names = new ArrayList<>();
    Matcher m = NAMED.matcher(file(family + ".c"));
    if (m.find()) {
      names.addAll(List.of(m.group(1).split(", ")));
    }
    String own = family + ".h";
    if (KernelSource.class.getResource("/org/amortis/kernels/" + own) != null) {
      names.add(own);
    }
    return names;
  }

  private static KernelSource load(String family) {
    StringBuilder all = new StringBuilder();
    headers(family).forEach(h -> all.append(file(h)));
    String text = all.append(file(family + ".c")).toString();
    return new KernelSource(family, text, entries(family, text));
  }

  /// The entry points of a text with their parameters.
  static Map<String, List<Parameter>> entries(String family, String text) {
    Map<String, List<Parameter>> entries = new LinkedHashMap<>();
    Matcher m = ENTRY.matcher(text.replaceAll("//[^\n]*", ""));
    while (m.find()) {
      List<Parameter> list = new ArrayList<>();
      for (String p : m.group(2).split(",(?![^(]*\\))")) {
        Matcher q = PARAMETER.matcher(p);
        if (!q.matches()) {
          throw new IllegalStateException(
              "kernels/" + family + ".c: parameter '" + p.strip() + "' of " + m.group(1));
        }
        list.add(
            q.group(1) == null
                ? new Parameter(Use.SCALAR, q.group(4), q.group(5))
                : new Parameter(Use.valueOf(q.group(1)), q.group(2), q.group(3)));
      }
      if (!new Kernel(m.group(1), org.amortis.engine.shape.DType.FLOAT32, Map.of())
              .family()
              .equals(family)
          || entries.put(m.group(1), List.copyOf(list)) != null) {
        throw new IllegalStateException("kernels/" + family + ".c: name of entry " + m.group(1));
      }
    }
    return java.util.Collections.unmodifiableMap(entries);
  }
}
