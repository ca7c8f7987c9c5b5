package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Makes the fields of the request to the origin from those of the client's: end-to-end fields only,
 * one by one, and none that says who or where the client claims to be, since an answer to such a
 * claim would be stored for everybody. Pure.
 */
final class RequestFields {
  /** {@code Host} and framing are written anew; {@code Expect} was answered here. */
  private static final Set<String> REWRITTEN =
      Set.of(
          "host",
          "accept-encoding",
          "content-length",
          "expect",
          "max-forwards",
          "surrogate-capability",
          "via");

  /** The device token is what {@code Surrogate-Control} may be addressed to. */
  private static final String CAPABILITY = "thermae=\"Surrogate/1.0\"";

  private static final Set<String> CLAIMS =
      Set.of(
          "cf-connecting-ip",
          "client-ip",
          "fastly-client-ip",
          "forwarded",
          "front-end-https",
          "proxy",
          "true-client-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-forwarded",
          "x-host",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-host",
          "x-original-uri",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url",
          "x-url-scheme");

  /** Evaluated here, on what is fetched. */
  private static final Set<String> OURS =
      Set.of("if-none-match", "if-modified-since", "if-range", "range");

  private RequestFields() {}

  /** A request for {@link dev.thermae.http.resource.ResourceLoader}; redirects are the client's. */
  static ResourceRequest get(String url, HttpFields client, String name) {
    ResourceRequest request = ResourceRequest.get(url).withoutRedirects();
    HeaderList fields = endToEnd(client, true);
    for (int i = 0; i < fields.size(); i++) {
      request = request.header(fields.name(i), fields.value(i));
    }
    return request.header("Surrogate-Capability", CAPABILITY).header("Via", via(client, name));
  }

  /** Fields for a request that goes past the store, whatever its method. */
  static HeaderList other(HttpFields client, String name) {
    String codings = String.join(", ", client.getValuesList("Accept-Encoding"));
    HeaderList fields =
        endToEnd(client, false)
            .with("Accept-Encoding", codings.isEmpty() ? "identity" : codings)
            .with("Via", via(client, name));
    return fields.has("User-Agent") ? fields : fields.with("User-Agent", name);
  }

  private static HeaderList endToEnd(HttpFields client, boolean withoutOurs) {
    List<String> listed = HopByHop.listed(client.getValuesList("Connection"));
    List<String> lines = new ArrayList<>(2 * client.size());
    for (HttpField field : client) {
      String lower = field.getLowerCaseName();
      boolean stays =
          HopByHop.is(lower, listed)
              || REWRITTEN.contains(lower)
              || CLAIMS.contains(lower)
              || lower.startsWith("x-forwarded-")
              || withoutOurs && OURS.contains(lower);
      if (!stays) {
        lines.add(field.getName());
        lines.add(value(field));
      }
    }
    return HeaderList.of(lines.toArray(new String[0]));
  }

  private static String value(HttpField field) {
    String value = field.getValue();
    if (value == null) {
      return "";
    }
    HttpHeader header = field.getHeader();
    boolean tags = header == HttpHeader.IF_MATCH || header == HttpHeader.IF_NONE_MATCH;
    return FieldBytes.inbound(tags ? EntityTags.plain(value) : value);
  }

  /** RFC 9110 section 7.6.3. */
  private static String via(HttpFields client, String name) {
    List<String> hops = client.getValuesList("Via");
    String own = "1.1 " + name;
    return hops.isEmpty() ? own : String.join(", ", hops) + ", " + own;
  }
}
