package dev.thermae.cli;

import dev.thermae.code.Ed25519KeyFolder;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.http.ProxyTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that may ask a proxy before the origin, as the proxy's workers do. */
final class ProxyOptions {
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,9})=(.+)");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--proxy",
      paramLabel = "URL",
      description =
          "Asks this proxy (thermae serve) first, by /fetch/, for source and code in one round trip;"
              + " where it is away, or will not, the origin.")
  private @Nullable String proxy;

  @Option(
      names = "--proxy-origin",
      paramLabel = "URL",
      description =
          "The origin that the proxy stands in front of (its --origin): only URLs of it are asked"
              + " for there, by their paths.")
  private @Nullable String origin;

  @Option(
      names = "--public-key",
      paramLabel = "[N=]FILE|DIR",
      description =
          "The public half of the key that the proxy signs with, in PEM, under its number N"
              + " (default: that of a file called N.public.pem, else 1), or a folder of such files;"
              + " repeated while the proxy changes its key. Without one, sources alone are asked"
              + " for.")
  private List<String> publicKeys = new ArrayList<>();

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  ProxyOptions() {}

  /** The proxy with its keys; null where none was named. */
  @Nullable ProxyTier tier() {
    String url = proxy;
    if (url == null) {
      if (origin != null || !publicKeys.isEmpty()) {
        throw wrong(origin == null ? "--public-key" : "--proxy-origin", "of which --proxy?", null);
      }
      return null;
    }
    Ed25519PublicKeys keys = keys();
    try {
      ProxyTier.Builder tier = ProxyTier.builder(url, keys);
      return (origin == null ? tier : origin(tier, origin)).build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw wrong("--proxy", String.valueOf(e.getMessage()), e);
    }
  }

  private ProxyTier.Builder origin(ProxyTier.Builder tier, String url) {
    try {
      return tier.origin(url);
    } catch (IllegalArgumentException e) {
      throw wrong("--proxy-origin", String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether code can be believed. */
  boolean hasKeys() {
    return !publicKeys.isEmpty();
  }

  private Ed25519PublicKeys keys() {
    Ed25519PublicKeys keys = Ed25519PublicKeys.none();
    for (String word : publicKeys) {
      Matcher numbered = NUMBERED.matcher(word);
      boolean hasNumber = numbered.matches();
      Path place = Path.of(hasNumber ? numbered.group(2) : word);
      try {
        if (!hasNumber && Files.isDirectory(place)) {
          keys = all(keys, place);
        } else {
          int number =
              hasNumber ? Integer.parseInt(numbered.group(1)) : Ed25519KeyFolder.number(place);
          keys = one(keys, number, place);
        }
      } catch (IOException | IllegalArgumentException e) {
        throw wrong("--public-key", String.valueOf(e.getMessage()), e);
      }
    }
    return keys;
  }

  private Ed25519PublicKeys all(Ed25519PublicKeys before, Path folder) throws IOException {
    Ed25519PublicKeys keys = before;
    for (int number : Ed25519KeyFolder.publicKeys(folder).ids()) {
      keys = one(keys, number, Ed25519KeyFolder.publicKey(folder, number));
    }
    return keys;
  }

  private Ed25519PublicKeys one(Ed25519PublicKeys before, int number, Path file)
      throws IOException {
    if (before.ids().contains(number)) {
      throw wrong("--public-key", "two keys of number " + number + ": say N=" + file, null);
    }
    return before.accepting(number, file);
  }

  private ParameterException wrong(String option, String why, @Nullable Exception fault) {
    return new ParameterException(spec.commandLine(), option + ": " + why, fault);
  }
}
