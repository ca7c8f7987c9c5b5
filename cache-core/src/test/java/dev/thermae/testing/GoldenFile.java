package dev.thermae.testing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes that a released format must keep reading and writing, kept as hexadecimal text. */
public final class GoldenFile {
  private GoldenFile() {}

  /** The bytes of a resource; white space between digits does not count. */
  public static byte[] read(String resource) throws IOException {
    try (InputStream in = GoldenFile.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }
}
