package dev.thermae.http.resource;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.nio.charset.StandardCharsets;

/**
 * {@link Metadata} as bytes, by Kryo. Version 1:
 *
 * <pre>
 * metadata = version status reason count *( name value )
 * version  = %x01
 * status, count = varint
 * reason, name, value = text
 * text     = varint *OCTET              ; length in bytes, UTF-8
 * </pre>
 *
 * <p>Called only on bytes whose seal was verified. Even so, a length is checked against what
 * remains before anything is allocated, and {@link MetadataException} is all that can happen.
 */
final class MetadataCodec {
  private static final byte VERSION = 1;

  static final Pool<Kryo> POOL =
      new Pool<>(true, false, 8) {
        @Override
        protected Kryo create() {
          Kryo kryo = new Kryo();
          kryo.setRegistrationRequired(true);
          kryo.setReferences(false);
          kryo.register(Metadata.class, new MetadataSerializer());
          return kryo;
        }
      };

  private MetadataCodec() {}

  static byte[] encode(Metadata metadata) {
    Output output = new Output(512, -1);
    output.writeByte(VERSION);
    Kryo kryo = POOL.obtain();
    try {
      kryo.writeObject(output, metadata);
    } finally {
      POOL.free(kryo);
    }
    return output.toBytes();
  }

  static Metadata decode(byte[] bytes) throws MetadataException {
    if (bytes.length == 0 || bytes[0] != VERSION) {
      throw new MetadataException("metadata of an unknown version");
    }
    CheckedInput input = new CheckedInput(bytes);
    input.readByte();
    Kryo kryo = POOL.obtain();
    try {
      Metadata metadata = kryo.readObject(input, Metadata.class);
      if (input.remaining() != 0) {
        throw new MetadataException(input.remaining() + " bytes after the metadata");
      }
      return metadata;
    } catch (KryoException e) {
      throw new MetadataException("damaged metadata", e);
    } finally {
      POOL.free(kryo);
    }
  }

  private static final class MetadataSerializer extends Serializer<Metadata> {
    MetadataSerializer() {
      super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, Metadata metadata) {
      HeaderList headers = metadata.headers();
      output.writeVarInt(metadata.status(), true);
      writeText(output, metadata.reason());
      output.writeVarInt(headers.size(), true);
      for (int i = 0; i < headers.size(); i++) {
        writeText(output, headers.name(i));
        writeText(output, headers.value(i));
      }
    }

    private static void writeText(Output output, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      output.writeVarInt(bytes.length, true);
      output.writeBytes(bytes);
    }

    @Override
    public Metadata read(Kryo kryo, Input input, Class<? extends Metadata> type) {
      int status = input.readVarInt(true);
      String reason = readText(input);
      int count = input.readVarInt(true);
      if (count < 0 || count > ((CheckedInput) input).remaining() / 2) {
        throw new KryoException("more fields than bytes: " + count);
      }
      String[] namesAndValues = new String[2 * count];
      for (int i = 0; i < namesAndValues.length; i++) {
        namesAndValues[i] = readText(input);
      }
      return new Metadata(status, reason, HeaderList.of(namesAndValues));
    }

    private static String readText(Input input) {
      return new String(input.readBytes(input.readVarInt(true)), StandardCharsets.UTF_8);
    }
  }
}
