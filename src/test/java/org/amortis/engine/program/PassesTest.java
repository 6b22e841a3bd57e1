package org.amortis.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Unary;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Printing, verifying, simplifying and differentiating programs.
@Tag("pure")
class PassesTest {
  private static final Type X = Type.f32(2, 3);
  private static final Source.Input INPUT = new Source.Input("x", X, Source.Role.DATA);
  private static final Source.Input STATE = new Source.Input("s", X, Source.Role.STATE);

  @Test
  void theTextOfASmallProgram() {
    Trace t = new Trace("small");
    Var x = t.data("x", Type.f32(4, 3));
    Var w = t.state("w", Type.f32(6));
    Var y = t.matmul(x, w.reshape(3, 2), false, false);
    Var pooled =
        t.apply(new org.amortis.engine.op.MaxPool(2), List.of(y.reshape(1, 4, 2, 1))).get(0);
    t.output("loss", y.leakyRelu(0.1).sum());
    t.output("top", pooled);
    t.update(w, w.mul(0.5));
    assertThat(t.program().toString())
        .isEqualTo(
            """
            program small
              %0:f32(4, 3) = input[x, data]
              %1:f32(6,) = input[w, state]
              %2:f32(3, 2) = reshape[to=(3, 2)] %1
              %3:f32(4, 2) = matmul[transposeA=false, transposeB=false] %0 %2
              %4:f32(1, 4, 2, 1) = reshape[to=(1, 4, 2, 1)] %3
              %5.0:f32(1, 2, 1, 1), %5.1:i32(1, 2, 1, 1) = max_pool[size=2] %4
              %6:f32(4, 2) = leaky_relu[slope=0.1] %3
              %7:f32(8,) = reshape[to=(8,)] %6
              %8:f32() = sum[kind=SUM, axis=0] %7
              %9:f32() = constant[0.5]
              %10:f32(6,) = mul %1 %9
              output loss = %8
              output top = %5.0
              update w <- %10
            """);
  }

  private static Program.Node node(int id, Op op, Type type, Program.Value... in) {
    return new Program.Node(id, op, List.of(in), List.of(type), "test");
  }

  private static Program.Value value(int node, int output) {
    return new Program.Value(node, output);
  }

  private static Program program(Map<String, Program.Value> out, Program.Node... nodes) {
    return new Program("bad", List.of(nodes), out, Map.of());
  }

  private static void refused(Program p, String why) {
    assertThatThrownBy(() -> Verify.check(p))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("program bad")
        .hasMessageContaining(why);
  }

  @Test
  void verifyCatchesEveryBrokenLaw() {
    Program.Node x = node(0, INPUT, X);
    refused(program(Map.of(), node(1, INPUT, X)), "has id 1 at place 0");
    refused(program(Map.of(), x, node(1, Unary.EXP, X, value(1, 0))), "before it is bound");
    refused(program(Map.of(), x, node(1, Unary.EXP, X, value(7, 0))), "before it is bound");
    refused(program(Map.of(), x, node(1, Unary.EXP, X, value(0, 1))), "uses result 1");
    refused(
        program(Map.of(), x, node(1, Unary.EXP, Type.f32(3, 2), value(0, 0))),
        "says [f32(3, 2)], op infers [f32(2, 3)]");
    refused(program(Map.of(), x, node(1, INPUT, X)), "repeats the label x");
    refused(program(Map.of("y", value(1, 0)), x), "output y");
    refused(program(Map.of("y", value(0, 1)), x), "output y");
    refused(
        new Program("bad", List.of(x), Map.of(), Map.of("x", value(0, 0))),
        "update of x needs a state input");
    refused(
        new Program("bad", List.of(x), Map.of(), Map.of("nothing", value(0, 0))),
        "update of nothing needs a state input");
    Program.Node s = node(0, STATE, X);
    Program.Node turned = node(1, new Move.Reshape(Shape.of(6)), Type.f32(6), value(0, 0));
    refused(
        new Program("bad", List.of(s, turned), Map.of(), Map.of("s", value(1, 0))),
        "update of s needs a state input of type f32(6,)");
    refused(new Program("bad", List.of(s), Map.of(), Map.of("s", value(4, 0))), "update of s");
  }

  @Test
  void everyPassLeavesRandomProgramsWellFormedAndTheirResultsAlone() {
    ReferenceDevice reference = new ReferenceDevice();
    int before = 0;
    int after = 0;
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      Program p = Verify.check(RandomPrograms.of(seed, DType.FLOAT64));
      Program s = Verify.check(Simplify.of(p));
      assertThat(s.inputs().keySet()).isEqualTo(p.inputs().keySet());
      assertThat(s.nodes()).hasSizeLessThanOrEqualTo(p.nodes().size());
      before += p.nodes().size();
      after += s.nodes().size();
      List<double[]> expected = RandomPrograms.run(reference, p, seed, 2);
      List<double[]> found = RandomPrograms.run(reference, s, seed, 2);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).as(p.toString()).containsExactly(expected.get(i), within(1e-12));
      }
      assertThat(Simplify.of(s).nodes()).as("once is enough").hasSameSizeAs(s.nodes());
    }
    assertThat(after).isLessThan(before);
  }

  @Test
  void simplifyUsesItsRules() {
    Trace t = new Trace("rules");
    Var x = t.data("x", Type.f64(3, 4));
    Var one = t.broadcast(t.scalar(1, DType.FLOAT64), Shape.of(3, 4));
    Var zero = t.zeros(Type.f64(3, 4));
    t.output("same", x.mul(one).add(zero).sub(zero));
    t.output("number", t.add(t.scalar(2, DType.FLOAT64), t.scalar(3, DType.FLOAT64)));
    t.output("shape", t.reshape(t.reshape(x, Shape.of(12)), Shape.of(2, 6)));
    t.output("spread", x.mul(t.broadcast(t.data("r", Type.f64(4)), Shape.of(3, 4))));
    Program p = Simplify.of(t.program());
    assertThat(p.type(p.outputs().get("same"))).isEqualTo(Type.f64(3, 4));
    assertThat(p.outputs().get("same").node()).isEqualTo(p.inputs().get("x").id());
    assertThat(op(p, "number")).isEqualTo(new Source.Constant(5, DType.FLOAT64));
    assertThat(p.nodes().get(p.outputs().get("shape").node()).in().getFirst())
        .isEqualTo(new Program.Value(p.inputs().get("x").id(), 0));
    assertThat(op(p, "spread")).isEqualTo(Binary.MUL);
    assertThat(p.nodes()).noneMatch(n -> n.op() instanceof Move.Broadcast);
  }

  private static Op op(Program p, String output) {
    return p.nodes().get(p.outputs().get(output).node()).op();
  }

  @Test
  void gradientOfSlicesOfAFlatVectorIsOneConcatenation() {
    Trace t = new Trace("flat");
    Var p = t.state("p", Type.f64(12));
    Var x = t.data("x", Type.f64(5, 3));
    Var w = p.slice(0, 0, 6).reshape(3, 2);
    Var y = t.one(new Dense(org.amortis.engine.op.Activation.NONE), x, w, p.slice(0, 6, 8));
    Var loss = y.square().sum().add(p.slice(0, 9, 12).exp().sum());
    Program g = Verify.check(gradient(t, loss, p));
    List<Program.Node> concat =
        g.nodes().stream().filter(n -> n.op() instanceof Move.Concat).toList();
    assertThat(concat).hasSize(1);
    assertThat(concat.getFirst().id()).isEqualTo(g.outputs().get("d").node());
    assertThat(concat.getFirst().in()).as("weight, bias, gap, rest").hasSize(4);
    assertThat(g.nodes()).noneMatch(n -> n.op() instanceof Move.Embed);
  }

  @Test
  void gradientOfOverlappingSlicesAddsUp() {
    Trace t = new Trace("overlap");
    Var p = t.state("p", Type.f64(4));
    Var loss = p.slice(0, 0, 3).sum().add(p.slice(0, 1, 4).mul(2).sum());
    Program g = gradient(t, loss, p);
    try (var e = new ReferenceDevice().bind(g)) {
      e.run();
      assertThat(e.output("d").doubles()).containsExactly(1, 3, 3, 2);
    }
  }

  private static Program gradient(Trace t, Var loss, Var p) {
    t.output("d", Gradient.of(loss, List.of(p)).getFirst());
    return t.program();
  }

  @Test
  void gradientOfAProgramByName() {
    Trace t = new Trace("square");
    Var x = t.data("x", Type.f64(3));
    t.data("unused", Type.f64(2));
    t.output("loss", x.square().sum());
    Program g = Verify.check(Gradient.of(t.program(), "loss", List.of("x", "unused")));
    try (var e = new ReferenceDevice().bind(g)) {
      e.input("x").write(1.0, -2.0, 3.0);
      e.run();
      assertThat(e.output("d_x").doubles()).containsExactly(2, -4, 6);
      assertThat(e.output("d_unused").doubles()).containsExactly(0, 0);
    }
    assertThatThrownBy(() -> Gradient.of(t.program(), "loss", List.of("z")))
        .hasMessageContaining("no input z");
    assertThatThrownBy(() -> Gradient.of(x, List.of(x))).hasMessageContaining("must be one float");
  }
}
