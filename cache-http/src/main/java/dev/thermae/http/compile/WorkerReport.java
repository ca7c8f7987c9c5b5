package dev.thermae.http.compile;

import dev.thermae.code.Fingerprint;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker says first: what it can compile with, and why not with the rest. Immutable.
 *
 * <pre>
 * report = magic:8 count:4 *( name:text fingerprint:32 parts:text ) count:4 *( name:text why:text )
 * </pre>
 *
 * @param engines names by fingerprint
 * @param missing reasons by name
 */
record WorkerReport(Map<Fingerprint, String> engines, Map<String, String> missing) {
  /** "THERMAE" and the protocol's number. */
  private static final long MAGIC = 0x544845524d414501L;

  private static final int MOST = 64;

  void write(OutputStream to) throws IOException {
    byte[] frame =
        Frames.of(
            out -> {
              out.writeLong(MAGIC);
              out.writeInt(engines.size());
              for (Map.Entry<Fingerprint, String> each : engines.entrySet()) {
                Frames.writeText(out, each.getValue());
                out.write(each.getKey().bytes());
                Frames.writeText(out, each.getKey().parts());
              }
              out.writeInt(missing.size());
              for (Map.Entry<String, String> each : missing.entrySet()) {
                Frames.writeText(out, each.getKey());
                Frames.writeText(out, each.getValue());
              }
            });
    Frames.write(to, frame, new byte[0]);
  }

  static WorkerReport read(DataInputStream in) throws IOException {
    if (in.readLong() != MAGIC) {
      throw new MalformedFrameException("not a compile worker, or one of another version");
    }
    Map<Fingerprint, String> engines = new LinkedHashMap<>();
    for (int left = count(in); left > 0; left--) {
      String name = Frames.readText(in, Frames.LONGEST_NAME);
      byte[] digest = new byte[Fingerprint.LENGTH];
      in.readFully(digest);
      String parts = Frames.readText(in, Frames.LONGEST_HEAD);
      engines.put(Fingerprint.recorded(digest, parts), name);
    }
    Map<String, String> missing = new LinkedHashMap<>();
    for (int left = count(in); left > 0; left--) {
      String name = Frames.readText(in, Frames.LONGEST_NAME);
      missing.put(name, Frames.plain(Frames.readText(in, Frames.LONGEST_NAME), 500));
    }
    if (in.available() > 0) {
      throw new MalformedFrameException("a report with an end of " + in.available() + " octets");
    }
    return new WorkerReport(
        Collections.unmodifiableMap(engines), Collections.unmodifiableMap(missing));
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST) {
      throw new MalformedFrameException(count + " engines");
    }
    return count;
  }
}
