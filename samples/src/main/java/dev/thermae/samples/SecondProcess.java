package dev.thermae.samples;

import dev.thermae.http.resource.OnReplace;
import java.io.DataOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What a second process does with the folder of the first: loads a script and tells how it went.
 */
final class SecondProcess {
  private SecondProcess() {}

  /** Arguments: folder, URL, script, rule for replacement, milliseconds the clock is ahead. */
  public static void main(String[] args) throws Exception {
    PrintStream answer = System.out;
    System.setOut(System.err);
    VirtualTime time = new VirtualTime(Long.parseLong(args[4]));
    Isolate isolate = new Isolate(Path.of(args[0]), time, OnReplace.valueOf(args[3]));
    Visit visit = DeepStack.call(() -> isolate.visit(args[1], ScriptLibrary.one(args[2])));
    visit.writeTo(new DataOutputStream(answer));
  }
}
