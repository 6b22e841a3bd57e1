package org.amortis.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.RandomPrograms;
import org.amortis.engine.program.Simplify;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.program.Verify;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Fusion, aliases and memory plans.
@Tag("pure")
class PlanTest {

  @Test
  void stepsHoldEveryNodeOnceInAnOrderThatCanRun() {
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      Program p = Simplify.of(RandomPrograms.of(seed, DType.FLOAT32));
      List<Fusion.Step> steps = Fusion.of(p, true);
      Map<Integer, Integer> done = new HashMap<>();
      for (int i = 0; i < steps.size(); i++) {
        for (Program.Node n : steps.get(i).nodes()) {
          for (Program.Value v : n.in()) {
            boolean source = p.nodes().get(v.node()).op() instanceof Source;
            assertThat(source || done.containsKey(v.node())).as("%s in %s", n, p).isTrue();
          }
          assertThat(done.put(n.id(), i)).isNull();
        }
        check(steps.get(i));
      }
      long expected = p.nodes().stream().filter(n -> !(n.op() instanceof Source)).count();
      assertThat(done).hasSize((int) expected);
      assertThat(Fusion.of(p, false)).hasSize((int) expected);
    }
  }

  private static void check(Fusion.Step step) {
    if (step.nodes().size() == 1) {
      return;
    }
    Type type = step.nodes().getFirst().types().getFirst();
    for (Program.Node n : step.nodes()) {
      boolean loop = n.op() instanceof Pointwise || n.op() instanceof Move.Broadcast;
      assertThat(loop && !(n.op() instanceof Cast)).as(n.toString()).isTrue();
      assertThat(n.types()).containsExactly(type);
    }
  }

  @Test
  void aChainThatLeavesAndComesBackIsNotOneStep() {
    Trace t = new Trace("diamond");
    Var x = t.data("x", Type.f32(7, 3));
    Var a = x.exp();
    Var total = a.sum(1).reshape(7, 1);
    t.output("y", a.div(total).tanh());
    List<Fusion.Step> steps = Fusion.of(t.program(), true);
    assertThat(steps.stream().map(s -> s.nodes().size()).toList()).containsExactly(1, 1, 1, 2);
  }

  @Test
  void placesLieInsideTheirRoots() {
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      Program p = RandomPrograms.of(seed, DType.FLOAT32);
      Aliases aliases = Aliases.of(p);
      for (Program.Node n : p.nodes()) {
        Program.Value v = new Program.Value(n.id(), 0);
        Aliases.Place place = aliases.of(v);
        assertThat(aliases.of(place.root())).isEqualTo(new Aliases.Place(place.root(), 0));
        assertThat(place.offset()).isNotNegative();
        assertThat(place.offset() + p.type(v).size())
            .isLessThanOrEqualTo(p.type(place.root()).size());
        assertThat(p.type(place.root()).dtype()).isEqualTo(p.type(v).dtype());
      }
    }
  }

  @Test
  void reshapesSlicesAndConcatenationsOfTheOutermostAxisAreFree() {
    Trace t = new Trace("parts");
    Var p = t.state("p", Type.f32(12));
    Var a = p.slice(0, 4, 10).reshape(2, 3).exp();
    Var b = p.slice(0, 0, 3).reshape(1, 3).exp();
    t.output("y", t.concat(List.of(a, b), 0));
    Program q = t.program();
    Aliases aliases = Aliases.of(q);
    long work =
        q.nodes().stream().filter(n -> !(n.op() instanceof Source) && !aliases.free(n)).count();
    assertThat(work).as("two exponentials").isEqualTo(2);
  }

  @Test
  void aValueTwiceInAConcatenationIsCopiedOnce() {
    Trace t = new Trace("twice");
    Var y = t.data("x", Type.f32(2, 3)).exp();
    Var c = t.concat(List.of(y, y), 0);
    t.output("y", c);
    Program p = t.program();
    Program.Node concat = p.nodes().get(p.outputs().get("y").node());
    assertThat(Aliases.of(p).inPlace(concat)).containsExactly(true, false);
    assertThat(Aliases.of(p).free(concat)).isFalse();
  }

  @Test
  void buffersThatLiveTogetherDoNotOverlap() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 200; round++) {
      List<MemoryPlan.Life> lives = new ArrayList<>();
      int n = 1 + random.nextInt(30);
      for (int i = 0; i < n; i++) {
        int first = random.nextInt(20);
        int size = random.nextInt(5) == 0 ? 0 : random.nextInt(1, 300);
        lives.add(new MemoryPlan.Life(i, size, first, first + random.nextInt(8)));
      }
      MemoryPlan packed = MemoryPlan.of(lives, true);
      MemoryPlan apart = MemoryPlan.of(lives, false);
      assertThat(packed.size()).isLessThanOrEqualTo(apart.size());
      assertThat(packed.placed()).hasSize(n);
      for (MemoryPlan plan : List.of(packed, apart)) {
        check(plan, plan == apart);
      }
    }
  }

  private static void check(MemoryPlan plan, boolean apart) {
    List<MemoryPlan.Placed> all = plan.placed();
    for (int i = 0; i < all.size(); i++) {
      MemoryPlan.Placed a = all.get(i);
      assertThat(a.offset() % MemoryPlan.ALIGNMENT).isZero();
      assertThat(a.offset() + a.life().size()).isLessThanOrEqualTo(plan.size());
      for (MemoryPlan.Placed b : all.subList(0, i)) {
        boolean meet = a.life().first() <= b.life().last() && b.life().first() <= a.life().last();
        boolean overlap =
            a.offset() < b.offset() + b.life().size() && b.offset() < a.offset() + a.life().size();
        boolean some = a.life().size() > 0 && b.life().size() > 0;
        assertThat(some && overlap && (meet || apart)).as("%s and %s", a, b).isFalse();
      }
    }
  }

  @Test
  void copiesKeepProgramsWellFormed() {
    Trace t = new Trace("exchange");
    Var a = t.state("a", Type.f32(3));
    Var b = t.state("b", Type.i32(3));
    Var c = t.state("c", Type.f32(3));
    t.output("before", a.reshape(1, 3));
    t.update(a, c);
    t.update(c, a);
    t.update(b, b);
    Program p = Verify.check(Copies.of(t.program()));
    assertThat(p.nodes().stream().filter(n -> n.op() instanceof Move.Broadcast)).hasSize(3);
    assertThat(p.type(p.outputs().get("before")).shape()).isEqualTo(Shape.of(1, 3));
    assertThat(p.updates().get("b").node()).isEqualTo(p.inputs().get("b").id());
  }
}
