package dev.thermae.samples;

import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mozilla.javascript.Context;

/**
 * A fleet: an origin, the proxy as a process, and workers as processes with folders of their own.
 * The proxy compiles each script once; every worker starts hot. Then the proxy is killed in the
 * middle, and the workers go on by themselves. Ends with 1 when an expectation is not met.
 */
public final class ProxyQuickstart {
  private static final int WORKERS = 3;
  private static final String[] TITLES = {"worker", "script", "load", "run", "compiles", "load ms"};
  private static final int[] WIDTHS = {-26, -12, -6, -10, 8, 9};

  private final PrintStream out;
  private final Path folder;
  private final Path jar;
  private final List<ScriptLibrary> libraries;
  private final Map<ScriptLibrary, String> expected = new LinkedHashMap<>();
  private final Findings findings = new Findings();
  private final Table table;

  private ProxyQuickstart(PrintStream out, Path folder, Path jar, List<ScriptLibrary> libraries) {
    this.out = out;
    this.folder = folder;
    this.jar = jar;
    this.libraries = libraries;
    this.table = new Table(out, TITLES, WIDTHS);
  }

  /** The argument is the command's jar, {@code thermae.jar}. */
  public static void main(String[] args) throws Exception {
    String scripts = System.getProperty("thermae.quickstart.scripts", "");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Files.createTempDirectory("thermae-fleet").toRealPath();
    boolean isMet;
    try {
      ProxyQuickstart fleet =
          new ProxyQuickstart(out, folder, Path.of(args[0]), ScriptLibrary.named(scripts));
      isMet = DeepStack.call(fleet::show);
    } finally {
      delete(folder);
    }
    System.exit(isMet ? 0 : 1);
  }

  private boolean show() throws Exception {
    out.println("An origin, the proxy, and workers with empty folders, each a process of its own.");
    out.println("The proxy compiles in yet another one, and signs; workers know its public key.");
    out.println();
    table.printTitles();
    keys();
    try (Origin origin = new Origin(600, TimeSource.SYSTEM)) {
      for (ScriptLibrary library : libraries) {
        byte[] body = library.bytes();
        origin.publish('/' + library.name() + ".js", body, "1");
        expected.put(library, Reference.result(library, body));
      }
      shared(origin);
      killed(origin);
    }
    out.println();
    return findings.report(out);
  }

  /** One compile for each script, at the proxy, whoever asks first; later starts need no proxy. */
  private void shared(Origin origin) throws Exception {
    FleetProcess proxy = proxy(origin, "proxy");
    try {
      String url = url(proxy);
      for (int i = 1; i <= WORKERS; i++) {
        all("worker " + i, folder.resolve("worker" + i), url, origin, "HOT", 0);
      }
      findings.check("bodies that the origin sent", libraries.size(), origin.full());
      String said = String.valueOf(proxy.terminate());
      boolean once = said.contains("; " + libraries.size() + " compiled in");
      findings.check("one compile for each script at the proxy (" + said + ")", true, once);
      all("worker 1 again, no proxy", folder.resolve("worker1"), url, origin, "HOT", 0);
    } finally {
      proxy.close();
    }
  }

  /** The proxy dies after the first script: right results all the same. */
  private void killed(Origin origin) throws Exception {
    try (FleetProcess proxy = proxy(origin, "other")) {
      String name = "worker 4, proxy killed";
      try (FleetProcess worker = worker("worker4", url(proxy), origin)) {
        check(name, libraries.get(0), worker.load(libraries.get(0)), "HOT", 0);
        proxy.kill();
        for (ScriptLibrary library : libraries.subList(1, libraries.size())) {
          FleetProcess.Load load = worker.load(library);
          check(name, library, load, load.temperature(), 1);
        }
      }
    }
  }

  private void all(
      String name, Path place, String proxy, Origin origin, String temperature, int compiles)
      throws Exception {
    try (FleetProcess worker = worker(place.getFileName().toString(), proxy, origin)) {
      for (ScriptLibrary library : libraries) {
        check(name, library, worker.load(library), temperature, compiles);
      }
    }
  }

  private void check(
      String name,
      ScriptLibrary library,
      FleetProcess.Load load,
      String temperature,
      int compiles) {
    String what = name + ", " + library.name();
    findings.check(what + ", temperature", temperature, load.temperature());
    findings.check(what + ", compiles", compiles, load.compiles());
    String result = expected.getOrDefault(library, "");
    findings.checkText(what + ", result", result, load.result());
    boolean same = load.result().equals(result);
    table.print(
        name,
        library.name(),
        load.temperature(),
        same ? "same" : "DIFFERENT",
        Integer.toString(load.compiles()),
        Table.millis(load.nanos()));
  }

  private FleetProcess worker(String name, String proxy, Origin origin) throws IOException {
    return FleetProcess.worker(folder.resolve(name), proxy, origin.url(""), folder.resolve("pub"));
  }

  private FleetProcess proxy(Origin origin, String name) throws Exception {
    String rhino =
        Path.of(Context.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    return FleetProcess.jar(
        jar,
        Map.of("THERMAE_SERVE_COMPILE_WAIT", "60s"),
        List.of(
            "serve",
            "--origin",
            origin.url(""),
            "--port",
            "0",
            "--dir",
            folder.resolve(name).toString(),
            "--engine",
            "rhino",
            "--engine-path",
            rhino,
            "--signing-key",
            folder.resolve("key").toString()));
  }

  /** Its first line is {@code thermae: URL -> ORIGIN, ...}. */
  private static String url(FleetProcess proxy) throws IOException {
    String ready = proxy.line();
    if (ready == null) {
      throw new IOException("the proxy does not start");
    }
    return ready.split(" ", -1)[1];
  }

  /** As {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout} write them. */
  private void keys() throws IOException, GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path key = folder.resolve("key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    Files.writeString(folder.resolve("pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
