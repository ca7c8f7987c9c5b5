package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Tag;

/** Whatever the client says it has, it is told of nothing else; and what is added comes off. */
@Tag("once")
final class EntityTagsFuzz {

  @FuzzTest
  void reads(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    String own = input.text();
    String condition = input.text();
    Accepted accepted = AcceptEncoding.read(List.of(input.text()));
    String known =
        EntityTags.known(HttpFields.build().add("If-None-Match", condition), own, accepted);
    if (known != null) {
      assertThat(condition).contains(known);
      assertThat(known).startsWith(own.substring(0, own.length() - 1));
    }
    for (BodyCoding coding : List.of(BodyCoding.GZIP, BodyCoding.ZSTD)) {
      String packed = EntityTags.packed(own, coding, own.hashCode());
      boolean strong = EntityTags.isStrong(own);
      assertThat(packed.equals(own)).isNotEqualTo(strong);
      if (strong
          && own.indexOf('"', 1) == own.length() - 1
          && !own.contains("-" + coding.token())) {
        assertThat(EntityTags.plain(packed)).isEqualTo(own);
        HttpFields client = HttpFields.build().add("If-None-Match", packed);
        String told = EntityTags.known(client, own, accepted);
        assertThat(told).isEqualTo(accepted.takes(coding) ? packed : null);
      }
    }
    assertThat(EntityTags.plain(condition).length()).isLessThanOrEqualTo(condition.length());
  }
}
