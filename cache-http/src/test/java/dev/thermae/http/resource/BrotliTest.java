package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Source;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies with {@code Content-Encoding: br}, made by the reference encoder. */
class BrotliTest extends LoaderFixture {
  /** {@code var a = 'ä'}. */
  private static final byte[] SHORT = bytes("iwWAdmFyIGEgPSAnw6QnAw==");

  /** 400 functions, 17,443 bytes. */
  private static final byte[] SCRIPT =
      bytes(
          """
          GyJEAJwFdiwe5E5XhIcLM9NGTVkkuG07b3DujCW0wgpLmFIxCxCq6J5HwSgUDjZCGD4+XDzjqAdRtzRs
          XLg7hOLvwj++7/v8/H3N8X+8Lz+//+xyHp0ON3LhhWkiZJHB0hoDOnDHxHHZWM85rzV9nvXKvTZ4r8KI
          ikSWQ2s90KU9pohlA5q5ry6PU9t614RXcyYuCvmqiaoU9ppjyrdsiDPvFf04hdS7Xnh1a6IWImtE6grQ
          Xxfm6j6XbwXGsowlG4s1FsdYOGMdjWtd45qOsWaMr4u5SnNF5nLM5WcurbkIc0HmupjrnnntstbA+iJr
          1dZKrZWxls9aorVoa6HWwtjrzr4W7DWyv8L+de3VtVdgL8teir30nMV1Fs5ZR+da17mmx1kzztcdZ5XO
          ip3lusvjLq27CHdB7rq465577XLXwP0SdzX3PKvvnteVued1+e55XeI9r4u+5/WJct+aAzrvjsnlsjWe
          Oe/si+dnvOdmn5eBibREpkJrPtDJPSaBZes0c19uHien9c4J7zyvE89SyIxJpQt7zjGpW7bImfcSfpy8
          1DtfeLlrIgciTxH1bMCe75jMLlvGTLyUHifpchONb46JvBOZS1I5Bn32MHOWffXG5MvwcdIqN5X45jOR
          XJEJkMoT6NycM9+yNTtT78TDeZbFzTi8dG3MEZk6UkmCTviYvK67ZqZf7j1ODso9FbxnY8Z8IjNLKg3Q
          KR2TzLrrzcxL7OPkXbm5DC/HJs4KOYfUswd0hsekvWyps/vmPE5yy00gvDyZyI3M+UjlLOgTh3lWi41k
          et+b73HSU27qwkvSRMIi80prDujcOyaHy14ec96zfTzzlZvZ8NIwkZLIZGjNBzqxx+Rh2VrN3JeTxzlb
          3DnhPXtGZCgybVKpwp5zTPKWLXDmvTw/Tm7qnS+8nDVxQshnRVQmsOc7Jr3LljATL6nHSbjcvMY3x0Tu
          icwhqdNAP9vjzFm2cjP50nyclMpNJr75TCRWZB5I5Qp0Ts6Zb9lrx9R7Fg8nw3LTDi9VG3NEJo9UgqDz
          fExu110z0y/nHudEcZ9V8DKxMZ/I9JJKAXRSxySy7noz8/L2cXKv3ByGd9qIZyvmHFKZA53mMSkvW+zs
          vjmPk9hy8xBerkzkROZ8pM4F+lkcJqNlw5m+9+Z7nNSUm7zwEjSRZ5G5pTUHdM4dc3Kxr3rMeZk+z3zl
          pje8FEwkJTIRWvOBzttjcrFsjWbuO/Nwnm1554SXORNpikyZVLKw5xyTuGXrOPNerh8nJ/XOF965RjwL
          ITMilQ7s+Y5J7bJFzMRL6HHyXG5u45tjIudEniTqWQOd6Tlzli3fTL4UHyepchOJbz4TeSsyF6RyBPrM
          YT437Nl9OGsG1jStKVuTtSbHmjhrHq1zXeucjjVn7M+LPQt7RvZ07OlnT609CXtC9rzY855z7nLmnPNJ
          zqydmToz40yfM0Vn0s5E3Ylx5617Lrhz5H6G+/O6s+vOwJ2W+0cB
          """);

  /** Eight million zeros and more, in 14 bytes. */
  private static final byte[] EIGHT_MIB = bytes("m///f/gnAOKxQCD3/g8=");

  private static final byte[] ONE_MIB = bytes("W///j38CIB4LBHLvHwA=");

  private static byte[] bytes(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static String script() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("function f").append(i).append("(a, b) { return a * ");
      text.append(i * 7919 % 1000).append(" + b; }\n");
    }
    return text.toString();
  }

  private void answer(byte[] body, String... fields) {
    answer(request -> response(200, body, fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "BR", "identity, br"})
  void isStoredAsReceivedAndDecodedForTheSource(String coding) throws IOException {
    answer(SHORT, "Content-Encoding: " + coding, "Cache-Control: max-age=60");
    for (Fetched.Outcome outcome : new Fetched.Outcome[] {STORED, FRESH}) {
      Fetched fetched = get("/a.js").is(outcome).fetched;
      assertThat(fetched.body()).isEqualTo(SHORT);
      Source source = fetched.source();
      assertThat(source.text()).isEqualTo("var a = 'ä'");
      assertThat(fetched.entry().head().sourceHash()).isEqualTo(source.hash());
    }
    assertThat(lastRequest().getHeaders().values("Accept-Encoding")).containsExactly("br, gzip");
  }

  @Test
  void aWholeScript() throws IOException {
    answer(SCRIPT, "Content-Encoding: br");
    assertThat(get("/a.js").fetched.source().text()).isEqualTo(script());
  }

  @Test
  void theCallerMaySayWhatItTakes() throws IOException {
    answer(200, "a");
    get("/a", "Accept-Encoding: gzip");
    assertThat(lastRequest().getHeaders().values("Accept-Encoding")).containsExactly("gzip");
  }

  @Test
  void aBombIsRefused() throws IOException {
    use(settings().maximumDecoded(4 << 20, 10));
    answer(EIGHT_MIB, "Content-Encoding: br");
    assertThatThrownBy(get("/a").fetched::source)
        .isInstanceOf(FetchException.class)
        .hasMessageContaining(url("/a"))
        .hasMessageContaining("decodes to more than 1048576 bytes from 14");
    answer(ONE_MIB, "Content-Encoding: br");
    assertThat(get("/b").fetched.decoded()).isEqualTo(new byte[1 << 20]);
  }

  @Test
  void aBombInLayersIsRefused() throws IOException {
    use(settings().maximumDecoded(2 << 20, 1 << 20));
    answer(EIGHT_MIB, "Content-Encoding: br");
    assertThatThrownBy(get("/a").fetched::source).hasMessageContaining("more than 2097152 bytes");
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "13", "500", "1118"})
  void whatIsCutShortIsRefused(int length) throws IOException {
    answer(Arrays.copyOf(SCRIPT, length), "Content-Encoding: br");
    assertThatThrownBy(get("/a").fetched::source)
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("bad br data");
  }

  /** One bit in every byte: another text or a refusal, and nothing else. */
  @Test
  void damageEndsInAnIOException() throws IOException {
    HeaderList headers = HeaderList.of("Content-Encoding", "br");
    int refused = 0;
    for (int at = 0; at < SCRIPT.length; at++) {
      byte[] damaged = SCRIPT.clone();
      damaged[at] ^= (byte) (1 << (at & 7));
      try {
        byte[] decoded = ContentCoding.decode("u", headers, damaged, 1 << 24, 200);
        assertThat(decoded.length).isLessThanOrEqualTo(1 << 24);
      } catch (FetchException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(SCRIPT.length / 10);
  }

  @Test
  void withoutTheLibraryGzipIsAskedForAndBrIsRefused() throws Exception {
    URL[] own = {ContentCoding.class.getProtectionDomain().getCodeSource().getLocation()};
    ClassLoader parent = new Without("org.brotli.", ContentCoding.class.getClassLoader());
    try (URLClassLoader without = new Own(own, parent)) {
      Class<?> coding = without.loadClass(ContentCoding.class.getName());
      Class<?> list = without.loadClass(HeaderList.class.getName());
      assertThat(coding).isNotSameAs(ContentCoding.class);
      Method accepted = coding.getDeclaredMethod("accepted");
      accepted.setAccessible(true);
      assertThat(accepted.invoke(null)).isEqualTo("gzip");
      Method decode =
          coding.getDeclaredMethod(
              "decode", String.class, list, byte[].class, long.class, int.class);
      decode.setAccessible(true);
      Object headers =
          list.getMethod("of", String[].class)
              .invoke(null, (Object) new String[] {"Content-Encoding", "br"});
      assertThatThrownBy(() -> decode.invoke(null, "http://a/", headers, SHORT, 1L << 20, 200))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessageContaining("br needs org.brotli:dec");
    }
  }

  /** A class path without one library. */
  private static final class Without extends ClassLoader {
    private final String prefix;

    Without(String prefix, ClassLoader parent) {
      super(parent);
      this.prefix = prefix;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(prefix)) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  /** Defines this package's classes anew. */
  private static final class Own extends URLClassLoader {
    Own(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.thermae.http.resource.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : findClass(name);
      }
    }
  }
}
