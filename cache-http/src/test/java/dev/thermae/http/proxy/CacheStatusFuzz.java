package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.FuzzInput;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** The member is one line of printable text, whatever the client sent. */
@Tag("once")
final class CacheStatusFuzz {

  private static final Fetched PASSED = passed();

  @FuzzTest
  void says(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    check(CacheStatus.of("thermae", PASSED));
    check(CacheStatus.method("thermae", input.below(600)));
    check(CacheStatus.failed("thermae", input.text()));
  }

  private static void check(String member) {
    assertThat(member).startsWith("thermae; ").matches("[ -~]+");
  }

  private static Fetched passed() {
    MemoryStore store = new MemoryStore(1 << 20, new Counters(null), TimeSource.SYSTEM);
    try (ResourceLoader loader = ResourceLoader.builder(store).build()) {
      return loader.fetch(
          ResourceRequest.get("http://origin.example/").header("Cache-Control", "only-if-cached"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
