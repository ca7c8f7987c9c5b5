package dev.thermae.http.proxy;

import dev.thermae.code.Fingerprint;
import dev.thermae.http.wire.CodeContainer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for by {@code Accept: application/vnd.thermae.code; fp=...}. Immutable.
 *
 * @param fingerprint the client's engine, {@code fp=}, 64 hexadecimal digits
 * @param named whether the engine bakes the source's name into its code, {@code named=1}
 * @param source whether the source is wanted beside the code, {@code source=1}
 * @param rest what else the client takes, for the origin; empty where that is anything
 */
record CodeWanted(Fingerprint fingerprint, boolean named, boolean source, String rest) {
  /** What who takes code adds for who has none; nothing the origin need be told. */
  private static final String ANYTHING = "*/*;q=0.1";

  /** Null where no code is asked for, or not in a way that can be understood. Total. */
  static @Nullable CodeWanted of(HttpFields client) {
    List<String> values = client.getValuesList("Accept");
    CodeWanted found = null;
    List<String> others = new ArrayList<>();
    for (String value : values) {
      for (String member : members(value)) {
        String[] parts = member.split(";", -1);
        if (!parts[0].trim().equalsIgnoreCase(CodeContainer.MEDIA_TYPE)) {
          others.add(member);
        } else if (found == null) {
          found = read(parts);
        }
      }
    }
    if (found == null) {
      return null;
    }
    String rest = String.join(", ", others);
    String plain = rest.replace(" ", "").equals(ANYTHING) ? "" : rest;
    return new CodeWanted(found.fingerprint, found.named, found.source, plain);
  }

  /** The members of a list, quoted commas left alone; what our own type has is never quoted. */
  private static List<String> members(String value) {
    List<String> members = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i <= value.length(); i++) {
      boolean end = i == value.length();
      char c = end ? ',' : value.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && (end || !quoted)) {
        String member = value.substring(start, i).trim();
        if (!member.isEmpty()) {
          members.add(member);
        }
        start = i + 1;
      }
    }
    return members;
  }

  private static @Nullable CodeWanted read(String[] parts) {
    Fingerprint fingerprint = null;
    boolean named = false;
    boolean source = false;
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).trim();
      String text = equals < 0 ? "" : parts[i].substring(equals + 1).trim();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "fp" -> fingerprint = fingerprint(text);
        case "named" -> named = text.equals("1");
        case "source" -> source = text.equals("1");
        case "q" -> {
          if (text.matches("0(\\.0{0,3})?")) {
            return null;
          }
        }
        default -> {
          return null; // a way of asking that this version does not know
        }
      }
    }
    return fingerprint == null ? null : new CodeWanted(fingerprint, named, source, "");
  }

  /** A fingerprint without its parts; null where the text is none. */
  static @Nullable Fingerprint fingerprint(String hex) {
    byte[] bytes = bytes(hex);
    return bytes == null ? null : Fingerprint.recorded(bytes, "");
  }

  /** 32 bytes; null where the text is not 64 hexadecimal digits. */
  static byte @Nullable [] bytes(String hex) {
    boolean good = hex.length() == 2 * Fingerprint.LENGTH;
    for (int i = 0; good && i < hex.length(); i++) {
      good = HexFormat.isHexDigit(hex.charAt(i));
    }
    return good ? HexFormat.of().parseHex(hex) : null;
  }

  /** The client's fields as the origin is to see them: it knows nothing of code. */
  HttpFields forOrigin(HttpFields client) {
    HttpFields.Mutable fields = HttpFields.build(client);
    return rest.isEmpty() ? fields.remove("Accept") : fields.put("Accept", rest);
  }
}
