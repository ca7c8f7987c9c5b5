package dev.thermae.http.commonjs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Files of a program of modules: 30 of them, and a cycle; what it exports as {@code text}. */
final class ModuleTree {
  static final String TEXT =
      "chain:24,23,22,21,20,19,18,17,16,15,14,13,12,11,10,9,8,7,6,5,4,3,2,1;"
          + "cycle:a-done,b saw a-early;package:entry+inner;folder:index;json:7";

  private ModuleTree() {}

  static Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    files.put(
        "main.js",
        """
        var chain = require('./chain/m24');
        var a = require('./cycle/a');
        exports.text = 'chain:' + chain.numbers.join() + ';cycle:' + a.state + ','
            + require('./cycle/b.js').saw + ';package:' + require('pkg').name
            + ';folder:' + require('./folder') + ';json:' + require('./data').seven;
        """);
    for (int i = 1; i <= 24; i++) {
      files.put(
          "chain/m" + i + ".js",
          i == 1
              ? "exports.numbers = [1];"
              : "exports.numbers = [" + i + "].concat(require('./m" + (i - 1) + "').numbers);");
    }
    files.put(
        "cycle/a.js",
        "module.exports = {state: 'a-early'}; var b = require('./b');"
            + " module.exports.state = 'a-done';");
    files.put("cycle/b.js", "exports.saw = 'b saw ' + require('./a').state;");
    files.put("folder/index.js", "module.exports = 'index';");
    files.put("data.json", "{\"seven\": 7}");
    files.put("node_modules/pkg/package.json", "{\"main\": \"./dist/entry\"}");
    files.put("node_modules/pkg/dist/entry.js", "exports.name = 'entry+' + require('inner').name;");
    files.put("node_modules/inner/index.js", "exports.name = 'inner';");
    return files;
  }

  static void write(Path folder, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> each : files.entrySet()) {
      Path file = folder.resolve(each.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, each.getValue());
    }
  }
}
