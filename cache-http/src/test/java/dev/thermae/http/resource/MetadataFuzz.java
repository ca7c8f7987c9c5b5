package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/** Bytes are metadata or refused; metadata survive being written and read. */
@Tag("once")
final class MetadataFuzz {

  @FuzzTest
  void decodes(byte[] data) throws MetadataException {
    check(data);
    // Most of what is tried should get past the version.
    byte[] versioned = new byte[data.length + 1];
    versioned[0] = 1;
    System.arraycopy(data, 0, versioned, 1, data.length);
    check(versioned);
    FuzzInput input = new FuzzInput(data);
    Metadata metadata = new Metadata(input.below(600), input.text(), input.fields());
    Metadata again = MetadataCodec.decode(MetadataCodec.encode(metadata));
    assertThat(text(again)).isEqualTo(text(metadata));
  }

  private static void check(byte[] bytes) throws MetadataException {
    Metadata metadata;
    try {
      metadata = MetadataCodec.decode(Arrays.copyOf(bytes, bytes.length));
    } catch (MetadataException e) {
      return;
    }
    Metadata again = MetadataCodec.decode(MetadataCodec.encode(metadata));
    assertThat(text(again)).isEqualTo(text(metadata));
  }

  private static String text(Metadata metadata) {
    return metadata.status() + metadata.reason() + "\n" + metadata.headers();
  }
}
