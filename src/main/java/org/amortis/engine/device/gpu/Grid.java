package org.amortis.engine.device.gpu;

/// Geometry of a launch: groups along x, y and z, and items of a group along each.
public record Grid(int groupsX, int groupsY, int groupsZ, int itemsX, int itemsY, int itemsZ) {
  /// Items of a group where a kernel takes any size.
  public static final int GROUP = 128;

  /// Most groups of a launch where a kernel takes any size.
  private static final int MOST = 4096;

  /// Checks that nothing is empty.
  ///
  /// @throws IllegalArgumentException for an extent below 1
  public Grid {
    if (groupsX < 1 || groupsY < 1 || groupsZ < 1 || itemsX < 1 || itemsY < 1 || itemsZ < 1) {
      throw new IllegalArgumentException("an empty launch: " + groupsX + " x " + groupsY + " ...");
    }
  }

  /// For kernels that step through any number of items along x.
  public static Grid items(long n) {
    long groups = StrictMath.max(1, StrictMath.min(MOST, (n + GROUP - 1) / GROUP));
    return groups((int) groups, 1, 1).of(GROUP, 1, 1);
  }

  /// Groups of one item each, until [#of] says how many.
  public static Grid groups(int x, int y, int z) {
    return new Grid(x, y, z, 1, 1, 1);
  }

  /// The same groups, of `x * y * z` items each.
  public Grid of(int x, int y, int z) {
    return new Grid(groupsX, groupsY, groupsZ, x, y, z);
  }

  @Override
  public String toString() {
    return groupsX + "x" + groupsY + "x" + groupsZ + " of " + itemsX + "x" + itemsY + "x" + itemsZ;
  }
}
