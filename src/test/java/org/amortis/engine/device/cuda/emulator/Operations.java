package org.amortis.engine.device.cuda.emulator;

import java.util.HashMap;
import java.util.Map;

/// Instructions that compute from registers, by name.
final class Operations {
  /// An instruction and its operands.
  ///
  /// @param form kinds of result and operands: `w=ww` with `w` for 32 bits and `q` for 64
  record Value(String form, Lanes lanes) {}

  /// A comparison and its operands, as in [Value]: `ww`.
  record Comparison(String form, Lanes.Test test) {}

  static final Map<String, Value> VALUES = new HashMap<>();
  static final Map<String, Comparison> COMPARISONS = new HashMap<>();

  static {
    IntegerOps.add();
    LongOps.add();
    FloatOps.add();
    ConversionOps.add();
    CompareOps.add();
    FloatCompareOps.add();
  }

  private Operations() {}

  /// Enters an instruction under one or more names.
  static void value(String names, String form, Lanes lanes) {
    for (String name : names.split(" ")) {
      VALUES.put(name, new Value(form, lanes));
    }
  }

  /// Enters a comparison under one or more names.
  static void test(String names, String form, Lanes.Test test) {
    for (String name : names.split(" ")) {
      COMPARISONS.put(name, new Comparison(form, test));
    }
  }

  /// Results of 32 bits.
  static final class Step32 extends Step {
    private final Lanes lanes;
    private final int d;
    private final int a;
    private final int b;
    private final int c;
    private final int e;

    Step32(Lanes lanes, int[] rows) {
      this.lanes = lanes;
      d = rows[0];
      a = rows[1];
      b = rows[2];
      c = rows[3];
      e = rows[4];
    }

    @Override
    void run(Warp w) {
      if (w.full) {
        lanes.run(w.r, w.q, d, a, b, c, e);
      } else {
        lanes.run(w.r, w.q, 0, a, b, c, e);
        w.blend32(d);
      }
    }
  }

  /// Results of 64 bits.
  static final class Step64 extends Step {
    private final Lanes lanes;
    private final int d;
    private final int a;
    private final int b;
    private final int c;
    private final int e;

    Step64(Lanes lanes, int[] rows) {
      this.lanes = lanes;
      d = rows[0];
      a = rows[1];
      b = rows[2];
      c = rows[3];
      e = rows[4];
    }

    @Override
    void run(Warp w) {
      if (w.full) {
        lanes.run(w.r, w.q, d, a, b, c, e);
      } else {
        lanes.run(w.r, w.q, 0, a, b, c, e);
        w.blend64(d);
      }
    }
  }

  /// `setp`: a predicate from a comparison, joined with another where the instruction says so.
  static final class SetPredicate extends Step {
    private final Lanes.Test test;
    private final Predicates.Join join;
    private final int d;
    private final int a;
    private final int b;
    private final int with;
    private final int flip;

    SetPredicate(
        Lanes.Test test, Predicates.Join join, int d, int a, int b, int with, boolean not) {
      this.test = test;
      this.join = join;
      this.d = d;
      this.a = a;
      this.b = b;
      this.with = with;
      this.flip = not ? -1 : 0;
    }

    @Override
    void run(Warp w) {
      int found = test.run(w.r, w.q, a, b);
      if (join != null) {
        found = join.of(found, w.p[with] ^ flip);
      }
      w.p[d] = w.p[d] & ~w.mask | found & w.mask;
    }
  }

  /// `selp`: one of two values, by a predicate.
  static final class Select extends Step {
    private final boolean wide;
    private final int d;
    private final int a;
    private final int b;
    private final int p;

    Select(boolean wide, int d, int a, int b, int p) {
      this.wide = wide;
      this.d = d;
      this.a = a;
      this.b = b;
      this.p = p;
    }

    @Override
    void run(Warp w) {
      int m = w.p[p];
      if (wide) {
        long[] q = w.q;
        int to = w.full ? d : 0;
        for (int l = 0; l < Warp.LANES; l++) {
          q[to + l] = (m >>> l & 1) != 0 ? q[a + l] : q[b + l];
        }
        if (!w.full) {
          w.blend64(d);
        }
      } else {
        int[] r = w.r;
        int to = w.full ? d : 0;
        for (int l = 0; l < Warp.LANES; l++) {
          r[to + l] = (m >>> l & 1) != 0 ? r[a + l] : r[b + l];
        }
        if (!w.full) {
          w.blend32(d);
        }
      }
    }
  }
}
