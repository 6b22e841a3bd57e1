package org.amortis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.studies.gp.TinyStudy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `amortis explain` of a device other than the processor.
@Tag("study")
@OnOpenCl
class ExplainDeviceTest {
  @Test
  void launchesAreThoseOfTheDevice() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Session session =
        new Session(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            Map.of(),
            Cancellation.create(),
            List.of(TinyStudy.study()));
    String[] arguments = {"explain", "gp", "--method", "mcmc", "--device", "opencl"};
    assertThat(new Shell(session).run(arguments)).as(err.toString(UTF_8)).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(out.toString(UTF_8))
        .startsWith("device: opencl:")
        .containsPattern("\\d  mh_propose f64 +\\dx1x1 of .*flop")
        .containsPattern("\\d  whole_chains f64 .*flop")
        .containsPattern("floating-point operations a run: [1-9]");
  }
}
