package dev.thermae.bench;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryImport;
import java.nio.charset.StandardCharsets;

/**
 * What SQLite needs around it for a database in memory: a memory, and system calls that find no
 * file. Stateless.
 */
final class SqliteHost {
  private static final long NO_SUCH_FILE = -2 & 0xffffffffL;
  private static final String FILL =
      """
      create table t(a, b);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
      insert into t select i, i * i from n;
      create index t_b on t(b);
      """;
  private static final String QUERY =
      "select sum(b) || ' ' || count(*) || ' ' || sqlite_version() from t where a % 3 = 0";

  private SqliteHost() {}

  /** An instance that has run its constructors. */
  static Instance start(Instance.Builder builder, WasmModule module) {
    Instance instance = builder.withImportValues(imports(module)).build();
    instance.export("__wasm_call_ctors").apply();
    return instance;
  }

  private static ImportValues imports(WasmModule module) {
    ImportValues.Builder imports = ImportValues.builder();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      Import each = module.importSection().getImport(i);
      if (each instanceof FunctionImport) {
        imports.addFunction(function(module, (FunctionImport) each));
      } else if (each instanceof MemoryImport) {
        ByteArrayMemory memory = new ByteArrayMemory(((MemoryImport) each).limits());
        imports.addMemory(new ImportMemory(each.module(), each.name(), memory));
      }
    }
    return imports.build();
  }

  private static HostFunction function(WasmModule module, FunctionImport told) {
    FunctionType type = module.typeSection().getType(told.typeIndex());
    int results = type.returns().size();
    long answer = told.name().equals("__syscall_openat") ? NO_SUCH_FILE : 0;
    return new HostFunction(
        told.module(),
        told.name(),
        type,
        (instance, args) -> results == 0 ? null : new long[] {answer});
  }

  /** Fills a table, and asks it. */
  static String query(Instance sqlite) {
    int pointer = call(sqlite, "malloc", 8);
    check(call(sqlite, "sqlite3_open", text(sqlite, ":memory:"), pointer));
    int database = sqlite.memory().readInt(pointer);
    check(call(sqlite, "sqlite3_exec", database, text(sqlite, FILL), 0, 0, 0));
    check(call(sqlite, "sqlite3_prepare_v2", database, text(sqlite, QUERY), -1, pointer, 0));
    int statement = sqlite.memory().readInt(pointer);
    call(sqlite, "sqlite3_step", statement);
    return sqlite.memory().readCString(call(sqlite, "sqlite3_column_text", statement, 0));
  }

  private static int call(Instance sqlite, String name, long... arguments) {
    return (int) sqlite.export(name).apply(arguments)[0];
  }

  private static void check(int code) {
    if (code != 0) {
      throw new IllegalStateException("SQLite says " + code);
    }
  }

  private static int text(Instance sqlite, String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    int at = call(sqlite, "malloc", bytes.length);
    sqlite.memory().write(at, bytes);
    return at;
  }
}
