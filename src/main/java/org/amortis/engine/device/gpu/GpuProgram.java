package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.Source;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.plan.InPlace;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Type;

/// A program lowered to launches, before memory is planned.
///
/// @param inPlace new values of state that are written over the old ones
record GpuProgram(
    Program program, Aliases aliases, Map<Program.Value, Program.Value> inPlace, LaunchList list) {

  /// Lowers a program.
  ///
  /// @param reuse whether steps are fused, over ops and over runs
  /// @param join which launches become one, which takes more memory
  /// @param driver what they are for
  static GpuProgram of(
      Program program, Aliases aliases, boolean reuse, Joining join, Driver driver) {
    int local = driver.localMemory();
    List<Fusion.Step> steps = new ArrayList<>();
    for (Fusion.Step s : Fusion.of(program, reuse)) {
      if (!aliases.free(s.last())) {
        steps.add(s);
      }
    }
    Set<Integer> stored = Fusion.stored(program, steps);
    Map<Fusion.Step, Fusion.Step> before =
        reuse ? WholeLowering.before(program, steps, stored, local) : Map.of();
    Map<Program.Value, Program.Value> inPlace = InPlace.of(program, aliases, steps);
    LaunchList list = new LaunchList();
    GpuProgram p = new GpuProgram(program, aliases, inPlace, list);
    for (Fusion.Step s : steps) {
      if (s.last().op() instanceof GaussianLogDensity g
          && WholeLowering.fits(g, program, s, local)) {
        WholeLowering.density(p.emit(s.last()), g, before.get(s));
      } else if (!before.containsValue(s)) {
        GpuLowerings.lower(p.emit(s.last()), s, stored);
      }
    }
    program
        .updates()
        .forEach((label, v) -> {
          Program.Node input = program.inputs().get(label);
          Program.Value state = new Program.Value(input.id(), 0);
          Place from = p.place(v);
          Place to = p.place(state);
          if (!from.equals(to)) {
            MoveLowering.copy(
                p.emit(program.nodes().get(v.node())), from, to, program.type(state).size());
          }
        });
    if (reuse) {
      if (join == Joining.ROWS) {
        RowLaunches.join(p, driver.units());
      }
      if (join != Joining.APART) {
        SmallLaunches.join(p);
      }
      ChainRun.add(p, steps, stored, local);
    }
    return p;
  }

  /// The whole value, table or scratch that a place is part of.
  Place base(Place place) {
    return place.value() == null
        ? place.base()
        : Place.of(program.type(place.value()).dtype(), place.value(), 0, -1);
  }

  /// Elements of what [#base] gives.
  int elements(Place base) {
    return base.value() != null
        ? program.type(base.value()).size()
        : base.table()
            ? list.tables.get(base.number()).size()
            : list.scratch.get(base.number()).elements();
  }

  /// Whether somebody outside the launches needs a value: an input, a constant or a result.
  boolean kept(Place base) {
    return base.value() != null
        && (program.nodes().get(base.value().node()).op() instanceof Source
            || program.outputs().values().stream().anyMatch(v -> root(v).equals(base.value())));
  }

  Emit emit(Program.Node n) {
    return new Emit(program, n, aliases, this::root, list);
  }

  /// The value whose memory a value lies in.
  Program.Value root(Program.Value v) {
    Program.Value r = aliases.of(v).root();
    return inPlace.getOrDefault(r, r);
  }

  Place place(Program.Value v) {
    Type t = program.type(v);
    return Place.of(t.dtype(), root(v), aliases.of(v).offset(), t.size());
  }
}
