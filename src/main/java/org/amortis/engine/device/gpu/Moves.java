package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.shape.DType;

/// Values that are to lie in one memory, because a launch takes few memories.
///
/// What a joined launch makes for others lies in one, and what it takes from others in another.
final class Moves {
  /// Values start at multiples of this, as memories do.
  private static final int ALIGNED = Driver.ALIGNMENT / 4;

  private final GpuProgram program;
  private final Map<Place, List<Integer>> users;
  private final SmallCode[] codes;

  /// The memory of a value, and where in it the value begins.
  private final Map<Place, Place> homes = new HashMap<>();

  /// @param users of each value the launches
  /// @param codes the instruction of each launch
  Moves(GpuProgram program, Map<Place, List<Integer>> users, SmallCode[] codes) {
    this.program = program;
    this.users = users;
    this.codes = codes;
  }

  /// Moves the values that some launches share with others.
  void add(List<Integer> launches) {
    Set<Integer> own = new HashSet<>(launches);
    Map<Place, Boolean> shared = new java.util.LinkedHashMap<>();
    for (int i : launches) {
      for (SmallCode.Operand o : codes[i].operands()) {
        Place base = program.base(o.place());
        if (!base.table()
            && base.dtype() != DType.INT32
            && !program.kept(base)
            && !homes.containsKey(base)
            && !own.containsAll(users.get(base))) {
          shared.merge(base, o.writes(), Boolean::logicalOr);
        }
      }
    }
    for (boolean written : new boolean[] {true, false}) {
      List<Place> some = new ArrayList<>();
      shared.forEach((base, w) -> {
        if (w == written) {
          some.add(base);
        }
      });
      if (some.size() > 1) {
        lay(some);
      }
    }
  }

  private void lay(List<Place> values) {
    int size = 0;
    List<Integer> starts = new ArrayList<>();
    for (Place v : values) {
      starts.add(size);
      size += StrictMath.ceilDiv(program.elements(v), ALIGNED) * ALIGNED;
    }
    Place memory = program.list().scratch(values.getFirst().dtype(), size);
    for (int i = 0; i < values.size(); i++) {
      homes.put(values.get(i), memory.plus(starts.get(i)));
    }
  }

  private Place of(Place p) {
    Place home = homes.get(program.base(p));
    if (home == null) {
      return p;
    }
    int extent = p.extent() < 0 ? program.elements(program.base(p)) - p.at() : p.extent();
    Place to = home.plus(p.at()).first(extent);
    return p.read() ? to.readOnly() : to;
  }

  /// A launch with its values where they lie now.
  LaunchList.Launch of(LaunchList.Launch l) {
    List<Object> arguments =
        l.arguments().stream().map(o -> o instanceof Place p ? (Object) of(p) : o).toList();
    return new LaunchList.Launch(l.kernel(), l.grid(), arguments, l.nodes());
  }

  /// An instruction with its values where they lie now.
  SmallCode of(SmallCode c) {
    List<Object> words = new ArrayList<>();
    for (Object w : c.words()) {
      words.add(
          w instanceof SmallCode.Operand o ? new SmallCode.Operand(of(o.place()), o.writes()) : w);
    }
    return new SmallCode(c.what(), c.n(), words, c.real(), c.brief(), c.spline());
  }
}
