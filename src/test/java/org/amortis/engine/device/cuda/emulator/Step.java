package org.amortis.engine.device.cuda.emulator;

/// An instruction, ready to be executed by the lanes of a warp.
abstract class Step {
  /// Where it stands in the text, and how it reads there.
  PtxEntry.Line source;

  /// Executes it for the lanes of [Warp#mask]; [Warp#pc] is already that of the next.
  abstract void run(Warp w);

  /// Whether all lanes of the warp execute it together, so that none may be left out by a
  /// predicate.
  boolean collective() {
    return false;
  }

  @Override
  public String toString() {
    return "line " + source.line() + " `" + source.text() + "`";
  }
}
