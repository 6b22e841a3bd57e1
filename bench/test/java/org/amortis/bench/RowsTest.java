package org.amortis.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The worker keeps to its protocol.
@Tag("op")
class RowsTest {
  @Test
  void answersOneLineOfJsonToEachRequest() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Device device = new CpuDevice(1)) {
      Rows rows = new Rows(device, new PrintStream(bytes, true, StandardCharsets.UTF_8));
      rows.work(
          new BufferedReader(new StringReader("sgemm 3\n\nnonsense\nsgemm x\nquit\nsgemm\n")));
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(4);
    for (String line : lines) {
      assertThat(Json.parse(line, "answer")).isInstanceOf(Json.Obj.class);
    }
    assertThat(lines.get(0)).contains("\"ready\": ", "\"threads\": ", "\"sgemm\", ");
    assertThat(lines.get(1))
        .contains("\"row\": \"sgemm\"", "\"unit\": \"GFLOP/s\"", "\"better\": \"higher\"")
        .contains("\"prepare_s\": ");
    assertThat(lines.get(2)).contains("\"error\": \"unknown row; known: sgemm ");
    assertThat(lines.get(3)).contains("repeats must be a number");
  }
}
