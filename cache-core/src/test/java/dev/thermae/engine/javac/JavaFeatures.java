package dev.thermae.engine.javac;

import dev.thermae.code.Source;
import java.util.List;

/** Sources that use what javac compiles to classes of their own, or to dynamic call sites. */
final class JavaFeatures {
  private JavaFeatures() {}

  static List<Source> all() {
    return List.of(
        Source.of(
            "Main.java",
            """
            import java.util.*;
            import java.util.function.*;
            public class Main {
              enum E { A, B { @Override int f() { return 2; } }; int f() { return 1; } }
              record R(int a, String b) {}
              sealed interface S permits T, U {}
              record T(int x) implements S {}
              record U(String y) implements S {}
              static int depth = 0;
              static String of(S s) { return s instanceof T t ? "t" + t.x() : ((U) s).y(); }
              public static Object run(java.util.concurrent.Callable<String> c) {
                int n = 3;
                Function<Integer, Integer> f = x -> x * n;
                Supplier<List<String>> g = ArrayList::new;
                List<String> list = g.get();
                list.add("" + f.apply(4) + E.B.f() + new R(1, "z") + of(new T(5)) + of(new U("u")));
                Object o = new Object() { @Override public String toString() { return "anon" + n; } };
                list.add(o.toString());
                list.add(switch (E.A) { case A -> "a"; case B -> "b"; });
                return list.toString();
              }
            }
            """),
        Source.of(
            "Main.java",
            """
            public class Main {
              public static Object run(java.util.concurrent.Callable<String> c) { return "ä€" + 1L; }
            }
            class Second {}
            """));
  }
}
