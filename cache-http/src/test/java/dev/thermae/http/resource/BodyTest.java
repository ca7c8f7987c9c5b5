package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.REVALIDATED;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content codings, charsets, and bodies that are lost. */
class BodyTest extends LoaderFixture {
  private interface Coding {
    OutputStream over(OutputStream out) throws IOException;
  }

  private static byte[] coded(Coding coding, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream stream = coding.over(out)) {
      stream.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void answer(byte[] body, String... fields) {
    answer(request -> response(200, body, fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip"})
  void gzipIsStoredAsReceivedAndDecodedForTheSource(String coding) throws IOException {
    byte[] gzip = coded(GZIPOutputStream::new, utf8("var a = 'ä'"));
    answer(gzip, "Content-Encoding: " + coding, "Cache-Control: max-age=60");
    for (Fetched.Outcome outcome : new Fetched.Outcome[] {STORED, FRESH}) {
      Fetched fetched = get("/a.js").is(outcome).fetched;
      assertThat(fetched.body()).isEqualTo(gzip);
      assertThat(fetched.entry().head().is(EntryHead.ENCODED)).isTrue();
      Source source = fetched.source();
      assertThat(source.text()).isEqualTo("var a = 'ä'");
      assertThat(source.name()).isEqualTo(url("/a.js"));
      assertThat(fetched.entry().head().sourceHash())
          .isEqualTo(Source.hash(StandardCharsets.UTF_8, source.bytes()))
          .isEqualTo(source.hash());
    }
  }

  @Test
  void codingsAreUndoneInReverse() throws IOException {
    byte[] inner = coded(DeflaterOutputStream::new, utf8("text"));
    answer(coded(GZIPOutputStream::new, inner), "Content-Encoding: deflate, gzip");
    assertThat(get("/a").fetched.source().text()).isEqualTo("text");
  }

  @ParameterizedTest
  @CsvSource({
    "zstd, not known",
    "br, bad br data",
    "gzip, bad gzip data",
    "'gzip,gzip,gzip,gzip,gzip', more than 4"
  })
  void whatCannotBeDecodedIsStoredButIsNoSource(String coding, String message) throws IOException {
    answer(utf8("plain"), "Content-Encoding: " + coding, "Cache-Control: max-age=60");
    get("/a").is(STORED).body("plain");
    Fetched fetched = get("/a").is(FRESH).body("plain").fetched;
    assertThat(fetched.entry().head().sourceHash()).isEqualTo(new byte[32]);
    assertThatThrownBy(fetched::source)
        .isInstanceOf(FetchException.class)
        .hasMessageContaining(url("/a"))
        .hasMessageContaining(message);
  }

  @Test
  void aBombIsRefused() throws IOException {
    use(settings().maximumDecoded(4 << 20, 10));
    answer(coded(GZIPOutputStream::new, new byte[8 << 20]), "Content-Encoding: gzip");
    assertThatThrownBy(get("/a").fetched::source).hasMessageContaining("decodes to more than");
    answer(coded(GZIPOutputStream::new, new byte[1 << 20]), "Content-Encoding: gzip");
    assertThat(get("/b").fetched.decoded()).hasSize(1 << 20);
  }

  @ParameterizedTest(name = "{1} in {0} with {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "UTF-8; ä€; text/javascript",
        "UTF-8; ä€; x",
        "UTF-8; ä€; text/javascript; charset=utf-8",
        "UTF-8; ä€; text/javascript; charset=no-such-charset",
        "UTF-8; ä€; text/javascript; charset=\u00e4\u00e4",
        "UTF-8; ä€; text/javascript; charset=",
        "UTF-8; ä€; text/javascript; charset=\"",
      })
  void utf8UnlessSaidOtherwise(String charset, String text, String type) throws IOException {
    checkCharset(charset, text, type);
  }

  private void checkCharset(String charset, String text, String type) throws IOException {
    answer(text.getBytes(Charset.forName(charset)), "Content-Type: " + type, "ETag: \"1\"");
    Fetched stored = get("/a").is(STORED).fetched;
    answer(304, "");
    Fetched found = get("/a").is(REVALIDATED).fetched;
    for (Fetched fetched : new Fetched[] {stored, found}) {
      assertThat(fetched.source().charset().name()).isEqualTo(charset);
      assertThat(fetched.source().text()).isEqualTo(text);
      assertThat(fetched.source().hash()).isEqualTo(fetched.entry().head().sourceHash());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "ISO-8859-1 | text/javascript; charset=ISO-8859-1",
        "ISO-8859-1 | text/javascript; a=\"charset=utf-8;\\\"\"; CHARSET=\"latin1\"",
        "ISO-8859-1 | text/javascript ;charset = iso-8859-1 ; charset=utf-8",
        "windows-1252 | text/javascript;charset=cp1252",
      })
  void theCharsetOfTheContentType(String charset, String type) throws IOException {
    checkCharset(charset, "ä", type);
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "UTF-16BE", "UTF-16LE"})
  void aByteOrderMarkSaysMoreThanTheContentType(String charset) throws IOException {
    byte[] bytes = "\uFEFFvar ä".getBytes(Charset.forName(charset));
    answer(bytes, "Content-Type: text/javascript; charset=ISO-8859-1");
    Source source = get("/a").fetched.source();
    assertThat(source.charset().name()).isEqualTo(charset);
    assertThat(source.text()).isEqualTo("var ä");
  }

  @Test
  void mediaAreNotHashed() throws IOException {
    answer(utf8("png"), "Content-Type: image/png", "Cache-Control: max-age=60");
    assertThat(get("/a").fetched.entry().head().charset()).isEmpty();
    assertThat(get("/a").is(FRESH).fetched.source().text()).isEqualTo("png");
  }

  @Test
  void aLostBodyIsFetchedAgain() throws IOException {
    FaultyStore faulty = new FaultyStore(store);
    store = faulty;
    use(settings());
    answer(utf8("a"), "Cache-Control: max-age=60", "ETag: \"1\"");
    Object generation = get("/a").generation();
    faulty.bodiesAreLost = true;
    answer(utf8("a"), "Cache-Control: max-age=60", "ETag: \"1\"");
    Check again = get("/a").is(STORED).body("a");
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
    assertThat(again.generation()).isNotEqualTo(generation);
    Fetched lazy = loader.fetch(ResourceRequest.get(url("/a")).withLazyBody());
    assertThat(lazy.outcome()).isEqualTo(FRESH);
    assertThatThrownBy(lazy::body).isInstanceOf(FetchException.class).hasMessageContaining("gone");
    faulty.bodiesAreLost = false;
    assertThat(lazy.source().text()).isEqualTo("a");
  }

  @Test
  void aHeadOfAnotherVersionIsFetchedAgain() throws IOException {
    Metadata metadata = new Metadata(200, "", HeaderList.of("ETag", "\"1\""));
    Heads.Times times = new Heads.Times(time.millis(), time.millis(), 0, 0);
    EntryHead head =
        Heads.create(loader.key(url("/a")), "", metadata, times, new byte[0], null, null);
    head.metadata()[0] = 99;
    try (var body = store.newBody("")) {
      store.put(head, body);
    }
    answer(utf8("a"));
    get("/a").is(STORED).body("a");
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
  }

  @Test
  void anInterruptedThreadFindsWhatIsFreshAndKeepsItsFlag() throws IOException {
    answer(utf8("a"), "Cache-Control: max-age=60");
    get("/a").is(STORED);
    Thread.currentThread().interrupt();
    try {
      get("/a").is(FRESH).body("a");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      time.advanceSeconds(61);
      assertThat(fails("/a")).hasMessageContaining(url("/a"));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    script.clear();
  }

  @Test
  void aStoreThatFailsIsGoneAround() throws IOException {
    FaultyStore faulty = new FaultyStore(store);
    store = faulty;
    use(settings());
    faulty.writesFail = true;
    answer(utf8("a"), "ETag: \"1\"");
    get("/a").is(PASSED).body("a");
    faulty.writesFail = false;
    answer(utf8("a"), "ETag: \"1\"");
    get("/a").is(STORED);
    faulty.writesFail = true;
    answer(304, "", "Cache-Control: max-age=60");
    get("/a").is(REVALIDATED).body("a").header("Cache-Control", "max-age=60");
    assertThat(faults).hasSize(2).allMatch(fault -> fault.contains("disk full"));
  }

  @Override
  int expectedFaults() {
    return faults.size();
  }
}
