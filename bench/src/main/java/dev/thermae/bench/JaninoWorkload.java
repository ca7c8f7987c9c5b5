package dev.thermae.bench;

import dev.thermae.engine.janino.JaninoEngine;
import dev.thermae.engine.janino.JaninoUnit;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One class by Janino, as rule engines and query planners make them. */
final class JaninoWorkload extends CompileWorkload {
  private static final String COMPILE = "Janino";
  private static final String TEXT =
      """
      import java.util.*;

      public class Plan {
        private static final int GROUPS = 7;

        static final class Row {
          final String key;
          final int amount;
          final double price;

          Row(String key, int amount, double price) {
            this.key = key;
            this.amount = amount;
            this.price = price;
          }
        }

        private static List rows() {
          List rows = new ArrayList();
          for (int i = 0; i < 500; i++) {
            rows.add(new Row("k" + i % GROUPS, i, i / 3.0));
          }
          return rows;
        }

        private static boolean accepts(Row row) {
          return row.amount % 5 != 0 && row.price > 1.5 && !row.key.endsWith("3");
        }

        public static String run() {
          Map sums = new TreeMap();
          for (Iterator i = rows().iterator(); i.hasNext();) {
            Row row = (Row) i.next();
            if (accepts(row)) {
              Double known = (Double) sums.get(row.key);
              double sum = known == null ? 0 : known.doubleValue();
              sums.put(row.key, new Double(sum + row.amount * row.price));
            }
          }
          StringBuilder text = new StringBuilder();
          for (Iterator i = sums.entrySet().iterator(); i.hasNext();) {
            Map.Entry each = (Map.Entry) i.next();
            text.append(each.getKey()).append('=').append(((Double) each.getValue()).intValue());
            text.append(i.hasNext() ? ", " : "");
          }
          return text.toString();
        }
      }
      """;

  @Override
  String name() {
    return "janino";
  }

  @Override
  String title() {
    return "one class of 50 lines, by Janino 3.1.12";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, 0));
  }

  @Override
  byte[] input(Inputs inputs) {
    return TEXT.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  JaninoEngine engine() {
    return JaninoEngine.create().withParent(ClassLoader.getPlatformClassLoader());
  }

  @Override
  String run(Object loaded) throws Exception {
    return String.valueOf(((JaninoUnit) loaded).type("Plan").getMethod("run").invoke(null));
  }
}
