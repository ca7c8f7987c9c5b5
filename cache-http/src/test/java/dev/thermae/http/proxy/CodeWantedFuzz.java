package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Tag;

/** Whatever Accept says, the origin is never told of code, and nothing else is lost. */
@Tag("once")
final class CodeWantedFuzz {
  @FuzzTest
  void reads(byte[] data) {
    HttpFields.Mutable client = HttpFields.build();
    for (String line : new FuzzInput(data).texts()) {
      client.add("Accept", line);
    }
    CodeWanted wanted = CodeWanted.of(client);
    if (wanted != null) {
      assertThat(wanted.fingerprint().toString()).matches("[0-9a-f]{64}");
      HttpFields rest = wanted.forOrigin(client);
      assertThat(CodeWanted.of(rest)).isNull();
    }
    CodeRoutes.isOurs(new FuzzInput(data).text());
  }
}
