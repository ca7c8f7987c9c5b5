package dev.thermae.bench;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/**
 * A store of values by number, set up as a user of it would, with values of one size in it. What is
 * read is a byte array of the caller's own.
 */
interface StorePeer extends AutoCloseable {
  /** Which one, and what it does for its data, each with the source of the claim. */
  enum Kind {
    /**
     * Ours: find, read, check, hand over; a put seals and renames one envelope. Checked by the
     * kill, damage and version tests of cache-core.
     */
    THERMAE("yes", "yes, both checksums", "yes", "yes, a folder per format"),
    /** Open, read, CRC-32 and CRC-32C of the same files, nothing else: the floor of reading. */
    FLOOR("–", "yes, both checksums", "–", "–"),
    /** Files written aside and renamed, read whole and believed. */
    FILES("yes", "no", "yes", "no"),
    /**
     * RocksDB's defaults: write-ahead log, not synced. RocksDB wiki, "WAL" and "Basic Operations":
     * a database may be opened by one process at a time; blocks have checksums, checked when they
     * are read from the file, not when they come from the block cache.
     */
    ROCKSDB("yes", "when read from the file", "no, one process", "newer opens older"),
    /**
     * LMDB with MDB_NOSYNC, as none of the others syncs. lmdb.h: pages have no checksums; many
     * processes may have it open; without sync a crash of the system may corrupt it.
     */
    LMDB("yes", "no", "yes", "no"),
    /**
     * H2's MVStore, committed after each put. mvstore.html of H2: chunks have a checksum in header
     * and footer (Fletcher-32 per page); the file is locked by one process.
     */
    MVSTORE("yes", "when read from the file", "no, one process", "newer opens older"),
    /**
     * Chronicle Map with entry checksums, persisted. Its tutorial: checksums are looked at in
     * recovery alone; measured here before: get serves flipped bits, and a killed writer leaves its
     * segment locked.
     */
    CHRONICLE("no, locks stay held", "no, in recovery alone", "yes", "no");

    private final String killed;
    private final String checked;
    private final String shared;
    private final String versions;

    Kind(String killed, String checked, String shared, String versions) {
      this.killed = killed;
      this.checked = checked;
      this.shared = shared;
      this.versions = versions;
    }

    /** Survives kill -9, checks every byte, shared by processes, versions side by side. */
    List<String> safety() {
      return List.of(killed, checked, shared, versions);
    }
  }

  /** The value of a number, as an array of the caller's. */
  byte[] get(int number) throws Exception;

  /** Replaces the value of a number. */
  void put(int number) throws Exception;

  /** A store in {@code folder} with {@code count} values of {@code size} bytes. */
  static StorePeer open(Kind kind, Path folder, int size, int count) throws Exception {
    StorePeer peer =
        switch (kind) {
          case THERMAE -> new Thermae(folder, size, count);
          case FLOOR -> new Floor(folder, size, count);
          case FILES -> new PlainFiles(folder, values(size, count));
          case ROCKSDB -> new Rocks(folder, values(size, count));
          case LMDB -> new Lmdb(folder, values(size, count));
          case MVSTORE -> new MvStore(folder, values(size, count));
          case CHRONICLE -> new Chronicle(folder, size, values(size, count));
        };
    for (int i = 0; i < count; i++) {
      peer.put(i);
    }
    peer.settle();
    return peer;
  }

  /**
   * Stores one more value, of a number, under a name of its own where names are files: renaming
   * over a file that is there makes ext4 write it out, which no first put pays.
   */
  default void add(int number, long serial) throws Exception {
    put(number);
  }

  /** Brings what was put to where it is read from in a process that did not put it. */
  default void settle() throws Exception {}

  private static byte[][] values(int size, int count) {
    byte[][] values = new byte[count][size];
    for (int i = 0; i < count; i++) {
      new Random(i).nextBytes(values[i]);
    }
    return values;
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16).putInt(12, number).array();
  }

  /** Ours. */
  final class Thermae implements StorePeer {
    private final StoredCode store;
    private final List<StoredCode.Unit> units = new ArrayList<>();

    Thermae(Path folder, int size, int count) throws IOException {
      this.store = StoredCode.open(folder, size);
      for (int i = 0; i < count; i++) {
        units.add(store.store(i));
      }
    }

    @Override
    public byte[] get(int number) throws IOException {
      return store.read(units.get(number));
    }

    @Override
    public void put(int number) throws IOException {
      store.put(units.get(number));
    }

    @Override
    public void add(int number, long serial) throws IOException {
      store.add(units.get(number), serial);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Reads and checks our files. */
  final class Floor implements StorePeer {
    private final List<StoredFiles> files;
    private long sum;

    Floor(Path folder, int size, int count) throws IOException {
      try (StoredCode store = StoredCode.open(folder, size)) {
        for (int i = 0; i < count; i++) {
          store.store(i);
        }
      }
      files = StoredFiles.in(folder);
    }

    @Override
    public byte[] get(int number) throws IOException {
      byte[] head = FileFloor.read(files.get(number).head());
      byte[] code = FileFloor.read(files.get(number).code());
      sum += FileFloor.check(head) + FileFloor.check(code);
      return code;
    }

    @Override
    public void put(int number) {}

    @Override
    public void close() {
      if (sum == 0) {
        throw new IllegalStateException("nothing was checked");
      }
    }
  }

  /** A file each. */
  final class PlainFiles implements StorePeer {
    private final Path folder;
    private final byte[][] values;

    PlainFiles(Path folder, byte[][] values) {
      this.folder = folder;
      this.values = values;
    }

    @Override
    public byte[] get(int number) throws IOException {
      return FileFloor.read(folder.resolve(number + ".bin").toFile());
    }

    @Override
    public void put(int number) throws IOException {
      write(number, number + ".bin");
    }

    @Override
    public void add(int number, long serial) throws IOException {
      write(number, serial + ".added");
    }

    private void write(int number, String name) throws IOException {
      File aside = folder.resolve("aside").toFile();
      try (FileOutputStream out = new FileOutputStream(aside)) {
        out.write(values[number]);
      }
      Files.move(aside.toPath(), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {}
  }

  /** RocksDB. */
  final class Rocks implements StorePeer {
    private final Options options;
    private final RocksDB database;
    private final byte[][] values;

    Rocks(Path folder, byte[][] values) throws Exception {
      this.values = values;
      RocksDB.loadLibrary();
      options = new Options().setCreateIfMissing(true);
      database = RocksDB.open(options, folder.toString());
    }

    @Override
    public byte[] get(int number) throws Exception {
      return database.get(key(number));
    }

    @Override
    public void put(int number) throws Exception {
      database.put(key(number), values[number]);
    }

    @Override
    public void settle() throws Exception {
      try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
        database.flush(flush);
      }
    }

    @Override
    public void close() {
      database.close();
      options.close();
    }
  }

  /** LMDB. */
  final class Lmdb implements StorePeer {
    private static final long ROOM = 1L << 30;

    private final Env<byte[]> environment;
    private final Dbi<byte[]> database;
    private final byte[][] values;

    Lmdb(Path folder, byte[][] values) {
      this.values = values;
      environment =
          Env.create(ByteArrayProxy.PROXY_BA)
              .setMapSize(ROOM)
              .setMaxDbs(1)
              .open(folder.toFile(), org.lmdbjava.EnvFlags.MDB_NOSYNC);
      database = environment.openDbi("values", DbiFlags.MDB_CREATE);
    }

    @Override
    public byte[] get(int number) {
      try (Txn<byte[]> reading = environment.txnRead()) {
        return database.get(reading, key(number));
      }
    }

    @Override
    public void put(int number) {
      database.put(key(number), values[number]);
    }

    @Override
    public void close() {
      environment.close();
    }
  }

  /** MVStore; what it reads comes from its cache on the heap, so it is copied. */
  final class MvStore implements StorePeer {
    private final MVStore store;
    private final MVMap<Integer, byte[]> map;
    private final byte[][] values;

    MvStore(Path folder, byte[][] values) {
      this.values = values;
      store = new MVStore.Builder().fileName(folder.resolve("values.mv").toString()).open();
      map = store.openMap("values");
    }

    @Override
    public byte[] get(int number) {
      return map.get(number).clone();
    }

    @Override
    public void put(int number) {
      map.put(number, values[number]);
      store.commit();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Chronicle Map alone, as if it were the truth. */
  final class Chronicle implements StorePeer {
    private final ChronicleMap<byte[], byte[]> map;
    private final byte[][] values;

    Chronicle(Path folder, int size, byte[][] values) throws IOException {
      System.setProperty("chronicle.analytics.disable", "true");
      System.setProperty("chronicle.announcer.disable", "true");
      this.values = values;
      map =
          ChronicleMapBuilder.of(byte[].class, byte[].class)
              .name("values")
              .constantKeySizeBySample(new byte[16])
              .constantValueSizeBySample(new byte[size])
              .entries(2L * values.length)
              .actualSegments(1)
              .checksumEntries(true)
              .createPersistedTo(folder.resolve("values.cm").toFile());
    }

    @Override
    public byte[] get(int number) {
      return map.getUsing(key(number), null);
    }

    @Override
    public void put(int number) {
      map.put(key(number), values[number]);
    }

    @Override
    public void close() {
      map.close();
    }
  }
}
