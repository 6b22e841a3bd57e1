package org.amortis.engine.device.cuda.emulator;

import java.util.Arrays;

/// Steps that decide what is executed next, and that for which lanes.
final class Control {
  private Control() {}

  /// `bra`.
  static final class Branch extends Step {
    private final int target;

    Branch(int target) {
      this.target = target;
    }

    @Override
    void run(Warp w) {
      w.pc = target;
    }
  }

  /// `bra` under a predicate.
  static final class BranchIf extends Step {
    private final int p;
    private final int flip;
    private final int target;

    BranchIf(int p, boolean not, int target) {
      this.p = p;
      this.flip = not ? -1 : 0;
      this.target = target;
    }

    @Override
    void run(Warp w) {
      w.branch(target, w.mask & (w.p[p] ^ flip));
    }
  }

  /// Another step under a predicate.
  static final class Guarded extends Step {
    private final int p;
    private final int flip;
    private final Step step;

    Guarded(int p, boolean not, Step step) {
      this.p = p;
      this.flip = not ? -1 : 0;
      this.step = step;
    }

    @Override
    void run(Warp w) {
      int lanes = w.mask & (w.p[p] ^ flip);
      if (lanes != 0) {
        w.runFor(lanes, step);
      }
    }
  }

  /// `ret`.
  static final class Exit extends Step {
    @Override
    void run(Warp w) {
      w.exit();
    }
  }

  /// `ld.param`.
  static final class LoadParameter extends Step {
    private final int parameter;
    private final Access.Form form;
    private final int d;

    LoadParameter(int parameter, Access.Form form, int d) {
      this.parameter = parameter;
      this.form = form;
      this.d = d;
    }

    @Override
    void run(Warp w) {
      long bits = w.group.parameters[parameter];
      int to = w.full ? d : 0;
      if (form == Access.Form.WORD) {
        Arrays.fill(w.r, to, to + Warp.LANES, (int) bits);
        if (!w.full) {
          w.blend32(d);
        }
        return;
      }
      long value =
          switch (form) {
            case SIGNED -> (int) bits;
            case UNSIGNED -> bits & 0xffff_ffffL;
            default -> bits;
          };
      Arrays.fill(w.q, to, to + Warp.LANES, value);
      if (!w.full) {
        w.blend64(d);
      }
    }
  }
}
