package dev.thermae.http.compile;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;

/**
 * What is to be compiled.
 *
 * <pre>
 * request = id:8 engine:text kind:text strict:1 first-line:4 baked-name:text
 *           name:text charset:text *OCTET
 * </pre>
 *
 * @param id echoed by the answer
 * @param engine by name
 */
record WorkerRequest(long id, String engine, Source source, Shape shape) {
  void write(OutputStream to) throws IOException {
    byte[] head =
        Frames.of(
            out -> {
              out.writeLong(id);
              Frames.writeText(out, engine);
              Frames.writeText(out, shape.kind().name());
              out.writeBoolean(shape.strict());
              out.writeInt(shape.firstLine());
              Frames.writeText(out, shape.name());
              Frames.writeText(out, source.name());
              Frames.writeText(out, source.charset().name());
            });
    Frames.write(to, head, source.bytes());
  }

  static WorkerRequest read(DataInputStream in) throws IOException {
    long id = in.readLong();
    String engine = Frames.readText(in, Frames.LONGEST_NAME);
    Shape.Kind kind = Shape.Kind.valueOf(Frames.readText(in, Frames.LONGEST_NAME));
    boolean strict = in.readBoolean();
    int firstLine = in.readInt();
    String baked = Frames.readText(in, Frames.LONGEST_NAME);
    String name = Frames.readText(in, Frames.LONGEST_NAME);
    Charset charset = Charset.forName(Frames.readText(in, Frames.LONGEST_NAME));
    Source source = Source.of(name, in.readAllBytes(), charset);
    return new WorkerRequest(id, engine, source, Shape.of(kind, baked, firstLine, strict));
  }
}
