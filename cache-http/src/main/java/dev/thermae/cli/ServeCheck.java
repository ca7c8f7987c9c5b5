package dev.thermae.cli;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.Config;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.TimeSource;
import dev.thermae.http.compile.CompileWorkersBuilder;
import dev.thermae.http.proxy.TlsFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code serve --check-config} finds when it opens all that settings name, without listening
 * and without making anything. Used by one thread.
 */
final class ServeCheck {
  private static final String CERTIFICATES = "listen.tls.certificates";
  private static final String TLS_KEY = "listen.tls.key";
  private static final String BIND = "listen.bind";
  private static final String DIRECTORY = "cache.directory";
  private static final String TOKEN = "admin.token-file";
  private static final String LOG = "access-log.file";

  private final Config all;
  private final ServeSettings settings;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private ServeCheck(ServeSettings settings) {
    this.all = settings.all();
    this.settings = settings;
  }

  /** Looks at everything, and starts a JVM that compiles where there are engines. */
  static ServeCheck of(ServeSettings settings) {
    ServeCheck check = new ServeCheck(settings);
    check.tls();
    check.listeners();
    check.folder();
    check.operations();
    check.engines();
    return check;
  }

  /** What keeps the proxy from starting, or from what it was told to do; each names its setting. */
  List<String> problems() {
    return problems;
  }

  /** What may be meant so. */
  List<String> warnings() {
    return warnings;
  }

  /** A look that may find something wrong. */
  private interface Look {
    void look() throws IOException;
  }

  private boolean at(String path, Look look) {
    try {
      look.look();
      return true;
    } catch (IOException e) {
      problems.add(place(path) + e.getMessage());
      return false;
    }
  }

  /** Where it was set; what is not set has no such place. */
  private String place(String path) {
    String where = all.getIsNull(path) ? "" : all.getValue(path).origin().description() + ": ";
    return where + path + ": ";
  }

  private void tls() {
    Path certificates = Settings.path(all, CERTIFICATES);
    Path key = Settings.path(all, TLS_KEY);
    if (certificates == null || key == null) {
      return;
    }
    TlsFiles files = new TlsFiles(certificates, key);
    if (at(CERTIFICATES, () -> valid(files.certificate())) && at(TLS_KEY, files::check)) {
      others(key);
    }
  }

  private void valid(X509Certificate own) {
    Instant now = Instant.ofEpochMilli(TimeSource.SYSTEM.millis());
    Instant begin = own.getNotBefore().toInstant();
    Instant end = own.getNotAfter().toInstant();
    if (now.isAfter(end)) {
      warnings.add(place(CERTIFICATES) + "it ended at " + end);
    } else if (now.isBefore(begin)) {
      warnings.add(place(CERTIFICATES) + "it begins at " + begin);
    }
  }

  /** A server's key may be its group's, as that of many systems is. */
  private void others(Path key) {
    try {
      boolean posix = key.getFileSystem().supportedFileAttributeViews().contains("posix");
      if (posix && Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
        warnings.add(place(TLS_KEY) + key + " may be read by everybody: chmod 0600 it");
      }
    } catch (IOException e) {
      problems.add(place(TLS_KEY) + e.getMessage());
    }
  }

  private void listeners() {
    at(BIND, () -> address(all.getString(BIND)));
    AdminSettings admin = settings.operations().admin();
    if (admin != null) {
      at("admin.bind", () -> address(admin.bind()));
    }
  }

  private static void address(String bind) throws IOException {
    try {
      InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      throw new IOException(bind + " is no address, and no name of one", e);
    }
  }

  private void folder() {
    Path chosen = settings.folder();
    Path folder = chosen == null ? DiskStore.defaultFolder() : chosen;
    at(
        DIRECTORY,
        () -> {
          DiskInspection.isUsable(folder, settings.keys() != null);
          writable(folder);
        });
  }

  /** Of what is there, or of the nearest folder above it, in which the rest would be made. */
  private static void writable(Path place) throws IOException {
    Path there = place.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!there.equals(place.toAbsolutePath().normalize()) && !Files.isDirectory(there)) {
      throw new IOException(place + " cannot be made: " + there + " is no folder");
    }
    if (!Files.isWritable(there)) {
      throw new IOException(place + " cannot be written: no permission on " + there);
    }
  }

  private void operations() {
    Path log = settings.operations().log();
    if (log != null) {
      at(LOG, () -> log(log));
    }
    AdminSettings admin = settings.operations().admin();
    if (admin != null && admin.given() == null) {
      at(TOKEN, () -> token(admin));
    }
  }

  /** The file is made at the start; the folder that it is in is not. */
  private static void log(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder: make it, for " + file.getFileName());
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder");
    }
    writable(file);
  }

  private static void token(AdminSettings admin) throws IOException {
    if (Files.exists(admin.file())) {
      admin.token();
    } else {
      writable(admin.file());
    }
  }

  private void heap(long bytes) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        && bytes > system.getTotalMemorySize()) {
      warnings.add(
          place("compile.heap")
              + "all JVMs that compile may take "
              + (bytes >> 20)
              + " MiB together, and this machine has "
              + (system.getTotalMemorySize() >> 20)
              + ": lower it, or compile.workers");
    }
  }

  private void engines() {
    CompileWorkersBuilder compile = settings.compile();
    if (compile == null) {
      return;
    }
    heap(compile.wholeHeapBytes());
    if (!at(CompileSettings.ENGINE_PATH, compile::checkEnginePath)) {
      return;
    }
    for (Map.Entry<String, String> each : compile.unavailable().entrySet()) {
      String remedy = " (where its jar is, --engine-path says, or compile.engine-path)";
      problems.add(
          place(CompileSettings.ENGINES) + each.getKey() + ": " + each.getValue() + remedy);
    }
  }
}
