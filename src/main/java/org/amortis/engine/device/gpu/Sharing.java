package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Which values may share memory without making any launch wait that need not.
///
/// Launches of a graph run side by side unless they touch the same bytes. Memory that one value
/// takes over from another orders their launches, too; so it may where they are ordered anyway: all
/// launches of the one before all of the other, in every run, and these before the first ones in
/// the next run.
final class Sharing {
  private final Map<Place, BitSet> users = new HashMap<>();
  private final Map<Place, BitSet> before = new HashMap<>();
  private final Map<Place, BitSet> beforeNext = new HashMap<>();
  private final Dependencies apart;
  private final int launches;

  /// @param base what is planned of a place
  Sharing(LaunchList list, UnaryOperator<Place> base) {
    List<LaunchList.Launch> single = list.launches;
    launches = single.size();
    Map<Place, Place> known = new HashMap<>();
    List<List<Access>> all = new ArrayList<>();
    for (int i = 0; i < launches; i++) {
      LaunchList.Launch l = single.get(i);
      for (Object o : l.arguments()) {
        if (o instanceof Place p) {
          Place b = known.computeIfAbsent(base.apply(p), k -> k);
          users.computeIfAbsent(b, k -> new BitSet()).set(i);
        }
      }
      all.add(Access.of(l.kernel(), l.arguments(), p -> known.get(base.apply(p))));
    }
    apart = Dependencies.of(all, 2);
    users.forEach((place, set) -> {
      before.put(place, common(set, 0));
      beforeNext.put(place, common(set, launches));
    });
  }

  /// Launches of the first run that come before all the given ones of the run that begins at
  /// `from`.
  private BitSet common(BitSet set, int from) {
    BitSet all = new BitSet();
    all.set(0, launches);
    set.stream().forEach(i -> all.and(apart.before(from + i)));
    return all;
  }

  /// Whether the launches of `first` come before those of `second`, and these before those of
  /// `first` in the next run.
  boolean ordered(Place first, Place second) {
    return users.containsKey(first)
        && users.containsKey(second)
        && within(users.get(first), before.get(second))
        && within(users.get(second), beforeNext.get(first));
  }

  private static boolean within(BitSet part, BitSet all) {
    BitSet rest = (BitSet) part.clone();
    rest.andNot(all);
    return rest.isEmpty();
  }
}
