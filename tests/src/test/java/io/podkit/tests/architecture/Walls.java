package io.podkit.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of the design about who may know whom, for classes beneath one root package: the
 * product's, or those of a sample that breaks every rule.
 */
final class Walls {

  private static final List<String> MODULES = List.of("fs", "core", "migrate", "cli");

  private final String root;

  private Walls(String root) {
    this.root = root;
  }

  /** Every rule by its name, for the classes beneath {@code root}. */
  static Map<String, ArchRule> of(String root) {
    Walls walls = new Walls(root);
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("floors stand only on lower floors", walls.floors());
    rules.put("no cycles between packages", walls.cycles());
    rules.put("a module is entered through its api", walls.doors());
    rules.put("an api shows only apis", walls.apis());
    rules.put("JNR stays in the bindings", walls.jnr());
    rules.put("only the bindings know the C libraries", walls.cLibraries());
    rules.put("picocli stays in cli", walls.picocli());
    rules.put("only cli prints", walls.streams());
    rules.put("only cli exits", walls.exit());
    rules.put("subprocesses start in one place", walls.subprocesses());
    rules.put("failures are typed", walls.typedFailures());
    rules.put("one way to log", walls.logging());
    return rules;
  }

  private String in(String relative) {
    return root + "." + relative;
  }

  private ArchRule floors() {
    return layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(root + "..")
        .withOptionalLayers(true)
        .layer("native")
        .definedBy(
            in("error.."),
            in("resource.."),
            in("linux.."),
            in("process.."),
            in("procfs.."),
            in("criu.."))
        .layer("fs")
        .definedBy(in("fs.."))
        .layer("core")
        .definedBy(in("core.."))
        .layer("migrate")
        .definedBy(in("migrate.."))
        .layer("cli")
        .definedBy(in("cli.."))
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("migrate")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("core")
        .mayOnlyBeAccessedByLayers("migrate", "cli")
        .whereLayer("fs")
        .mayOnlyBeAccessedByLayers("core", "migrate", "cli")
        .because("each module stands only on those below it");
  }

  /** {@code open()} of a facade is the one way from an api into its own module. */
  private ArchRule cycles() {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(resideInAPackage(root + ".*.api"), resideInAPackage(root + ".*.wiring"));
  }

  /** Classes of one module see of another only its api; native is open to all of us. */
  private ArchRule doors() {
    return CompositeArchRule.of(MODULES.stream().map(this::door).toList());
  }

  private ArchRule door(String module) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(module + ".."))
        .should()
        .dependOnClassesThat(
            resideInAPackage(in(module + ".."))
                .and(DescribedPredicate.not(resideInAPackage(in(module + ".api")))))
        .because("the inside of " + module + " is its own");
  }

  private ArchRule apis() {
    return classes()
        .that()
        .resideInAPackage(root + ".*.api")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "com.google.errorprone.annotations..",
            root + ".*.api",
            root + ".*.wiring",
            in("error"),
            in("linux"),
            in("resource"))
        .allowEmptyShould(true)
        .because("users of a module compile against nothing else");
  }

  private ArchRule jnr() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("linux.."), in("criu.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jnr..")
        .because("errno must be read beside the call, in one reviewed place");
  }

  private ArchRule cLibraries() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("linux.."), in("criu.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("linux.lib.."), in("criu.lib.."))
        .because("a C signature says nothing about ownership and errors");
  }

  private ArchRule picocli() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("cli.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..");
  }

  private ArchRule streams() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("cli.."))
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .because("engines report events and throw; people read what cli prints");
  }

  private ArchRule exit() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("cli.."))
        .should()
        .callMethodWhere(calls(System.class, "exit"))
        .orShould()
        .callMethodWhere(calls(Runtime.class, "exit"))
        .orShould()
        .callMethodWhere(calls(Runtime.class, "halt"));
  }

  private ArchRule subprocesses() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("process.."))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .orShould()
        .callMethodWhere(calls(Runtime.class, "exec"))
        .because("one place drains the pipes, keeps the deadline and waits for the end");
  }

  private static DescribedPredicate<JavaMethodCall> calls(Class<?> owner, String method) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + method,
        call -> call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(method));
  }

  private ArchRule typedFailures() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS)
        .because("callers branch on a kind, users read a subject and a hint");
  }

  private ArchRule logging() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(in("cli.logging"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "ch.qos.logback.core..")
        .because("SLF4J is the one way to log, set up in one place");
  }
}
