package dev.thermae.engine.groovy;

import dev.thermae.code.Source;
import java.util.List;

/** Scripts that use what Groovy compiles to classes of their own, or transforms. */
final class GroovyFeatures {
  private GroovyFeatures() {}

  /**
   * Groovy adds the annotation of its map constructor to one node that all compilations share, so
   * that its code grows by 111 bytes each time, in Groovy 5.1.3; what it does is the same.
   */
  static final Source GROWING =
      Source.of(
          "Growing.groovy",
          """
          @groovy.transform.Immutable class A { int b; List c }
          [new A(1, [2]), new A(b: 1, c: [3])].toString()
          """);

  static List<Source> all() {
    return List.of(
        Source.of(
            "Closures.groovy", "def n = 1; (1..3).collect { a -> { b -> a * b + n } }*.call(2)"),
        Source.of(
            "Types.groovy",
            """
            class P { int x; String y = 'a'; String toString() { "$x$y" } }
            enum E { A, B { String f() { 'b' } }; String f() { 'a' } }
            trait T { def t() { 't' + x } }
            class Q extends P implements T {}
            record R(int a, String b) {}
            interface I { int i() }
            [new P(x: 3), E.values()*.f(), new Q(x: 4).t(), new R(1, 'z').b(), ({ 5 } as I).i()]
            """),
        Source.of(
            "Transformed.groovy",
            """
            import groovy.transform.*
            @Canonical class D { def e }
            @CompileStatic int f(int g) { g * 2 }
            @Memoized def m(x) { x + 1 }
            [new D(3), f(4), m(5)].toString()
            """),
        Source.of(
            "Inner.groovy",
            """
            abstract class O { abstract int f(); int g() { new Object() { int h() { 3 } }.h() } }
            def o = new O() { int f() { 2 } }
            o.f() + o.g()
            """),
        Source.of(
            "Switching.groovy",
            """
            def s = { v ->
              switch (v) {
                case Integer -> 'i'; case ~/a.*/ -> 're'; case [1, 2] -> 'l'; default -> 'd'
              }
            }
            [s(1), s('abc'), s(1.5)].join(',')
            """),
        Source.of(
            "Lambdas.groovy",
            """
            import java.util.function.*
            @groovy.transform.CompileStatic
            def f() { Function<Integer, Integer> g = (Integer x) -> x + 1; g.apply(1) }
            f()
            """),
        Source.of("Strings.groovy", "def t = '''a''' + \"${1 + 1}\" + /x/ + 'ä€'; t.reverse()"));
  }
}
