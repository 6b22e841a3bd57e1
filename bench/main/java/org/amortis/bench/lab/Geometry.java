package org.amortis.bench.lab;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.gpu.Grid;

/// A launch size that kernels for any size must be right at.
///
/// @param groups along x
/// @param items of a group along x
/// @param flat whether there is one group along y and z, instead of as many as the launch asked for
record Geometry(int groups, int items, boolean flat) {
  private static final int[] GROUPS = {1, 3, 64};
  private static final int[] ITEMS = {1, 7, 64, 128, 256};

  /// All that are tried; kernels launched along x only have no flat ones of their own.
  static List<Geometry> all(boolean deep) {
    List<Geometry> all = new ArrayList<>();
    for (int items : ITEMS) {
      for (int groups : GROUPS) {
        all.add(new Geometry(groups, items, false));
        if (deep) {
          all.add(new Geometry(groups, items, true));
        }
      }
    }
    return all;
  }

  /// This size in place of another.
  Grid of(Grid asked) {
    return Grid.groups(groups, flat ? 1 : asked.groupsY(), flat ? 1 : asked.groupsZ())
        .of(items, 1, 1);
  }

  @Override
  public String toString() {
    return groups + " groups of " + items + (flat ? ", one along y and z" : "");
  }
}
