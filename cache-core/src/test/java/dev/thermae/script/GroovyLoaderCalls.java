package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import groovy.lang.GroovyObject;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.Phases;

/** What programs do with Groovy's class loader. */
final class GroovyLoaderCalls {
  private final List<GroovyLoaderCall> calls = new ArrayList<>();

  private GroovyLoaderCalls() {}

  static List<GroovyLoaderCall> all() {
    GroovyLoaderCalls all = new GroovyLoaderCalls();
    all.parsing();
    all.remembering();
    all.referring();
    all.failing();
    all.leftToGroovy();
    return all.calls;
  }

  private void call(String name, GroovyLoaderCall.Body body) {
    calls.add(new GroovyLoaderCall(name, true, body));
  }

  private void plain(String name, GroovyLoaderCall.Body body) {
    calls.add(new GroovyLoaderCall(name, false, body));
  }

  static Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static Object run(Class<?> type) throws Exception {
    GroovyObject made = (GroovyObject) type.getDeclaredConstructor().newInstance();
    return made.invokeMethod("run", null);
  }

  private static void tell(Notes notes, GroovyClassLoader loader, Callable<Class<?>> parse) {
    notes.of(
        () -> {
          Class<?> type = parse.call();
          notes.value(type.getName() + " in " + type.getPackage());
          notes.value(String.valueOf(type.getProtectionDomain().getCodeSource().getLocation()));
          notes.value(type.getClassLoader() instanceof GroovyClassLoader.InnerLoader);
          notes.value(type.getClassLoader().getParent() == loader);
          TreeSet<String> names = new TreeSet<>();
          for (Class<?> each : loader.getLoadedClasses()) {
            names.add(each.getName() + each.getInterfaces().length);
          }
          notes.value(names.toString());
          return run(type);
        });
  }

  private void parsing() {
    String text = "def f = { it * 2 }; class In { def x = 4 }; f(new In().x)";
    call("a text", (loader, folder, notes) -> tell(notes, loader, () -> loader.parseClass(text)));
    call(
        "a text with a name",
        (loader, folder, notes) -> tell(notes, loader, () -> loader.parseClass(text, "a.groovy")));
    call(
        "a text named by a path",
        (loader, folder, notes) ->
            tell(notes, loader, () -> loader.parseClass(text, "/some/where/Else.groovy")));
    call(
        "a reader",
        (loader, folder, notes) ->
            tell(notes, loader, () -> loader.parseClass(new StringReader(text), "r.groovy")));
    call(
        "a file",
        (loader, folder, notes) ->
            tell(
                notes,
                loader,
                () -> loader.parseClass(write(folder, "p/File.groovy", text).toFile())));
    call(
        "a code source of a file",
        (loader, folder, notes) ->
            tell(
                notes,
                loader,
                () ->
                    loader.parseClass(
                        new GroovyCodeSource(write(folder, "F.groovy", text).toFile(), "UTF-8"))));
    call(
        "a code source of a URL",
        (loader, folder, notes) -> {
          URL url = write(folder, "U.groovy", text).toUri().toURL();
          tell(notes, loader, () -> loader.parseClass(new GroovyCodeSource(url)));
        });
    call(
        "a code source with a place",
        (loader, folder, notes) ->
            tell(
                notes,
                loader,
                () -> loader.parseClass(new GroovyCodeSource(text, "C.groovy", "/own/place"))));
    call(
        "classes in a package",
        (loader, folder, notes) ->
            notes.of(
                () -> {
                  Class<?> type =
                      loader.parseClass("package a.b\nclass A {}\nclass B extends A {}", "x");
                  notes.value(loader.loadClass("a.b.B").getSuperclass() == type);
                  notes.value(loader.loadClass("a.b.B").getPackage().getName());
                  return type.getName();
                }));
    call(
        "types of all kinds",
        (loader, folder, notes) ->
            tell(
                notes,
                loader,
                () ->
                    loader.parseClass(
                        """
                        import groovy.transform.*
                        enum E { A, B { String f() { 'b' } }; String f() { 'a' } }
                        trait T { def t() { 't' } }
                        @CompileStatic class S implements T { int g(int a) { a + 1 } }
                        @Canonical class K { int a }
                        record R(int x) {}
                        interface I { int i() }
                        [E.values()*.f(), new S().t(), new K(3), new R(4), ({ 5 } as I).i()].toString()
                        """,
                        "Kinds.groovy")));
    call(
        "where a source is",
        (loader, folder, notes) ->
            tell(
                notes,
                loader,
                () ->
                    loader.parseClass(
                        write(
                                folder,
                                "At.groovy",
                                "@groovy.transform.SourceURI @groovy.transform.Field URI at\nat")
                            .toFile())));
  }

  private void remembering() {
    call(
        "a source again",
        (loader, folder, notes) -> {
          Class<?> one = loader.parseClass("1 + 1", "one.groovy");
          notes.value(one == loader.parseClass("1 + 1", "one.groovy"));
          GroovyCodeSource code = new GroovyCodeSource("2 + 1", "two.groovy", "/place");
          Class<?> two = loader.parseClass(code);
          notes.value(two == loader.parseClass(code));
          notes.value(two == loader.parseClass(code, false));
          notes.value(
              two == loader.parseClass(new GroovyCodeSource("2 + 1", "other.groovy", "/place")));
          notes.value(
              two == loader.parseClass(new GroovyCodeSource("2 + 1", "two.groovy", "/elsewhere")));
          notes.value(two == loader.loadClass("two"));
          loader.clearCache();
          notes.value(loader.getLoadedClasses().length);
          notes.of(() -> loader.loadClass("two"));
          notes.value(two == loader.parseClass(code));
        });
    call(
        "another text of the same name",
        (loader, folder, notes) -> {
          Class<?> one = loader.parseClass("class A { def f() { 1 } }", "A.groovy");
          Class<?> two = loader.parseClass("class A { def f() { 2 } }", "A.groovy");
          notes.value(one == two);
          notes.value(two == loader.loadClass("A"));
          notes.value(loader.getLoadedClasses().length);
          notes.of(() -> run(loader.parseClass("new A().f()", "use.groovy")));
        });
    call(
        "a closed loader",
        (loader, folder, notes) -> {
          loader.parseClass("class A {}", "A.groovy");
          loader.close();
          notes.value(loader.getLoadedClasses().length);
          notes.of(() -> run(loader.parseClass("4", "four.groovy")));
        });
    call(
        "a file that changes",
        (loader, folder, notes) -> {
          for (int i = 0; i < 3; i++) {
            Path file = write(folder, "Changing.groovy", "return " + i / 2);
            notes.of(() -> run(loader.parseClass(file.toFile())));
          }
        });
    call(
        "a file that changes after it was named",
        (loader, folder, notes) -> {
          Path file = write(folder, "Late.groovy", "'early'");
          GroovyCodeSource code = new GroovyCodeSource(file.toFile(), "UTF-8");
          write(folder, "Late.groovy", "'late'");
          notes.of(() -> run(loader.parseClass(code)));
        });
    call(
        "recompiling by times",
        (loader, folder, notes) -> {
          loader.setShouldRecompile(true);
          loader.addURL(folder.toUri().toURL());
          Path file = write(folder, "Timed.groovy", "class Timed { static x() { 1 } }");
          Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
          Class<?> one = loader.loadClass("Timed");
          write(folder, "Timed.groovy", "class Timed { static x() { 2 } }");
          Files.setLastModifiedTime(file, FileTime.fromMillis(4_000_000_000_000L));
          Class<?> two = loader.loadClass("Timed", true, false);
          notes.value(one == two);
          notes.of(() -> two.getMethod("x").invoke(null));
          Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
          notes.value(two == loader.loadClass("Timed", true, false));
        });
  }

  private void referring() {
    call(
        "classes of earlier sources",
        (loader, folder, notes) -> {
          loader.parseClass("class Rate { static of(x) { x * 2 } }", "Rate.groovy");
          notes.of(() -> run(loader.parseClass("Rate.of(4)", "use.groovy")));
          notes.of(() -> run(loader.parseClass("[Rate.of(5), use.name]", "again.groovy")));
        });
    call(
        "a source on the class path",
        (loader, folder, notes) -> {
          write(folder, "p/Other.groovy", "package p; class Other { static x() { Third.y() } }");
          write(folder, "p/Third.groovy", "package p; class Third { static y() { 6 } }");
          loader.addClasspath(folder.toString());
          tell(notes, loader, () -> loader.parseClass("p.Other.x()", "main.groovy"));
          notes.of(() -> loader.loadClass("p.Third").getName());
        });
    call(
        "a class that is loaded from a source",
        (loader, folder, notes) -> {
          Path file =
              write(folder, "Loaded.groovy", "class Loaded { static x() { 7 } }\nclass M {}");
          Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
          loader.addURL(folder.toUri().toURL());
          notes.of(() -> loader.loadClass("Loaded").getName());
          notes.of(() -> run(loader.parseClass("Loaded.x()", "main.groovy")));
          Path changed = write(folder, "Loaded.groovy", "class Loaded { static x() { 8 } }");
          Files.setLastModifiedTime(changed, FileTime.fromMillis(4_000_000_000_000L));
          notes.of(() -> loader.loadClass("Loaded", true, false).getName());
          notes.of(() -> run(loader.parseClass("Loaded.x() ", "main.groovy")));
          notes.of(() -> loader.loadClass("Nowhere"));
        });
    call(
        "a resource loader",
        (loader, folder, notes) -> {
          Path file = write(folder, "hidden.txt", "class Found { static x() { 9 } }");
          List<String> asked = new ArrayList<>();
          loader.setResourceLoader(
              name -> {
                asked.add(name);
                return name.equals("Found") ? file.toUri().toURL() : null;
              });
          notes.of(() -> run(loader.parseClass("Found.x()", "main.groovy")));
          notes.value(asked.contains("Found"));
          notes.of(() -> loader.loadClass("Found").getName());
        });
    call(
        "a shell above it",
        (loader, folder, notes) -> {
          loader.parseClass("class Below { def x = 3 }", "Below.groovy");
          notes.of(() -> new GroovyShell(loader).evaluate("new Below().x", "Above.groovy"));
          notes.of(() -> new GroovyShell(loader).evaluate("new Nowhere()", "Above.groovy"));
        });
    call(
        "a script that compiles more",
        (loader, folder, notes) ->
            notes.of(
                () ->
                    run(
                        loader.parseClass(
                            "def c = getClass().classLoader.parseClass('class M { def m() { 7 } }');"
                                + "[c.newInstance().m(), getClass().classLoader.loadClass('M') == c]",
                            "more.groovy"))));
  }

  private void failing() {
    call(
        "a syntax error",
        (loader, folder, notes) -> {
          notes.of(() -> loader.parseClass("def x = \n )", "broken.groovy"));
          notes.of(() -> loader.parseClass("def x = \n )", "broken.groovy"));
        });
    call(
        "a syntax error in a file",
        (loader, folder, notes) ->
            notes.of(
                () -> loader.parseClass(write(folder, "Broken.groovy", "class A {\n").toFile())));
    call(
        "a class that comes later",
        (loader, folder, notes) -> {
          notes.of(() -> loader.parseClass("class B extends A {}", "B.groovy"));
          loader.parseClass("class A {}", "A.groovy");
          notes.of(() -> loader.parseClass("class B extends A {}", "B.groovy").getSuperclass());
        });
    call(
        "an error in another source",
        (loader, folder, notes) -> {
          write(folder, "Bad.groovy", "class Bad {\n  def = 3\n}");
          loader.addURL(folder.toUri().toURL());
          notes.of(() -> loader.parseClass("new Bad()", "main.groovy"));
          notes.of(() -> loader.loadClass("Bad"));
        });
    call(
        "an error while it runs",
        (loader, folder, notes) ->
            notes.of(
                () ->
                    run(
                        loader.parseClass(
                            "\n[1].each {\n  throw new IllegalStateException('x') }",
                            "/a/b/run.groovy"))));
    call(
        "no text",
        (loader, folder, notes) -> notes.of(() -> loader.parseClass((String) null, "n")));
    call(
        "a missing file",
        (loader, folder, notes) ->
            notes.of(() -> loader.parseClass(folder.resolve("no.groovy").toFile())));
    call(
        "an empty text",
        (loader, folder, notes) -> notes.of(() -> run(loader.parseClass("", "e"))));
    call(
        "half a character",
        (loader, folder, notes) ->
            notes.of(() -> run(loader.parseClass("(int) ('\uD83D' as char)", "h"))));
  }

  private void leftToGroovy() {
    plain(
        "a transformation that is a script",
        (loader, folder, notes) -> {
          loader.addURL(folder.toUri().toURL());
          write(
              folder,
              "Mark.groovy",
              """
              import java.lang.annotation.*
              import org.codehaus.groovy.transform.*
              import org.codehaus.groovy.ast.*
              import org.codehaus.groovy.control.*
              @Retention(RetentionPolicy.SOURCE) @Target([ElementType.TYPE])
              @GroovyASTTransformationClass('MarkTransform') @interface Mark {}
              """);
          write(
              folder,
              "MarkTransform.groovy",
              """
              import org.codehaus.groovy.transform.*
              import org.codehaus.groovy.ast.*
              import org.codehaus.groovy.control.*
              @GroovyASTTransformation(phase = CompilePhase.CANONICALIZATION)
              class MarkTransform implements ASTTransformation {
                void visit(ASTNode[] nodes, SourceUnit source) {
                  nodes[1].addProperty('mark', 1, ClassHelper.STRING_TYPE, null, null, null)
                }
              }
              """);
          loader.loadClass("MarkTransform");
          loader.loadClass("Mark");
          notes.of(
              () -> {
                Class<?> marked = loader.parseClass("@Mark class Marked {}", "m");
                return marked.getMethod("getMark").getName();
              });
        });
    plain(
        "a collector of annotations that is a script",
        (loader, folder, notes) -> {
          loader.parseClass(
              """
              import org.codehaus.groovy.ast.*
              import org.codehaus.groovy.control.SourceUnit
              class Chosen extends org.codehaus.groovy.transform.AnnotationCollectorTransform {
                List<AnnotationNode> visit(
                    AnnotationNode a, AnnotationNode b, AnnotatedNode c, SourceUnit d) {
                  [new AnnotationNode(ClassHelper.make(Deprecated))]
                }
              }
              """,
              "Chosen.groovy");
          loader.parseClass(
              "@groovy.transform.AnnotationCollector(processor = 'Chosen') @interface Own {}",
              "Own.groovy");
          notes.of(() -> loader.parseClass("@Own class It {}", "i").getAnnotations().length);
        });
    plain(
        "a class that was given as bytes",
        (loader, folder, notes) -> {
          CompilationUnit unit = new CompilationUnit();
          unit.addSource("Given.groovy", "class Given { static x() { 5 } }");
          unit.compile(Phases.CLASS_GENERATION);
          byte[] bytes = unit.getClasses().get(0).getBytes();
          notes.of(() -> loader.defineClass("Given", bytes).getName());
          notes.of(() -> run(loader.parseClass("Given.x()", "given")));
        });
  }
}
