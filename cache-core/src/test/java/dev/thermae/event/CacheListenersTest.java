package dev.thermae.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.NewBody;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several listeners as one, and evictions, which one of them sees. */
class CacheListenersTest {
  private static final Map<Class<?>, Object> VALUES =
      Map.of(
          String.class,
          "text",
          long.class,
          1L,
          boolean.class,
          true,
          Temperature.class,
          Temperature.HOT,
          Origin.class,
          Origin.RESTORED,
          Waited.class,
          Waited.FOUND,
          Rejection.class,
          Rejection.LENGTH,
          Throwable.class,
          new IllegalStateException());

  private static CacheListener recording(List<String> seen) {
    return (CacheListener)
        Proxy.newProxyInstance(
            CacheListener.class.getClassLoader(),
            new Class<?>[] {CacheListener.class},
            (self, method, arguments) -> {
              seen.add(method.getName());
              throw new IllegalStateException("a listener that fails");
            });
  }

  @Test
  void allAreToldOfEverythingThoughOneThrows() throws Exception {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    CacheListener both = CacheListeners.of(recording(first), recording(second));
    List<String> expected = new ArrayList<>();
    for (Method method : CacheListener.class.getMethods()) {
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = VALUES.get(method.getParameterTypes()[i]);
      }
      expected.add(method.getName());
      try {
        method.invoke(both, arguments);
      } catch (InvocationTargetException e) {
        assertThat(e.getCause()).hasMessage("a listener that fails");
      }
    }
    assertThat(first).isEqualTo(expected);
    assertThat(second).isEqualTo(expected);
  }

  @Test
  void evictionsAreCounted() throws Exception {
    Counters counters = new Counters(null);
    try (MemoryStore store = new MemoryStore(4096, counters, TimeSource.SYSTEM)) {
      for (int i = 0; i < 8; i++) {
        Source source = Source.of("s" + i, "x".repeat(1000) + i);
        EntryHead head = EntryHead.ofSource("key " + i, source, TimeSource.SYSTEM.millis());
        try (NewBody body = store.newBody(head.key())) {
          body.write(source.bytes());
          store.put(head, body);
        }
      }
      CacheStats stats = counters.snapshot();
      assertThat(stats.stored()).isEqualTo(8);
      assertThat(stats.evicted()).isEqualTo(8 - store.keys().size()).isPositive();
      assertThat(store.bytes()).isBetween(1L, 4096L);
    }
  }
}
