package dev.thermae.http.proxy;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags of bodies that were packed here. Other bytes need another strong tag (RFC 9110
 * section 8.8.3.3): the origin's, and inside its quotes the coding and a checksum of the packed
 * bytes, such as {@code "v1-gzip-1b2c3d4e"}, since another release of the JDK packs otherwise. A
 * weak tag may stand for all of them, and stays as it is. Pure and total.
 */
final class EntityTags {
  private static final int CHECKSUM = 8;

  private EntityTags() {}

  /** Whether a tag is strong, so that ranges under it can be put together. */
  static boolean isStrong(@Nullable String tag) {
    return tag != null && tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
  }

  /**
   * The tag of packed bytes.
   *
   * @param checksum their CRC-32
   */
  static String packed(String tag, BodyCoding coding, int checksum) {
    if (!isStrong(tag)) {
      return tag;
    }
    String hex = Integer.toHexString(checksum);
    StringBuilder text = new StringBuilder(tag.length() + 16);
    text.append(tag, 0, tag.length() - 1).append('-').append(coding.token()).append('-');
    for (int i = hex.length(); i < CHECKSUM; i++) {
      text.append('0');
    }
    return text.append(hex).append('"').toString();
  }

  /**
   * The strong tag by which a client names what it has, where that is a representation of the same
   * response that it takes; null where there is none. Whether it is in memory does not matter: who
   * has it needs no bytes.
   *
   * @param own the origin's
   */
  static @Nullable String known(HttpFields client, @Nullable String own, Accepted accepted) {
    if (own == null || !isStrong(own)) {
      return null;
    }
    for (String list : client.getValuesList(HttpHeader.IF_NONE_MATCH)) {
      int start = list.indexOf('"');
      while (start >= 0) {
        int end = list.indexOf('"', start + 1);
        if (end < 0) {
          break;
        }
        String tag = list.substring(start, end + 1);
        if (tag.equals(own) || isOf(tag, own, accepted)) {
          return tag;
        }
        start = list.indexOf('"', end + 1);
      }
    }
    return null;
  }

  private static boolean isOf(String tag, String own, Accepted accepted) {
    BodyCoding coding = coding(tag, tag.length() - 1);
    return coding != null
        && tag.length() - 1 == own.length() - 1 + suffix(coding)
        && tag.regionMatches(0, own, 0, own.length() - 1)
        && accepted.takes(coding);
  }

  private static int suffix(BodyCoding coding) {
    return coding.token().length() + 2 + CHECKSUM;
  }

  /** The coding that a tag names, whose closing quote is at {@code end}; null where none is. */
  private static @Nullable BodyCoding coding(String text, int end) {
    int checksum = end - CHECKSUM;
    for (int i = Math.max(0, checksum); i < end; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return null;
      }
    }
    for (BodyCoding coding : BodyCoding.ALL) {
      String middle = '-' + coding.token() + '-';
      boolean packed = coding != BodyCoding.IDENTITY;
      if (packed && text.regionMatches(checksum - middle.length(), middle, 0, middle.length())) {
        return coding;
      }
    }
    return null;
  }

  /** A list of tags as the origin knows them: without what was added here. */
  static String plain(String list) {
    if (!list.contains("-gzip-") && !list.contains("-zstd-")) {
      return list;
    }
    StringBuilder text = new StringBuilder(list.length());
    int from = 0;
    for (int end = list.indexOf('"'); end >= 0; end = list.indexOf('"', end + 1)) {
      BodyCoding coding = end <= CHECKSUM ? null : coding(list, end);
      int stop = coding == null ? end : end - suffix(coding);
      text.append(list, from, Math.max(from, stop));
      from = end;
    }
    return text.append(list, from, list.length()).toString();
  }
}
