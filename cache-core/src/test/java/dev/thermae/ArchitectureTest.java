package dev.thermae;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.thermae.store.EntryHead;
import java.net.URL;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between packages are imports; nothing points up, and there are no cycles. */
@Tag("once")
class ArchitectureTest {
  /** What each package may import besides itself; whoever is missing here is refused. */
  private static final Map<String, List<String>> LAYERS =
      Map.of(
          "code", List.of(),
          "event", List.of("code"),
          "event.jfr", List.of("code", "event"),
          "policy", List.of(),
          "engine", List.of("code"),
          "store", List.of("code", "event"),
          "isolate", List.of("code", "engine"),
          "disk", List.of("code", "event", "store"));

  /** What stands over a store among the adapters. */
  private static final String OWN_CACHES =
      "dev\\.thermae\\.engine\\.(digest\\..*|wasm\\.ChicoryCache|quickjs\\.QuickJsCache(\\$.*)?)";

  private static final JavaClasses MAIN = mainClasses();

  /** From where the classes lie, as the name of the build folder is not ours to know. */
  private static JavaClasses mainClasses() {
    URL place = CodeCache.class.getProtectionDomain().getCodeSource().getLocation();
    return new ClassFileImporter().importUrl(place);
  }

  private static JavaClasses fixture(String name) {
    return new ClassFileImporter().importPackages("dev.thermae.fixture." + name);
  }

  /** The root package is a slice too: {@code (*)..} would leave it out. */
  private static ArchRule noCycles() {
    return slices().matching("dev.(**)").should().beFreeOfCycles();
  }

  private static ArchRule onlyDownwards(String base, String layer) {
    DescribedPredicate<JavaClass> below =
        resideInAnyPackage(
            LAYERS.get(layer).stream().map(name -> base + '.' + name).toArray(String[]::new));
    return noClasses()
        .that()
        .resideInAPackage(base + '.' + layer)
        .should()
        .dependOnClassesThat(
            resideInAPackage(base + "..")
                .and(DescribedPredicate.not(resideInAPackage(base + '.' + layer)))
                .and(DescribedPredicate.not(below)));
  }

  @Test
  void everyPackageIsThere() {
    assertThat(MAIN.stream().map(JavaClass::getPackageName))
        .contains("dev.thermae", "dev.thermae.code", "dev.thermae.disk", "dev.thermae.isolate")
        .noneMatch(name -> name.startsWith("dev.thermae.fixture"));
    assertThat(
            MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("dev.thermae."))
                .map(name -> name.substring("dev.thermae.".length()))
                .filter(name -> !name.startsWith("engine."))
                .filter(name -> !name.equals("script"))
                .filter(name -> !name.equals("file")))
        .isSubsetOf(LAYERS.keySet());
  }

  @Test
  void packagesHaveNoCycles() {
    noCycles().check(MAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pair", "rooted"})
  void plantedCyclesAreFound(String name) {
    assertThatThrownBy(() -> noCycles().check(fixture(name)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle detected")
        .hasMessageContaining("fixture." + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"code", "event", "event.jfr", "policy", "engine", "store", "isolate", "disk"})
  void nothingPointsUp(String layer) {
    onlyDownwards("dev.thermae", layer).check(MAIN);
  }

  @Test
  void plantedUpwardArrowIsFound() {
    assertThatThrownBy(
            () -> onlyDownwards("dev.thermae.fixture.upward", "code").check(fixture("upward")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Low");
  }

  @Test
  void nothingImportsTheRoot() {
    noClasses()
        .that()
        .resideInAPackage("dev.thermae.*..")
        .and()
        .resideOutsideOfPackages("dev.thermae.script", "dev.thermae.file")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.thermae")
        .check(MAIN);
  }

  /** Script engines sit on top: they compose cache and adapters, and nothing knows them. */
  @Test
  void nothingImportsTheScriptEngines() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.thermae.script")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.thermae.script")
        .check(MAIN);
  }

  /** As do files, which compose the cache and what tells of changes. */
  @Test
  void nothingImportsTheFiles() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.thermae.file")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.thermae.file")
        .check(MAIN);
  }

  /**
   * An adapter is one leaf: it knows the engine contract and values, and nobody knows it. The
   * caches that Chicory and quickjs4j ask for stand over a store.
   */
  @Test
  void adaptersKnowEngineAndCodeOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.thermae.engine.*..")
        .and(DescribedPredicate.not(nameMatching(OWN_CACHES)))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.thermae..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "dev.thermae.engine", "dev.thermae.engine.*..", "dev.thermae.code"))))
        .allowEmptyShould(true)
        .check(MAIN);
    slices()
        .matching("dev.thermae.engine.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            DescribedPredicate.alwaysTrue(), resideInAPackage("dev.thermae.engine.digest"))
        .allowEmptyShould(true)
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.thermae.engine.*..", "dev.thermae.script")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.thermae.engine.*..")
        .check(MAIN);
  }

  @Test
  void librariesStayWhereTheyAreLoadedLazily() {
    only(
        "com.github.benmanes.caffeine..",
        "dev\\.thermae\\.(isolate\\.CaffeineUnits|file\\.Recent)(\\$.*)?");
    only("net.openhft..", "dev\\.thermae\\.disk\\.ChronicleIndex(\\$.*)?");
    only("com.github.luben..", "dev\\.thermae\\.code\\.ZstdCodec");
    only("io.methvin..", "dev\\.thermae\\.file\\.(DirectoryEvents|WatchedTree)(\\$.*)?");
    only("org.slf4j..", "dev\\.thermae\\.file\\.DirectoryEvents");
    only("com.caoccao..", "dev\\.thermae\\.engine\\.v8\\..*");
    only("org.mozilla..", "dev\\.thermae\\.(engine\\.rhino\\..*|script\\.Rhino.*)");
    only("org.codehaus.janino..", "dev\\.thermae\\.engine\\.janino\\..*");
    only("org.codehaus.commons..", "dev\\.thermae\\.engine\\.janino\\..*");
    only("com.dylibso..", "dev\\.thermae\\.engine\\.wasm\\..*");
    only("io.roastedroot..", "dev\\.thermae\\.engine\\.quickjs\\..*");
    only("run.endive..", "dev\\.thermae\\.engine\\.quickjs\\..*");
    String groovy =
        "dev\\.thermae\\.(engine\\.groovy\\..*"
            + "|script\\.(Groovy|Script.*Loader|(Caching|Noting)Groovy.*Loader|CachingGroovyScript).*)";
    only("groovy..", groovy);
    only("org.codehaus.groovy..", groovy);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("okhttp3..", "okio..", "kotlin..", "com.esotericsoftware..")
        .check(MAIN);
  }

  /** So a head's metadata, which others decode, were sealed or made here. */
  @Test
  void headsComeFromVerifiedBytesOrFromTheirMakers() {
    constructors()
        .that()
        .areDeclaredIn(EntryHead.class)
        .should()
        .onlyBeCalled()
        .byClassesThat(nameMatching("dev\\.thermae\\.(store\\.EntryHead|disk\\.DiskEntry)(\\$.*)?"))
        .check(MAIN);
  }

  private static void only(String library, String classes) {
    noClasses()
        .that(DescribedPredicate.not(nameMatching(classes)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(MAIN);
  }
}
