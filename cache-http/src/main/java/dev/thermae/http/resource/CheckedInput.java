package dev.thermae.http.resource;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/**
 * Input over an array that refuses lengths beyond what remains before it allocates anything, and
 * Kryo's own reading of texts and arrays, which allocates first, altogether.
 */
final class CheckedInput extends Input {
  CheckedInput(byte[] bytes) {
    super(bytes);
  }

  int remaining() {
    return limit - position;
  }

  @Override
  public byte[] readBytes(int length) {
    if (length < 0 || length > remaining()) {
      throw new KryoException(length + " bytes wanted, " + remaining() + " left");
    }
    return super.readBytes(length);
  }

  @Override
  public String readString() {
    throw unchecked();
  }

  @Override
  public StringBuilder readStringBuilder() {
    throw unchecked();
  }

  @Override
  public int[] readInts(int length) {
    throw unchecked();
  }

  @Override
  public long[] readLongs(int length) {
    throw unchecked();
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    throw unchecked();
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    throw unchecked();
  }

  @Override
  public float[] readFloats(int length) {
    throw unchecked();
  }

  @Override
  public double[] readDoubles(int length) {
    throw unchecked();
  }

  @Override
  public short[] readShorts(int length) {
    throw unchecked();
  }

  @Override
  public char[] readChars(int length) {
    throw unchecked();
  }

  @Override
  public boolean[] readBooleans(int length) {
    throw unchecked();
  }

  private static KryoException unchecked() {
    return new KryoException("this reading does not check its length");
  }
}
