package org.amortis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rules that keep results the same on every machine, and the rooms small.
@Tag("pure")
class EngineRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.amortis");

  @Test
  void randomnessIsAValue() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class, java.util.SplittableRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(StrictMath.class, "random")
        .check(CLASSES);
  }

  /// Their bits change when the compiler takes over from the interpreter, or have no fixed order.
  @Test
  void vectorsUseNoTranscendentalLanesAndNoReductions() {
    Set<String> lanes =
        Set.of(
            "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "EXP", "LOG", "LOG10", "POW",
            "CBRT", "SINH", "COSH", "TANH", "HYPOT", "EXPM1", "LOG1P");
    DescribedPredicate<JavaFieldAccess> transcendental =
        describe(
            "read a transcendental operator",
            access ->
                access.getTargetOwner().getName().equals("jdk.incubator.vector.VectorOperators")
                    && lanes.contains(access.getName()));
    noClasses().should().accessFieldWhere(transcendental).check(CLASSES);
    noClasses()
        .should()
        .callMethodWhere(describe("reduce lanes", call -> call.getName().startsWith("reduceLanes")))
        .check(CLASSES);
  }

  @Test
  void librariesStayBehindTheirDoors() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.amortis.io..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("org.amortis.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void higherRoomsOpenOnlyTheFrontDoorOfDevices() {
    noClasses()
        .that()
        .resideInAPackage("org.amortis.report..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.amortis.engine.device..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("org.amortis.nn..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.amortis.engine.device.cpu..", "org.amortis.engine.device.reference..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("org.amortis.engine.op..", "org.amortis.engine.program..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.amortis.engine.device..", "org.amortis.engine.plan..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.amortis.engine.plan..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.amortis.engine.device..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.amortis.engine.device.reference..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.amortis.engine.device.cpu..")
        .check(CLASSES);
  }

  @Test
  void filesAreShortEnoughToRead() throws IOException {
    assertThat(Path.of("main", "java")).isDirectory();
    for (String root : List.of("main/java", "test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(430);
        }
      }
    }
  }
}
