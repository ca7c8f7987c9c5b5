package dev.thermae.http;

import dev.thermae.event.Temperature;
import java.util.HashMap;
import java.util.Map;

/** The code of bodies: in the slots of their generations, and in memory. */
final class ModelCode {
  private static final long WINDOW = 72 * 3_600_000L;

  private final boolean disk;
  private final Map<String, Temperature> memory = new HashMap<>();

  ModelCode(boolean disk) {
    this.disk = disk;
  }

  /** The code of one body: a mark, then code; what lasts as long as the generation. */
  static final class Slot {
    private int seen;
    private long marked;
    private boolean code;
    private boolean forgotten;
  }

  /** Cold, then warm within 72 hours, then hot; what is in memory stays as warm as it was. */
  String run(String body, Slot slot, long now) {
    Temperature known = memory.get(body);
    if (known != null) {
      return known + " MEMORY, 0 compiles";
    }
    Temperature temperature = Temperature.COLD;
    if (slot != null && slot.code) {
      temperature = Temperature.HOT;
    } else if (slot != null && slot.seen > 0 && slot.marked <= now && now - slot.marked < WINDOW) {
      temperature = Temperature.WARM;
      slot.code = !slot.forgotten;
    } else if (slot != null) {
      slot.seen = 1;
      slot.marked = now;
    }
    memory.put(body, temperature);
    return temperature
        + (temperature == Temperature.HOT ? " RESTORED, 0 compiles" : " COMPILED, 1 compiles");
  }

  /** On disk the code goes with the body; in memory whoever holds it still has it. */
  void forget(Slot slot) {
    if (disk) {
      slot.seen = 0;
      slot.code = false;
    } else {
      slot.forgotten = true;
    }
  }

  void clearMemory() {
    memory.clear();
  }
}
