package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A URL alone is answered as a request for it is: the short way must not be another one. */
class PlainFetchTest extends LoaderFixture {
  @TempDir Path folder;

  private void use(boolean onDisk) throws IOException {
    if (onDisk) {
      store = DiskStore.open(folder.resolve("cache"), Seal.checksum(), counters, time);
      use(settings());
    }
  }

  private Check both(String path) throws IOException {
    Check asked = new Check(loader.fetch(ResourceRequest.get(url(path))));
    Check plain = new Check(loader.fetch(url(path)));
    assertThat(plain.generation()).isEqualTo(asked.generation());
    assertThat(plain.fetched.body()).isEqualTo(asked.fetched.body());
    return plain;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void variantsAreSelectedByTheFieldsOfAPlainRequest(boolean onDisk) throws IOException {
    use(onDisk);
    answer(200, "german", "Vary: Accept-Language", "Cache-Control: max-age=60");
    answer(200, "any", "Vary: Accept-Language", "Cache-Control: max-age=60");
    get("/a", "Accept-Language: de").is(STORED);
    get("/a").is(STORED).body("any");
    both("/a").is(FRESH).body("any");
    get("/a", "Accept-Language: de").is(FRESH).body("german");
    both("/a").is(FRESH).body("any").requests(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaterVariantGoesBeforeAnEarlierResponseThatDidNotVary(boolean onDisk) throws IOException {
    use(onDisk);
    answer(200, "first", "Cache-Control: max-age=1");
    answer(200, "german", "Vary: Accept-Language", "Cache-Control: max-age=60");
    answer(200, "any", "Vary: Accept-Language", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    time.advanceSeconds(2);
    get("/a", "Accept-Language: de").is(STORED);
    get("/a").is(STORED).body("any");
    both("/a").is(FRESH).body("any").requests(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void redirectsAreFollowedAndFragmentsAreCutOff(boolean onDisk) throws IOException {
    use(onDisk);
    answer(301, "", "Location: /b", "Cache-Control: max-age=60");
    answer(200, "b", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("b");
    both("/a").is(FRESH).body("b");
    both("/a#part").is(FRESH).body("b").requests(2);
  }

  @Test
  void aDamagedBodyIsReportedOnceAndFetchedAgain() throws IOException {
    use(true);
    answer(200, "body", "Cache-Control: max-age=60");
    answer(200, "body", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> bodies = files.filter(file -> file.toString().endsWith(".b")).toList();
      assertThat(bodies).hasSize(1);
      Files.writeString(bodies.get(0), "BODY");
    }
    get("/a").is(STORED).body("body").requests(2);
    assertThat(counters.snapshot().rejected(Rejection.SEAL)).isEqualTo(1);
    get("/a").is(FRESH).body("body").requests(2);
  }
}
