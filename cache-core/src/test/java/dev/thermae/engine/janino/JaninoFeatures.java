package dev.thermae.engine.janino;

import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import java.util.List;
import java.util.Map;

/** Sources that use what Janino compiles to classes of their own. */
final class JaninoFeatures {
  private JaninoFeatures() {}

  static List<Source> all() {
    return List.of(
        Source.of(
            "Main.java",
            """
            import java.util.*;
            public class Main {
              enum E { A, B { int f() { return 2; } }; int f() { return 1; } }
              interface Shape { int area(); }
              static class Square implements Shape {
                final int side;
                Square(int side) { this.side = side; }
                public int area() { return this.side * this.side; }
              }
              class Inner { int twice() { return 2 * n; } }
              int n = 21;
              public static Object run(java.util.concurrent.Callable c) {
                final int three = 3;
                List list = new ArrayList();
                list.add("" + E.B.f() + new Square(4).area() + new Main().new Inner().twice());
                list.add(new Object() { public String toString() { return "anon" + three; } });
                switch (E.A) { case A: list.add("a"); break; default: list.add("d"); }
                for (Iterator i = new ArrayList(list).iterator(); i.hasNext();) {
                  list.add(Integer.valueOf(i.next().toString().length()));
                }
                try { list.get(99); } catch (IndexOutOfBoundsException e) { list.add("caught"); }
                assert three == 3;
                return list.toString();
              }
            }
            """),
        Source.of(
            "Main.java",
            """
            public class Main {
              public static Object run(java.util.concurrent.Callable c) { return "ä€" + 1L; }
            }
            class Second {}
            """),
        SourceSet.of(
            "set",
            Map.of(
                "Main.java",
                """
                public class Main {
                  public static Object run(java.util.concurrent.Callable c) {
                    return new other.Part().text() + new other.Part.Piece().text();
                  }
                }
                """,
                "other/Whatever.java",
                """
                package other;
                public class Part {
                  public String text() { return "part"; }
                  public static class Piece { public String text() { return "piece"; } }
                }
                """)));
  }
}
