package dev.thermae.http.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae explain} found, as it is printed. Times are UTC. Immutable.
 *
 * @param folderExists false where there is none, which was not created
 * @param engine the name of the engine that the next run is told for
 * @param fingerprint of that engine as it runs here; null when its code cannot leave memory
 * @param urls the URL asked for, then where stored redirects lead
 */
public record Explanation(
    String folder,
    boolean folderExists,
    String namespace,
    boolean shared,
    String engine,
    @Nullable String fingerprint,
    String policy,
    String now,
    List<Url> urls) {

  /**
   * One URL.
   *
   * @param url in normal form
   * @param variants all that is stored under the key asked for
   * @param request what would become of one made now
   * @param nextRun how warm the next load would be
   */
  public record Url(
      String url,
      boolean stored,
      List<Key> keys,
      List<Variant> variants,
      Request request,
      NextRun nextRun) {}

  /**
   * A key that was looked at.
   *
   * @param key kind and namespace, a line break, URL
   * @param files how the names of its files begin
   */
  public record Key(String key, String files, int heads, @Nullable String hint) {}

  /**
   * A stored head.
   *
   * @param state whether a look-up could select it
   * @param selected whether this request selects it
   * @param selecting the request fields that selected it, as they were; empty when it does not vary
   * @param response null when it cannot be read, for the reason in {@code refused}
   */
  public record Variant(
      String file,
      String state,
      boolean selected,
      List<String> selecting,
      @Nullable String refused,
      @Nullable Response response,
      List<Slot> slots) {}

  /**
   * A stored response.
   *
   * @param stored when its body was written; null where there is none
   * @param confirmed when it, or the last 304 for it, arrived
   * @param freshUntil when it becomes, or became, stale
   * @param freshBy the field that says so
   * @param body verified, damaged, missing or none
   * @param sourceBytes after content decoding; null when it cannot be decoded
   */
  public record Response(
      String status,
      List<String> fields,
      String generation,
      @Nullable String stored,
      String confirmed,
      double ageSeconds,
      double lifetimeSeconds,
      boolean fresh,
      String freshUntil,
      String freshBy,
      String body,
      long bodyBytes,
      @Nullable Long sourceBytes,
      @Nullable String charset,
      @Nullable String location) {}

  /**
   * A slot of a generation.
   *
   * @param engine by the recorded fingerprint; null where none is recorded
   * @param current whether it is the slot of the engine as it runs here
   * @param difference the first part of the fingerprint that differs, recorded here / recorded
   *     there; null where none does or nothing is known
   * @param code none, verified or rejected
   */
  public record Slot(
      String id,
      @Nullable String engine,
      boolean current,
      @Nullable String fingerprint,
      @Nullable String shape,
      @Nullable String difference,
      long seen,
      @Nullable String lastSeen,
      String code,
      long codeBytes,
      @Nullable String attached,
      @Nullable String rejected) {}

  /** What would become of a request made now. */
  public record Request(
      String action,
      String why,
      List<String> conditions,
      boolean staleOnRequest,
      @Nullable String staleOnErrorUntil,
      @Nullable String staleWhenUnreachableUntil,
      @Nullable String staleForbiddenBy) {}

  /**
   * How warm the next load would be.
   *
   * @param temperature cold, warm or hot; none where nothing would be compiled
   * @param otherwise what it would be if the origin's answer is not a 304; null where the origin is
   *     not asked that
   */
  public record NextRun(String temperature, String why, @Nullable String otherwise) {}
}
