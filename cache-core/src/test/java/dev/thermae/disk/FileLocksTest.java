package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.TimeSource;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.LockProbe;
import dev.thermae.testing.Threads;
import dev.thermae.testing.VirtualFollowers;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Locks that other processes see, other threads respect, and nobody drops by accident. */
class FileLocksTest {
  @TempDir Path folder;
  private File file;

  @BeforeEach
  void name() {
    file = folder.resolve("locks").toFile();
  }

  private FileLocks locks() throws IOException {
    return FileLocks.of(file, TimeSource.SYSTEM);
  }

  /** What another process sees at some positions. */
  private List<String> seenFromOutside(long... positions) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(file.getPath());
    for (long position : positions) {
      arguments.add(Long.toString(position));
    }
    try (ChildJvm child = ChildJvm.start(LockProbe.class, arguments.toArray(new String[0]))) {
      return child.finish();
    }
  }

  @Test
  void otherProcessesSeeIt() throws Exception {
    FileLock lock = locks().tryLock(5);
    assertThat(lock).isNotNull();
    assertThat(seenFromOutside(4, 5, 6)).containsExactly("free", "held", "free");
    lock.release();
    assertThat(seenFromOutside(5)).containsExactly("free");
  }

  @Test
  void otherThreadsAndStoresRespectIt() throws Exception {
    FileLock lock = locks().tryLock(5);
    assertThat(locks().tryLock(5)).isNull();
    assertThat(locks().lock(5, 1)).isNull();
    lock.release();
    FileLock again = locks().lock(5, 1);
    assertThat(again).isNotNull();
    again.release();
  }

  @Test
  void oneAtATime() throws Exception {
    FileLocks locks = locks();
    int[] counter = new int[1];
    Threads.run(
        4,
        index -> {
          for (int i = 0; i < 50; i++) {
            FileLock lock = locks.lock(9, 30_000);
            int before = counter[0];
            Thread.onSpinWait();
            counter[0] = before + 1;
            lock.release();
          }
        });
    assertThat(counter[0]).isEqualTo(200);
  }

  /** An interruption would close a channel that waits in the kernel, and drop all its locks. */
  @Test
  void interruptedThreadsTakeLocksAndKeepTheirFlag() throws Exception {
    FileLock held = locks().tryLock(1);
    FileLocks locks = locks();
    Threads.run(
        2,
        index -> {
          Thread.currentThread().interrupt();
          FileLock lock = locks.lock(10 + index, 1_000);
          assertThat(lock).isNotNull();
          lock.release();
          assertThat(locks.lock(1, 20)).isNull();
          assertThat(Thread.interrupted()).isTrue();
        });
    assertThat(held.isValid()).isTrue();
    assertThat(seenFromOutside(1)).containsExactly("held");
    held.release();
  }

  /** Two web applications of one server, each with this library in its own class loader. */
  @Test
  void classLoadersShareOneChannel() throws Exception {
    try (URLClassLoader first = loader();
        URLClassLoader second = loader()) {
      Object lockOfFirst = tryLock(first, 1);
      assertThat(lockOfFirst).isNotNull();
      assertThat(tryLock(second, 1)).isNull();
      FileLock lockOfSecond = (FileLock) tryLock(second, 2);
      lockOfSecond.release();
      assertThat(seenFromOutside(1, 2)).containsExactly("held", "free");
      ((FileLock) lockOfFirst).release();
      assertThat(seenFromOutside(1)).containsExactly("free");
    }
  }

  /** A web application that is undeployed: its channel must not be closed, by nobody. */
  @Test
  void unloadedClassLoaderTakesNoLocksAway() throws Exception {
    FileLock held = locks().tryLock(5);
    WeakReference<ClassLoader> unloaded = lockAndForget();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (unloaded.get() != null && System.nanoTime() - end < 0) {
      System.gc();
    }
    assertThat(unloaded.get()).as("the loader").isNull();
    for (int i = 0; i < 5; i++) {
      System.gc();
      assertThat(seenFromOutside(5)).containsExactly("held");
    }
    held.release();
  }

  /** The same in a signed folder, whose channels are of another kind. */
  @Test
  void unloadedClassLoaderTakesNoLocksOfASignedFolderAway() throws Exception {
    Path root = Files.createDirectory(folder.resolve("signed"));
    file = root.resolve("v1/locks").toFile();
    CacheFolder.guards = true;
    GuardedFiles.guard(root.toRealPath());
    FileLock held = locks().tryLock(5);
    WeakReference<ClassLoader> unloaded = guardLockAndForget(root.toRealPath());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (unloaded.get() != null && System.nanoTime() - end < 0) {
      System.gc();
    }
    assertThat(unloaded.get()).as("the loader").isNull();
    for (int i = 0; i < 5; i++) {
      System.gc();
      assertThat(seenFromOutside(5)).containsExactly("held");
    }
    held.release();
  }

  private WeakReference<ClassLoader> guardLockAndForget(Path root) throws Exception {
    try (URLClassLoader loader = loader()) {
      var guards = loader.loadClass(CacheFolder.class.getName()).getDeclaredField("guards");
      guards.setAccessible(true);
      guards.setBoolean(null, true);
      Method guard =
          loader.loadClass(GuardedFiles.class.getName()).getDeclaredMethod("guard", Path.class);
      guard.setAccessible(true);
      guard.invoke(null, root);
      ((FileLock) tryLock(loader, 7)).release();
      return new WeakReference<>(loader);
    }
  }

  private WeakReference<ClassLoader> lockAndForget() throws Exception {
    try (URLClassLoader loader = loader()) {
      ((FileLock) tryLock(loader, 7)).release();
      return new WeakReference<>(loader);
    }
  }

  private static URLClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(new File(part).toURI().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  private Object tryLock(ClassLoader loader, long position) throws ReflectiveOperationException {
    Class<?> type = loader.loadClass(FileLocks.class.getName());
    assertThat(type).isNotSameAs(FileLocks.class);
    Class<?> timeType = loader.loadClass(TimeSource.class.getName());
    Method of = type.getDeclaredMethod("of", File.class, timeType);
    of.setAccessible(true);
    Object locks = of.invoke(null, file, timeType.getField("SYSTEM").get(null));
    Method tryLock = type.getDeclaredMethod("tryLock", long.class);
    tryLock.setAccessible(true);
    return tryLock.invoke(locks, position);
  }

  /** Waiting virtual threads leave the thread that carries them to others. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void virtualThreadsAreNotPinned() throws Exception {
    List<String> oneCarrier =
        List.of(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1");
    try (ChildJvm child =
        ChildJvm.start(VirtualFollowers.class, oneCarrier, Map.of(), folder.toString())) {
      assertThat(child.finish()).containsExactly("another one runs", "has led");
    }
  }

  /** Whoever empties the cache by hand must not leave processes with locks that nobody sees. */
  @Test
  void lockFileThatWasDeletedIsMadeAgain() throws Exception {
    locks().tryLock(3).release();
    Files.delete(file.toPath());
    FileLock lock = locks().tryLock(3);
    assertThat(seenFromOutside(3)).containsExactly("held");
    lock.release();
  }
}
