package dev.thermae.samples;

import dev.thermae.event.Temperature;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What came of loading, running and exercising a script once.
 *
 * @param temperature what the load found
 * @param why how response and code came about, in words
 * @param compiles compiles that the engine did, counted there
 * @param faults what the cache itself counted as gone wrong: rejections, faults, dropped work
 * @param compileNanos in the compiler
 * @param loadNanos between URL and unit, everything included
 * @param runNanos first run of the top level
 * @param result what the exercise returned
 */
record Visit(
    Temperature temperature,
    String why,
    int compiles,
    long faults,
    long compileNanos,
    long loadNanos,
    long runNanos,
    String result) {

  /** Load and first run. */
  long totalNanos() {
    return loadNanos + runNanos;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeUTF(temperature.name());
    out.writeUTF(why);
    out.writeInt(compiles);
    out.writeLong(faults);
    out.writeLong(compileNanos);
    out.writeLong(loadNanos);
    out.writeLong(runNanos);
    byte[] text = result.getBytes(StandardCharsets.UTF_8);
    out.writeInt(text.length);
    out.write(text);
    out.flush();
  }

  static Visit readFrom(DataInputStream in) throws IOException {
    return new Visit(
        Temperature.valueOf(in.readUTF()),
        in.readUTF(),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
  }
}
