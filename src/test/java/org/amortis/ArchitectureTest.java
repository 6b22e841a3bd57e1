package org.amortis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rooms of the house and their one direction: engine, nn, inference, studies, cli.
@Tag("pure")
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.amortis");

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  @Test
  void theClassesAreRead() {
    assertThat(CLASSES.contain("org.amortis.engine.Failure")).isTrue();
    assertThat(CLASSES.contain("org.amortis.cli.Main")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "engine, 'io nn inference studies report cli'",
    "io, 'nn inference studies report cli'",
    "nn, 'inference studies report cli'",
    "inference, 'studies report cli'",
    "report, 'studies cli'",
    "studies, 'cli'",
  })
  void aLowerRoomNeverNamesAHigherOne(String room, String higher) {
    String[] packages =
        Set.of(higher.split(" ")).stream()
            .map(name -> "org.amortis." + name + "..")
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage("org.amortis." + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages));
  }

  @Test
  void theEngineUsesNoThirdPartyLibrary() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.amortis.engine..")
            .and()
            .resideOutsideOfPackages("..device.cuda..", "..device.opencl..")
            .should()
            .dependOnClassesThat(
                DescribedPredicate.not(
                    resideInAnyPackage("org.amortis..", "java..", "jdk.incubator.vector.."))));
  }

  @Test
  void theVectorApiStaysInItsPackage() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.amortis.engine.device.cpu.vector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector.."));
  }

  @Test
  void driversStayInTheirPackages() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("..device.cuda..", "..device.opencl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jcuda..", "org.jocl.."));
  }

  @Test
  void onlyTheCommandLinePrintsAndEndsTheProcess() {
    ArchRule printing =
        noClasses()
            .that()
            .resideOutsideOfPackage("org.amortis.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);
    check(printing);
  }

  /// Intrinsics of [Math] differ between processors in their last bits; [StrictMath] does not.
  @Test
  void theEngineCallsNoElementaryFunctionOfMath() {
    Set<String> inexact =
        Set.of(
            "exp", "expm1", "log", "log1p", "log10", "pow", "sin", "cos", "tan", "asin", "acos",
            "atan", "atan2", "sinh", "cosh", "tanh", "hypot", "cbrt");
    DescribedPredicate<JavaMethodCall> calls =
        describe(
            "call an elementary function of Math",
            call -> {
              MethodCallTarget target = call.getTarget();
              return target.getOwner().isEquivalentTo(Math.class)
                  && inexact.contains(target.getName());
            });
    check(
        noClasses()
            .that()
            .resideInAPackage("org.amortis.engine..")
            .should()
            .callMethodWhere(calls));
  }
}
