package org.amortis.laws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.Move;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A refused op names itself, both shapes, and the line of user code; this class stands outside the
/// engine as user code does.
@Tag("pure")
class ShapeErrorTest {
  private final Trace t = new Trace("user");

  @Test
  void channelsOfInputAndWeight() {
    Var x = t.data("x", Type.f32(64, 16, 16, 3));
    Var w = t.state("w", Type.f32(3, 3, 4, 32));
    assertThatThrownBy(() -> t.one(new Conv2d(1, 1), x, w))
        .isInstanceOf(ShapeException.class)
        .hasMessageMatching(
            "\\[conv2d\\] input has 3 channels, weight expects 4: input \\(64, 16, 16, 3\\), weight"
                + " \\(3, 3, 4, 32\\) at ShapeErrorTest\\.java:\\d+");
  }

  @Test
  void aMessageThatSaysAtStillEndsWithTheLine() {
    Var x = t.data("x", Type.f32(3));
    assertThatThrownBy(() -> t.one(new Move.Embed(0, 2, 4), x))
        .hasMessageMatching(
            "\\[embed\\] \\(3,\\) at 2 does not fit axis 0 of extent 4 at ShapeErrorTest\\.java:\\d+");
  }

  @Test
  void compositionsNameTheirCallerToo() {
    Var x = t.data("x", Type.f32(5, 3));
    Var y = t.data("y", Type.f32(4, 3));
    assertThatThrownBy(() -> x.add(y))
        .hasMessageMatching(
            "\\[add\\] cannot broadcast \\(5, 3\\) with \\(4, 3\\): axis 0 has 5 and 4 at"
                + " ShapeErrorTest\\.java:\\d+");
    assertThatThrownBy(() -> t.sumTo(x, Shape.of(2))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> t.concat(List.of(x, y), 1))
        .hasMessageMatching("\\[concat\\] .* at ShapeErrorTest\\.java:\\d+");
  }

  @Test
  void valuesOfTwoProgramsDoNotMix() {
    Var other = new Trace("other").data("x", Type.f32(3));
    assertThatThrownBy(() -> t.neg(other)).hasMessageContaining("a value of program other");
  }
}
