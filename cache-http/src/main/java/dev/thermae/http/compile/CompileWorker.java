package dev.thermae.http.compile;

import dev.thermae.code.Fingerprint;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.RestoreException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The JVM in which sources are compiled, one after another. It answers on standard output, ends
 * when standard input does, whatever it is doing, and executes no source.
 */
final class CompileWorker {
  /** What a JVM ends with when it has no memory left, as {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int NO_MEMORY = 3;

  private final Map<String, Engine<?>> engines = new LinkedHashMap<>();
  private final BlockingQueue<WorkerRequest> requests = new LinkedBlockingQueue<>();

  private CompileWorker() {}

  /**
   * Runs until its input ends.
   *
   * @param args the folder of its own, the longest frame, and names of engines
   */
  public static void main(String[] args) {
    InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in)); // a pipe
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    System.setIn(InputStream.nullInputStream());
    System.setOut(System.err); // whatever prints must not print into frames
    try {
      CompileWorker worker = new CompileWorker();
      worker.follow(in, Path.of(args[0]), Integer.parseInt(args[1]));
      worker.report(List.of(args).subList(2, args.length)).write(out);
      while (true) {
        worker.answer(worker.requests.take()).write(out);
      }
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(NO_MEMORY);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      System.err.println("the compile worker ends: " + e);
      Runtime.getRuntime().halt(1);
    }
  }

  /**
   * Reads on a thread of its own, which sees the end of the input even while something compiles.
   */
  private void follow(InputStream in, Path folder, int longest) {
    Thread reader = new Thread(() -> read(in, folder, longest), "thermae-requests");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream in, Path folder, int longest) {
    int code = 1;
    try {
      while (true) {
        DataInputStream frame = Frames.read(in, longest);
        requests.add(WorkerRequest.read(frame));
      }
    } catch (EOFException e) {
      code = 0;
    } catch (OutOfMemoryError e) {
      code = NO_MEMORY;
    } catch (IOException | RuntimeException | Error e) {
      System.err.println("the compile worker's input is no request: " + e);
    } finally {
      WorkerFolder.remove(folder);
      Runtime.getRuntime().halt(code);
    }
  }

  private WorkerReport report(List<String> names) {
    Map<Fingerprint, String> made = new LinkedHashMap<>();
    Map<String, String> missing = new LinkedHashMap<>();
    for (String name : names) {
      try {
        Engine<?> engine = Engines.named(name);
        Engine.Harvest harvest = engine.harvest();
        if (EngineFingerprint.recordedUnder(engine) == null
            || harvest == Engine.Harvest.NEVER
            || harvest == Engine.Harvest.AFTER_RUN) {
          missing.put(name, "its code stays in memory, as things are here");
        } else {
          made.put(EngineFingerprint.compute(engine), name);
          engines.put(name, engine);
        }
      } catch (RuntimeException | LinkageError e) {
        missing.put(name, String.valueOf(e.getMessage()));
      }
    }
    return new WorkerReport(made, missing);
  }

  private WorkerAnswer answer(WorkerRequest request) {
    long id = request.id();
    Engine<?> engine = engines.get(request.engine());
    if (engine == null) {
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.FAULT, "no such engine");
    }
    String forbidden = CompileTimeCode.in(request);
    if (forbidden != null) {
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.SOURCE_ERROR, forbidden);
    }
    try {
      return new WorkerAnswer(id, WorkerAnswer.Outcome.CODE, compile(engine, request));
    } catch (CompileException e) {
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.SOURCE_ERROR, said(e));
    } catch (StackOverflowError e) {
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.SOURCE_ERROR, "nested too deeply");
    } catch (RestoreException e) {
      String why = String.valueOf(e.getMessage());
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.NOT_SERIALIZABLE, why);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      return WorkerAnswer.words(id, WorkerAnswer.Outcome.FAULT, e.toString());
    }
  }

  /** What is signed was read back once. */
  private static <C> byte[] compile(Engine<C> engine, WorkerRequest request)
      throws RestoreException {
    C unit = engine.compile(request.source(), request.shape());
    byte[] code = engine.serialize(unit);
    engine.restore(code.clone(), 0, code.length, request.source(), request.shape());
    return code;
  }

  /** Without the name, as the same source may be asked for under another one. */
  private static String said(CompileException fault) {
    String where = fault.line() > 0 ? " (line " + fault.line() + ")" : "";
    return fault.detail() + where;
  }
}
