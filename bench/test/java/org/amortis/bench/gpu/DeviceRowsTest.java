package org.amortis.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.bench.Row;
import org.amortis.bench.Rows;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The rows of `bench/gpu`: tiny ones run, and the driver names no others.
@Tag("op")
class DeviceRowsTest {
  private static final List<String> TINY =
      List.of("sgemm_256", "gp_loglik_64", "gp_loglik_lattice_512", "mh_lattice");

  @Test
  void rehearsedRowsAnswer() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Device device = new CpuDevice(1);
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new Rows(device, DeviceRows.of(device, true), 0, out).serve(false, TINY, 1);
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(TINY.size()).allMatch(l -> l.contains("\"value\": "));
  }

  @Test
  void theDriverNamesRowsThatAreThere() throws Exception {
    Set<String> known = new TreeSet<>();
    try (Device device = new CpuDevice(1)) {
      DeviceRows.of(device, true).stream().map(Row::name).forEach(known::add);
    }
    String driver = Files.readString(Path.of("gpu/run.py"));
    Matcher m =
        Pattern.compile("\"((?:cnn|flow|npe|mh|gp|sgemm)_[a-z_]+(?:[0-9]+)?)\"").matcher(driver);
    int found = 0;
    for (; m.find(); found++) {
      assertThat(known).contains(m.group(1));
    }
    assertThat(found).isGreaterThan(10);
  }
}
