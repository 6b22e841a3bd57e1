package org.amortis.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.amortis.bench.work.Threads;
import org.amortis.engine.device.Device;

/// Our side of the comparison with the peers: answers `ROW REPEATS` lines as
/// `bench/peers/README.md` states.
///
/// `Rows --worker` answers standard input; `Rows ROW ... [--repeats N]` measures and ends; `Rows`
/// lists the rows. Threads come from `OMP_NUM_THREADS`, all processors when it is not set.
public final class Rows {
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Row.Prepared> prepared = new LinkedHashMap<>();
  private final Device device;
  private final PrintStream out;
  private final long warmUp;

  Rows(Device device, PrintStream out) {
    this(device, AllRows.of(device), Row.WARM_UP, out);
  }

  /// Rows on a device, which stays the caller's.
  ///
  /// @param warmUp nanoseconds of uncounted work before a row is measured
  public Rows(Device device, List<Row> all, long warmUp, PrintStream out) {
    this.device = device;
    this.out = out;
    this.warmUp = warmUp;
    all.forEach(r -> rows.put(r.name(), r));
  }

  /// Runs the worker or measures the named rows.
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    List<String> names = new ArrayList<>();
    boolean worker = false;
    int repeats = 5;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--worker" -> worker = true;
        case "--repeats" -> repeats = Integer.parseInt(args[++i]);
        default -> names.add(args[i]);
      }
    }
    try (Device device = Threads.device()) {
      new Rows(device, out).serve(worker, names, repeats);
    }
  }

  /// Answers standard input, measures the named rows, or lists all where none is named.
  public void serve(boolean worker, List<String> names, int repeats) throws IOException {
    if (worker) {
      work(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    } else if (names.isEmpty()) {
      rows.values().forEach(r -> out.println(json("row", r.name(), "unit", r.unit())));
    } else {
      for (String name : names) {
        out.println(answer(name, repeats));
      }
    }
  }

  /// Answers requests until `quit` or the end of input.
  void work(BufferedReader in) throws IOException {
    StringJoiner names = new StringJoiner(", ", "[", "]");
    rows.keySet().forEach(n -> names.add(quote(n)));
    out.println(
        "{\"ready\": %s, \"threads\": %d, \"rows\": %s}"
            .formatted(
                quote("amortis, Java " + Runtime.version() + ", " + device.describe()),
                Threads.count(),
                names));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.strip().split("\\s+");
      if (words[0].equals("quit")) {
        return;
      }
      if (!words[0].isEmpty()) {
        out.println(request(words));
      }
    }
  }

  private String request(String[] words) {
    try {
      return answer(words[0], words.length > 1 ? Integer.parseInt(words[1]) : 1);
    } catch (NumberFormatException e) {
      return json("row", words[0], "error", "repeats must be a number, found " + words[1]);
    }
  }

  /// One measured row as a line of JSON; a failure is a line too.
  String answer(String name, int repeats) {
    Row row = rows.get(name);
    if (row == null) {
      return json("row", name, "error", "unknown row; known: " + String.join(" ", rows.keySet()));
    }
    try {
      Row.Prepared p = prepared.get(name);
      if (p == null) {
        p = row.prepare(warmUp);
        prepared.put(name, p);
      }
      double[] values = new double[StrictMath.max(1, repeats)];
      for (int i = 0; i < values.length; i++) {
        values[i] = p.measure().getAsDouble();
      }
      return line(row, p, values);
    } catch (RuntimeException | Error e) { // the driver goes on with the other rows
      e.printStackTrace();
      String message = e.getClass().getSimpleName() + ": " + e.getMessage();
      return json("row", name, "error", message.substring(0, Math.min(300, message.length())));
    }
  }

  private static String line(Row row, Row.Prepared p, double[] values) {
    StringJoiner all = new StringJoiner(", ", "[", "]");
    for (double v : values) {
      all.add(number(v));
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
    String note = row.note().isEmpty() ? "" : ", \"note\": " + quote(row.note());
    return "{\"row\": %s, \"value\": %s, \"unit\": %s, \"better\": %s, \"repeats\": %s, \"prepare_s\": %s%s}"
        .formatted(
            quote(row.name()),
            number(median),
            quote(row.unit()),
            quote(row.higher() ? "higher" : "lower"),
            all,
            number(p.seconds()),
            note);
  }

  /// Six digits, as the peers write.
  private static String number(double v) {
    return Double.isFinite(v) ? Double.toString(Double.parseDouble(six(v))) : "null";
  }

  private static String six(double v) {
    return String.format(Locale.ROOT, "%.5e", v);
  }

  private static String json(String... pairs) {
    StringJoiner s = new StringJoiner(", ", "{", "}");
    for (int i = 0; i < pairs.length; i += 2) {
      s.add(quote(pairs[i]) + ": " + quote(pairs[i + 1]));
    }
    return s.toString();
  }

  private static String quote(String s) {
    StringBuilder b = new StringBuilder("\"");
    for (char c : s.toCharArray()) {
      if (c == '"' || c == '\\') {
        b.append('\\').append(c);
      } else if (c < ' ') {
        b.append(' ');
      } else {
        b.append(c);
      }
    }
    return b.append('"').toString();
  }
}
