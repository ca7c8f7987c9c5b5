package dev.thermae.http.resource;

import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * A stored response that can be read, with its metadata decoded. Immutable.
 *
 * @param entry where its code is
 * @param head as stored or as validated
 * @param metadata status and fields
 * @param control directives of the response
 * @param body as received; null where it is read only when asked for
 */
@SuppressWarnings("ArrayRecordComponent") // one reader's own
record Candidate(
    StoredEntry entry,
    EntryHead head,
    Metadata metadata,
    CacheControl control,
    byte @Nullable [] body) {

  /** Null where metadata or body cannot be read any more. */
  static @Nullable Candidate open(StoredEntry entry, ResourceRequest request, Rules rules) {
    EntryHead head = entry.head();
    try {
      Metadata metadata = MetadataCodec.decode(head.metadata());
      boolean lazy = request.isLazy(head.bodyLength()) || head.is(EntryHead.REDIRECT);
      byte[] body = lazy ? null : entry.body();
      if (!lazy && body == null) {
        return null;
      }
      return new Candidate(
          entry, head, metadata, CacheControl.ofResponse(metadata.headers(), rules), body);
    } catch (MetadataException e) {
      return null; // of another version: stored anew
    }
  }

  Fetched fetched(
      ResourceLoader loader,
      String url,
      long now,
      Fetched.Outcome outcome,
      @Nullable String detail) {
    return new Fetched(loader, url, entry, head, body, now, outcome, detail);
  }
}
