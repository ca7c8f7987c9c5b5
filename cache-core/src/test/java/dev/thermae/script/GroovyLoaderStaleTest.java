package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.engine.groovy.GroovyEngine;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.codehaus.groovy.tools.GroovyClass;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code never runs that does not fit what is there now, by whichever way it came there. */
class GroovyLoaderStaleTest {
  private static final ClassLoader OWN = GroovyLoaderStaleTest.class.getClassLoader();

  @TempDir Path folder;
  private Path files;

  @BeforeEach
  void makeFolder() throws IOException {
    files = Files.createDirectories(folder.resolve("files"));
  }

  /** Compiles without the cache, into {@link #files}. */
  private void classes(String text) throws IOException {
    CompilationUnit unit = new CompilationUnit();
    unit.addSource("Text.groovy", text);
    unit.compile(Phases.CLASS_GENERATION);
    for (GroovyClass each : unit.getClasses()) {
      Path file = files.resolve(each.getName().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, each.getBytes());
    }
  }

  private URL[] urls() throws IOException {
    return new URL[] {files.toUri().toURL()};
  }

  private CodeCache cache() {
    return CachingGroovyClassLoaderTest.cache(folder.resolve("cache"));
  }

  private static Object run(GroovyClassLoader loader, String text) {
    return InvokerHelper.createScript(loader.parseClass(text, "use.groovy"), new Binding()).run();
  }

  @Test
  void aClassThatAppearsAboveIsAMiss() throws Exception {
    String use = "import p.*\nclass Holder { def x = new Date() }\nnew Holder().x.class.name";
    try (CodeCache cache = cache();
        URLClassLoader parent = new URLClassLoader(urls(), OWN)) {
      GroovyEngine engine = GroovyEngine.create().withParent(parent);
      try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, engine)) {
        assertThat(run(loader, use)).isEqualTo("java.util.Date");
      }
      classes("package p\nclass Date {}");
      try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, engine)) {
        assertThat(run(loader, use)).isEqualTo("p.Date");
      }
    }
  }

  /** Below a loader that takes classes from a place that it does not name. */
  @Test
  void whatAParentHasFromElsewhereIsLeftToGroovy() throws Exception {
    String use = "@groovy.transform.CompileStatic def f() { new Rate().of(4) }\nf()";
    for (String body : new String[] {"int of(int x) { x }", "String of(int x) { 'x' * x }"}) {
      // Groovy remembers what it saw at an address.
      files = folder.resolve(body.substring(0, 3));
      classes("class Rate { " + body + " }");
      try (CodeCache cache = cache();
          URLClassLoader beside = new URLClassLoader(urls(), OWN);
          URLClassLoader parent = new Delegating(beside);
          GroovyClassLoader loader =
              new CachingGroovyClassLoader(cache, GroovyEngine.create().withParent(parent))) {
        assertThat(run(loader, use)).isEqualTo(body.startsWith("int") ? 4 : "xxxx");
        assertThat(cache.stats().rejected(Rejection.DEPENDENCY)).isPositive();
      }
    }
  }

  /** Takes classes from another one, as loaders of plug-ins do. */
  private static final class Delegating extends URLClassLoader {
    private final ClassLoader beside;

    Delegating(ClassLoader beside) {
      super(new URL[0], OWN);
      this.beside = beside;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return beside.loadClass(name);
    }

    @Override
    public URL findResource(String name) {
      return beside.getResource(name);
    }
  }

  /** Groovy looks for them once for each loader, and asks nothing later. */
  @Test
  void extensionMethodsInAFolderOfTheLoaderAreLeftToGroovy() throws Exception {
    Path module = files.resolve("META-INF/groovy/org.codehaus.groovy.runtime.ExtensionModule");
    Files.createDirectories(module.getParent());
    Files.writeString(module, "moduleName=m\nmoduleVersion=1\nextensionClasses=Ext\n");
    String use = "@groovy.transform.CompileStatic def f() { 4.own() }\nf()";
    for (String body : new String[] {"int own(Integer x) { x }", "String own(Integer x) { 'x' }"}) {
      classes("class Ext { static " + body + " }");
      try (CodeCache cache = cache();
          GroovyClassLoader loader = new CachingGroovyClassLoader(cache, GroovyEngine.create())) {
        loader.addClasspath(files.toString());
        run(loader, "@groovy.transform.CompileStatic def g() { 4.intdiv(2) }\ng()");

        assertThat(run(loader, use)).isEqualTo(body.startsWith("int") ? 4 : "x");
        assertThat(run(loader, use + " ")).isEqualTo(body.startsWith("int") ? 4 : "x");
      }
    }
  }

  /** A key that was made before it was there does not tell what is in it. */
  @Test
  void aJarThatAnotherThreadAddsWhileItIsCompiledIsLeftToGroovy() throws Exception {
    Path jar = folder.resolve("rate.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("readme"));
    }
    try (CodeCache cache = cache();
        GroovyClassLoader loader = new CachingGroovyClassLoader(cache, GroovyEngine.create())) {
      URL added = jar.toUri().toURL();
      loader.setResourceLoader(
          name -> {
            Thread other = new Thread(() -> loader.addURL(added));
            other.start();
            try {
              other.join();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return null;
          });
      assertThat(run(loader, "import p.*\nclass Holder { Date x }\n3")).isEqualTo(3);
      assertThat(loader.getURLs()).contains(added);
      assertThat(cache.flush()).isTrue();
      assertThat(cache.stats().stored()).isZero();
      assertThat(cache.stats().rejected(Rejection.DEPENDENCY)).isEqualTo(1);
    }
  }

  @Test
  void aClosedCacheCompiles() throws Exception {
    CodeCache cache = cache();
    cache.close();
    try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, GroovyEngine.create())) {
      assertThat(run(loader, "class A { def x = 3 }; new A().x")).isEqualTo(3);
      assertThat(run(loader, "class A { def x = 4 }; new A().x")).isEqualTo(4);
    }
  }

  /** A class's initializer compiles more, of another loader and of its own. */
  @Test
  void initializersThatCompileAreServedInsideAnother() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (CodeCache cache = cache();
          GroovyClassLoader loader = new CachingGroovyClassLoader(cache, GroovyEngine.create())) {
        String text =
            """
            class A {
              static x = new GroovyShell(A.classLoader).evaluate('[4].max()')
              static y = A.classLoader.parseClass('class B { static z = 5 }').z
            }
            [A.x, A.y]
            """;
        assertThat(run(loader, text)).hasToString("[4, 5]");
      }
    }
  }

  /** Some classes of the unit are defined by then. */
  @Test
  void aUnitThatCannotBeDefinedIsCompiled() throws Exception {
    String text = "class A { def x = 3 }\nclass B { def y = { 4 } }\n[new A().x, new B().y()]";
    List<String> broken = new ArrayList<>();
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setBytecodePostprocessor(
        (name, bytes) -> broken.remove(name) ? new byte[] {1, 2, 3, 4, 5, 6, 7, 8} : bytes);
    GroovyEngine engine =
        GroovyEngine.create().withConfiguration(configuration).identifiedBy("processor 1");
    try (CodeCache cache = cache()) {
      for (String each : List.of("", "A", "B", "use", "")) {
        try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, engine)) {
          if (!each.isEmpty()) {
            broken.add(each);
          }
          long before = cache.stats().faults();

          assertThat(run(loader, text)).as(each).hasToString("[3, 4]");
          assertThat(cache.stats().faults() - before).as(each).isEqualTo(each.isEmpty() ? 0 : 1);
          assertThat(broken).isEmpty();
          assertThat(loader.loadClass("A").getClassLoader())
              .isSameAs(loader.loadClass("B").getClassLoader());
        }
      }
      assertThat(cache.stats().compiles()).isEqualTo(1);
    }
  }
}
