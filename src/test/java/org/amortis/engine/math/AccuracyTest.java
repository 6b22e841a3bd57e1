package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Measures every row of [Accuracy] on its table of 40-digit values.
class AccuracyTest {
  private static final Path PAGE = Path.of("..", "docs", "accuracy.md");

  /// The largest and the root-mean-square error in units in the last place, and where the largest
  /// was.
  record Error(double max, double rms, double at) {}

  /// @param order the first argument of functions of two, else NaN
  private record Row(double order, double x, BigDecimal exact) {}

  @ParameterizedTest
  @EnumSource(Accuracy.class)
  void errorStaysWithinTheContract(Accuracy row) {
    Error error = measure(row);
    assertThat(error.max)
        .as("%s at %s", row, Double.toHexString(error.at))
        .isLessThanOrEqualTo(row.maxUlp);
  }

  @ParameterizedTest
  @EnumSource(Accuracy.class)
  void contractIsNotLoose(Accuracy row) {
    // A bound more than three times the measured error would hide a lost digit.
    assertThat(row.maxUlp).isLessThan(Math.max(1.0, 3 * measure(row).max));
  }

  @ParameterizedTest
  @EnumSource(value = Accuracy.class, mode = EnumSource.Mode.MATCH_ALL, names = "KERNEL32.*")
  void floatErrorStaysWithinTheContractOverAllExponents(Accuracy row) {
    double worst = 0;
    float at = 0;
    for (long bits = 0; bits < 1L << 32; bits += 21_001) {
      float x = Float.intBitsToFloat((int) bits);
      double exact = row.reference.applyAsDouble(x);
      float value = row.narrow.apply(x);
      if (Double.isNaN(exact)) {
        assertThat(value).isNaN();
      } else if (Math.abs(exact) > 0x1.ffffffp127) {
        assertThat(value).as("%s(%s)", row.function, x).isEqualTo((float) exact);
      } else {
        double error = Math.abs(value - exact) / Math.ulp((float) exact);
        if (error > worst) {
          worst = error;
          at = x;
        }
      }
    }
    assertThat(worst).as("%s at %s", row, Float.toHexString(at)).isLessThanOrEqualTo(row.maxUlp);
  }

  @ParameterizedTest
  @EnumSource(value = Accuracy.class, mode = EnumSource.Mode.MATCH_ALL, names = "KERNEL.*")
  void kernelsHaveTheEdgesOfSpecial(Accuracy row) {
    Accuracy special = Accuracy.valueOf(row.name().substring("KERNEL64_".length()));
    double inf = Double.POSITIVE_INFINITY;
    double tiny = row.isFloat() ? Float.MIN_VALUE : Double.MIN_VALUE;
    double large = row.isFloat() ? Float.MAX_VALUE : Double.MAX_VALUE;
    for (double x :
        new double[] {0.0, -0.0, inf, -inf, Double.NaN, 1, -1, -2, tiny, -tiny, large, -large}) {
      double exact = special.wide.applyAsDouble(x);
      if (row.isFloat()) {
        Float value = row.narrow.apply((float) x);
        if (exact == 0 || !Double.isFinite(exact)) {
          assertThat(value).as("%s(%s)", row, x).isEqualTo(Float.valueOf((float) exact));
        }
      } else if (exact == 0 || !Double.isFinite(exact)) {
        assertThat(Double.valueOf(row.wide.applyAsDouble(x)))
            .as("%s(%s)", row, x)
            .isEqualTo(Double.valueOf(exact));
      }
    }
  }

  @Test
  void pageStatesTheContract() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("# Accuracy\n\n");
    page.append(
        "Largest error, in units in the last place (ulp) of the exact result, that a function may have on its\n");
    page.append(
        "table of 40-digit values (src/test/resources/special). The vector and the scalar CPU kernels return the\n");
    page.append(
        "same bits; so do those of `kernels/` (`FunctionsTest`) on devices that round divisions and roots correctly,\n");
    page.append(
        "where float32 normals are drawn within 2.5 ulp. Written by `AccuracyTest`; `-Damortis.accuracy.write=true`\nrewrites this page.\n\n");
    page.append(
        "| function | where | type | contract, max ulp | measured, max ulp | measured, rms ulp |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (Accuracy row : Accuracy.values()) {
      Error error = measure(row);
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.1f | %.2f | %.2f |%n",
              row.function,
              row.where(),
              row.isFloat() ? "float32" : "float64",
              row.maxUlp,
              error.max,
              error.rms));
    }
    if (Boolean.getBoolean("amortis.accuracy.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(contractColumns(Files.readString(PAGE))).isEqualTo(contractColumns(page.toString()));
  }

  private static List<String> contractColumns(String page) {
    return page.lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> String.join("|", List.of(line.split("\\|")).subList(1, 5)))
        .toList();
  }

  private static Error measure(Accuracy row) {
    double max = -1;
    double at = 0;
    double squares = 0;
    List<Row> table = table(row.function, row.isFloat());
    for (Row entry : table) {
      double value =
          row.pair != null
              ? row.pair.applyAsDouble(entry.order, entry.x)
              : row.isFloat() ? row.narrow.apply((float) entry.x) : row.wide.applyAsDouble(entry.x);
      assertThat(value).as("%s(%s)", row, entry.x).isFinite();
      double ulp =
          row.isFloat() ? Math.ulp(entry.exact.floatValue()) : Math.ulp(entry.exact.doubleValue());
      double error =
          new BigDecimal(value)
              .subtract(entry.exact)
              .abs()
              .divide(new BigDecimal(ulp), MathContext.DECIMAL64)
              .doubleValue();
      squares += error * error;
      if (error > max) {
        max = error;
        at = entry.x;
      }
    }
    return new Error(max, Math.sqrt(squares / table.size()), at);
  }

  private static List<Row> table(String function, boolean floatsOnly) {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                AccuracyTest.class.getResourceAsStream("/special/" + function + ".csv"),
                StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("# double only") && floatsOnly) {
          break;
        }
        if (!line.startsWith("#") && !line.startsWith("x,") && !line.startsWith("nu,")) {
          String[] cells = line.split(",");
          int last = cells.length - 1;
          rows.add(
              new Row(
                  last == 2 ? Double.parseDouble(cells[0]) : Double.NaN,
                  Double.parseDouble(cells[last - 1]),
                  new BigDecimal(cells[last])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
