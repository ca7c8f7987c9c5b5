package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Objects;
import okhttp3.Headers;
import org.junit.jupiter.api.Tag;

/** Field lists, what is kept of them, and what a request may carry. */
@Tag("once")
final class HeaderListFuzz {

  @FuzzTest
  void keeps(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    HeaderList stored = input.fields();
    HeaderList news = input.fields();
    String name = input.text();
    HeaderList without = stored.without(name);
    assertThat(without.has(name)).isFalse();
    assertThat(without.size() + stored.all(name).size()).isEqualTo(stored.size());
    assertThat(stored.with(name, "x").all(name)).endsWith("x");
    Metadata kept = Heads.kept(new Metadata(200, "", stored));
    assertThat(kept.headers().has("Connection")).isFalse();
    Metadata written = Heads.stored(kept, input.below(1_000_000_000) * 1000L);
    assertThat(written.headers().has("Date")).isTrue();
    HeaderList updated = Heads.updated(written, new Metadata(304, "", news)).headers();
    String length = written.headers().first("Content-Length");
    assertThat(Objects.equals(updated.first("Content-Length"), length)).isTrue();
    sends(input.text(), input.text());
  }

  /** What a request takes, the HTTP client takes. */
  private static void sends(String name, String value) {
    ResourceRequest request;
    try {
      request = ResourceRequest.get("http://a/").header(name, value);
    } catch (IllegalArgumentException e) {
      return;
    }
    Headers headers = new Headers.Builder().addUnsafeNonAscii(name, value).build();
    assertThat(headers.size()).isEqualTo(1);
    assertThat(request.wire().first(name)).isEqualTo(value);
  }
}
