package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.MemoryStore;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

/** What came packed, for those who take it plain. */
class DecodedBodiesTest extends PackedFixture {
  private static final int ROOM = 1 << 20;
  private static final Accepted PLAIN = Accepted.of(null, false);

  /** Memory outlives its answers: it is asked before anything is unpacked again. */
  @Test
  void unpackedOnce() throws Exception {
    byte[] bytes = gzip(TEXT);
    script.add(request -> response(200, bytes, MINUTE, TAG, TYPE, "Content-Encoding: gzip"));
    String url = originUrl() + "/a.js";
    ResourceRequest request = ResourceRequest.get(url).header("Accept-Encoding", "gzip");
    Asked asked =
        new Asked(null, new Target.Forward(OriginUrl.parse(originUrl()), url), null, null);
    HotResponses hot = new HotResponses(ROOM, time);
    try (Representations all = new Representations(hot, ROOM, time, Compression.standard());
        ResourceLoader loader =
            ResourceLoader.builder(new MemoryStore(ROOM, counters, time)).time(time).build()) {
      Fetched fetched = loader.fetch(request);
      Representation first = all.choose(asked, fetched, PLAIN);
      assertThat(first.decoded()).isTrue();
      assertThat(first.held()).isNull();
      HeldBody held = HeldBody.of(BodyCoding.IDENTITY, first.bytes());
      assertThat(StandardCharsets.UTF_8.decode(held.bytes().duplicate()).toString())
          .isEqualTo(TEXT);
      HotResponse answer = HotResponse.of(first, HttpFields.EMPTY, held, new long[] {0, 1});
      hot.change(
          url,
          known ->
              HotResource.of(fetched.entry().head().generation(), BodyCoding.GZIP, false)
                  .again(answer));
      time.advance(5_000);
      Representation later = all.choose(asked, loader.fetch(request), PLAIN);
      assertThat(later.bytes()).isSameAs(held.bytes());
      assertThat(later.headers().toString()).isEqualTo(first.headers().toString());
    }
  }
}
