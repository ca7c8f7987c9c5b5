package dev.thermae;

import static dev.thermae.policy.CachePolicy.chrome;
import static dev.thermae.policy.CachePolicy.eager;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.FolderCheck;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Counters;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FaultyStore;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails around the engine, the result is right and the fault is counted. */
class CodeCacheFaultTest extends CodeCacheFixture {
  private final Source source = source("hello");

  static Stream<Throwable> enginesFaults() {
    return Stream.of(
        new RestoreException("planted"),
        new IllegalStateException("planted"),
        new NoClassDefFoundError("planted"),
        new StackOverflowError("planted"));
  }

  @ParameterizedTest
  @MethodSource("enginesFaults")
  void codeTheEngineRefusesIsReplaced(Throwable fault) {
    load(eager(), source);
    engine.failRestore(fault);
    assertWarm(load(chrome(), source));
    assertThat(seen.rejections()).containsExactly(Rejection.ENGINE);
    engine.failRestore(null);
    assertHot(load(chrome(), source));
    assertThat(engine.serializes()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("enginesFaults")
  void unitThatCannotBeSerializedIsUsedAllTheSame(Throwable fault) {
    engine.failSerialize(fault);
    assertCold(load(eager(), source));
    assertThat(seen.rejections()).containsExactly(Rejection.ENGINE);
    assertThat(seen.count("attached")).isZero();
    engine.failSerialize(null);
    load(eager(), source);
    assertHot(load(eager(), source));
  }

  @Test
  void rejectedCodeIsReplacedUnderAnyPolicy() throws IOException {
    store(cache(eager()), source);
    loadStored(eager(), source);
    for (Path file : FolderCheck.entryFiles(folder)) {
      if (file.toString().endsWith(".c")) {
        Files.write(file, new byte[500]);
      }
    }
    assertWarm(loadStored(chrome(), source));
    assertThat(seen.rejections()).containsExactly(Rejection.MAGIC);
    assertHot(loadStored(chrome(), source));
  }

  /** Of a source without a URL, whose own bytes name it. */
  @Test
  void damagedSourceIsReplacedInItsPlace() throws IOException {
    load(eager(), source);
    List<Path> files = FolderCheck.entryFiles(folder);
    for (Path file : files) {
      if (file.toString().endsWith(".b")) {
        Files.write(file, new byte[source.bytes().length]);
      }
    }
    assertCold(load(eager(), source));
    assertThat(seen.rejections()).contains(Rejection.SEAL);
    assertHot(load(eager(), source));
    assertThat(FolderCheck.entryFiles(folder)).hasSameSizeAs(files);
  }

  @Test
  void anotherBuildOfTheEngineStartsCold() {
    load(eager(), source);
    engine.version("2");
    assertCold(load(eager(), source));
    assertHot(load(eager(), source));
    engine.version("1");
    assertHot(load(eager(), source));
    assertThat(seen.rejections()).isEmpty();
  }

  @Test
  void engineThatCannotBeIdentifiedStaysInMemory() {
    engine.unidentified();
    assertCold(load(eager(), source));
    assertCold(load(eager(), source));
    try (CodeCache cache = builder().policy(eager()).build()) {
      cache.compile(engine, source);
      assertThat(cache.compile(engine, source).origin()).isEqualTo(Origin.MEMORY);
      assertThat(cache.compile(new TextEngine().unidentified(), source).origin())
          .isEqualTo(Origin.COMPILED);
    }
    assertThat(seen.count("stored")).isZero();
    assertThat(engine.serializes()).isZero();
  }

  @Test
  void engineThatCannotBeHarvestedStaysInMemory() {
    engine.harvest(Engine.Harvest.NEVER);
    for (int i = 0; i < 3; i++) {
      assertCold(load(chrome(), source));
    }
    assertThat(seen.count("stored")).isZero();
    assertThat(engine.serializes()).isZero();
  }

  /** A unit that was handed out may have run, so its code waits for the next compile. */
  @Test
  void engineThatMustBeHarvestedEarlyIsNotPromotedFromMemory() {
    engine.harvest(Engine.Harvest.AFTER_COMPILE);
    try (CodeCache cache = builder().policy(chrome()).build()) {
      for (int i = 0; i < 5; i++) {
        cache.compile(engine, source);
        cache.flush();
      }
    }
    assertThat(engine.serializes()).isZero();
    assertWarm(load(chrome(), source));
    assertHot(load(chrome(), source));
  }

  @Test
  void unitThatIsNotSharedDoesNotStayInMemory() {
    engine.shares(false);
    CodeCache cache = cache(eager());
    assertCold(checked(cache.compile(engine, source), source));
    assertThat(cache.unitsInMemory()).isZero();
    cache.flush();
    assertHot(checked(cache.compile(engine, source), source));
    assertHot(checked(cache.compile(engine, source), source));
  }

  @Test
  void engineThatFailsToIdentifyItselfStillCompiles() {
    Engine<TextUnit> broken = failingIdentity();
    for (int i = 0; i < 2; i++) {
      try (CodeCache cache = builder().policy(eager()).build()) {
        assertCold(checked(cache.compile(broken, source), source));
        assertThat(cache.stats().faults()).isEqualTo(1);
      }
    }
  }

  /** The text engine, its fingerprint out of order. */
  @SuppressWarnings("unchecked")
  private Engine<TextUnit> failingIdentity() {
    return (Engine<TextUnit>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("fingerprintParts")) {
                throw new IllegalStateException("planted");
              }
              return method.invoke(engine, arguments);
            });
  }

  @Test
  void unitsStayInTheirScope() {
    CodeCache cache = cache(eager());
    engine.scope("first");
    cache.compile(engine, source);
    cache.flush();
    engine.scope(new Object());
    assertHot(checked(cache.compile(engine, source), source));
    assertThat(cache.compile(engine, source).origin()).isEqualTo(Origin.MEMORY);
    engine.scope("first");
    assertThat(cache.compile(engine, source).origin()).isEqualTo(Origin.MEMORY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void storeThatFailsEverywhereIsGoneAround(boolean unchecked) {
    FaultyStore faulty = new FaultyStore(unchecked);
    Counters counters = new Counters(seen);
    CodeCache cache = builder().policy(eager()).build(faulty, counters);
    StoredEntry entry = faulty.entry(TestHeads.of(KEY, 1, source.bytes().length));
    for (int i = 0; i < 3; i++) {
      checked(cache.compile(engine, source("bare " + i)), source("bare " + i));
      Source stored = source("stored " + i);
      assertCold(checked(cache.compile(engine, stored, Shape.SCRIPT, entry), stored));
    }
    assertThat(cache.flush()).isTrue();
    assertThat(cache.stats().faults()).isGreaterThanOrEqualTo(6);
    assertThat(cache.stats().compiles()).isEqualTo(6);
    assertThat(cache.stats().attached()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void listenerThatThrowsIsIgnored(boolean error) {
    CacheListener rude =
        (CacheListener)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CacheListener.class},
                (proxy, method, arguments) -> {
                  if (error) {
                    throw new NoClassDefFoundError("planted");
                  }
                  throw new IllegalStateException("planted");
                });
    for (Temperature expected : new Temperature[] {Temperature.COLD, Temperature.HOT}) {
      try (CodeCache cache = builder().listener(rude).policy(eager()).build()) {
        assertThat(checked(cache.compile(engine, source), source).temperature())
            .isEqualTo(expected);
        cache.flush();
        assertThat(cache.stats().faults()).isPositive();
      }
    }
  }

  @Test
  void sourcesThatCollideInNameAreToldApart() throws IOException {
    CodeCache cache = cache(eager());
    Source first = source("hello");
    load(eager(), first);
    String key = seen.events().stream().filter(e -> e.startsWith("stored ")).findFirst().get();
    key = key.substring("stored ".length(), key.lastIndexOf(' '));
    assertThat(cache.store().find(key, null).body()).isEqualTo(first.bytes());
    Source other = source("jello");
    byte[] bytes = other.bytes();
    time.advance(1, TimeUnit.SECONDS);
    try (var body = cache.store().newBody(key)) {
      body.write(bytes);
      cache.store().put(TestHeads.of(key, time.millis(), bytes.length), body);
    }
    assertCold(load(eager(), first));
    assertHot(load(eager(), first));
    assertThat(cache.store().find(key, null).body()).isEqualTo(bytes);
  }
}
