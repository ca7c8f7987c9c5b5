package dev.thermae.testing;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** One of several processes that ask for the keys of a trace in turn and store what is missing. */
public final class BoundsWorker {
  private final DiskStore store;
  private final ZipfTrace trace;
  private long hits;
  private long misses;
  private long stored;
  private long refused;
  private long wrong;

  private BoundsWorker(DiskStore store, ZipfTrace trace) {
    this.store = store;
    this.trace = trace;
  }

  /** Arguments: folder, limit, keys, length, seed, number of this worker, of all, own or not. */
  public static void main(String[] arguments) throws IOException {
    RecordingListener seen = new RecordingListener();
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(Long.parseLong(arguments[1]));
    int keys = Integer.parseInt(arguments[2]);
    int length = Integer.parseInt(arguments[3]);
    ZipfTrace trace = new ZipfTrace(keys, length, Long.parseLong(arguments[4]));
    int number = Integer.parseInt(arguments[5]);
    try (DiskStore store =
        DiskStore.open(
            Path.of(arguments[0]),
            Seal.checksum(),
            new Counters(seen),
            TimeSource.SYSTEM,
            options)) {
      if (arguments[7].equals("own")) {
        store.claimIndex();
      }
      BoundsWorker worker = new BoundsWorker(store, trace);
      ChildJvm.say("begun");
      for (int i = number; i < trace.length(); i += Integer.parseInt(arguments[6])) {
        worker.ask(trace.key(i));
        if (i % 1000 < 4) {
          ChildJvm.say("at " + i);
        }
      }
      DiskUsage usage = store.usage();
      ChildJvm.say("usage " + usage);
      ChildJvm.say("hits " + worker.hits);
      ChildJvm.say("misses " + worker.misses);
      ChildJvm.say("stored " + worker.stored);
      ChildJvm.say("refused " + worker.refused);
      ChildJvm.say("wrong " + worker.wrong);
    }
    ChildJvm.say("faults " + seen.faults());
    ChildJvm.say("rejections " + seen.rejections());
  }

  private void ask(int key) throws IOException {
    String name = "url \nhttps://example.org/" + key;
    StoredEntry entry = store.find(name, null);
    byte[] body = entry == null ? null : entry.body();
    if (body != null) {
      hits++;
      wrong += Arrays.equals(body, bytes(key, trace.body(key))) ? 0 : 1;
      byte[] code = entry.code("slot");
      if (code != null) {
        wrong += Arrays.equals(code, bytes(~key, trace.code(key))) ? 0 : 1;
      }
      return;
    }
    misses++;
    try (NewBody fresh = store.newBody(name)) {
      fresh.write(bytes(key, trace.body(key)));
      StoredEntry made =
          store.put(TestHeads.of(name, System.currentTimeMillis(), trace.body(key)), fresh);
      if (made != null && trace.code(key) > 0) {
        made.attach("slot", bytes(~key, trace.code(key)));
      }
      stored += trace.allocated(key);
    } catch (NoRoomException e) {
      refused++;
    }
  }

  private static byte[] bytes(int key, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) key);
    for (int i = 0; i + 4 <= length; i += 1000) {
      bytes[i] = (byte) (key >> 24);
      bytes[i + 1] = (byte) (key >> 16);
      bytes[i + 2] = (byte) (key >> 8);
      bytes[i + 3] = (byte) i;
    }
    return bytes;
  }
}
