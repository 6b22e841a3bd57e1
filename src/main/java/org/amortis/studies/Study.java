package org.amortis.studies;

import java.io.PrintStream;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;

/// A study that the command line can run.
public interface Study {
  /// The name used on the command line, for example `gp`.
  String name();

  /// One sentence for the help text.
  String description();

  /// The names of all its methods, in the order of its table.
  List<String> methods();

  /// Those that run when none is named, in the order of its table; `all` means [#methods].
  default List<String> defaultMethods() {
    return methods();
  }

  /// Whether networks can be trained several times, see [StudyOptions#repeats].
  default boolean repeats() {
    return false;
  }

  /// Whether it takes the user's own data, see [StudyOptions#data].
  default boolean takesData() {
    return true;
  }

  /// Runs the study into the folder `options.out()` and prints its table.
  ///
  /// Polls `options.cancellation()`, writes what is finished and returns or throws
  /// [org.amortis.engine.Cancellation.Cancelled] when it is set.
  ///
  /// @param table receives the table and nothing else; progress goes to `options.progress()`
  /// @throws Failure for every fault that the user can act on
  void run(StudyOptions options, PrintStream table);

  /// Draws from a trained network of this study for the user's own data.
  ///
  /// @throws Failure for every fault that the user can act on
  default void sample(SampleOptions options) {
    throw Failure.usage("amortis sample does not know study '" + name() + "' in this version");
  }

  /// Prints the programs, the memory map and the floating-point operations behind a method.
  ///
  /// @param device whose launches are printed
  /// @throws Failure when this version cannot explain the method
  default void explain(String method, Device device, PrintStream out) {
    throw Failure.usage("amortis explain does not know study '" + name() + "' in this version");
  }
}
