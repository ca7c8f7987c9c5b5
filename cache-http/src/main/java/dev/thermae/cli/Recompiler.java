package dev.thermae.cli;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.CodeKey;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.StoredSlot;
import dev.thermae.disk.StoredVariant;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles stored sources anew and compares bytes. Used by one thread. */
final class Recompiler {
  private final DiskStore store;
  private final DiskInspection disk;
  private final CurrentEngine current;
  private final Inquiry asked;
  private final long now;
  private long same;
  private long different;
  private long otherBuilds;
  private long uncompared;

  Recompiler(DiskStore store, CurrentEngine current, long now) {
    this.store = store;
    this.disk = DiskInspection.of(store);
    this.current = current;
    this.asked = Inquiry.of(ResourceLoader.builder(store));
    this.now = now;
  }

  /** Compares all code of the resource that the engine as it runs here would use. */
  List<VerifyReport.Finding> compare(String key) {
    List<VerifyReport.Finding> found = new ArrayList<>();
    for (StoredVariant variant : disk.variants(key)) {
      StoredEntry entry = variant.entry();
      Source source = entry == null ? null : source(key, variant, entry);
      for (StoredSlot slot : variant.slots()) {
        CodeClaim claim = slot.claim();
        if (claim == null || claim.rejection() != null || entry == null) {
          continue; // nothing there, or told of as damage
        }
        if (!claim.fingerprint().equals(current.fingerprint())) {
          otherBuilds++;
        } else {
          VerifyReport.Finding finding = compare(key, slot, entry, source);
          if (finding != null) {
            found.add(finding);
          }
        }
      }
    }
    return found;
  }

  private @Nullable Source source(String key, StoredVariant variant, StoredEntry entry) {
    EntryHead head = entry.head();
    if (variant.body() != StoredVariant.Body.VERIFIED || head.charset().isEmpty()) {
      return null;
    }
    StoredKey parts = StoredKey.of(key);
    try {
      if (!parts.url().isEmpty()) {
        return asked.view(parts.url(), entry, now).source();
      }
      byte[] body = entry.body();
      return body == null ? null : Source.of("source", body, Charset.forName(head.charset()));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private VerifyReport.@Nullable Finding compare(
      String key, StoredSlot slot, StoredEntry entry, @Nullable Source source) {
    String own = source == null ? null : current.slot(source);
    if (source == null || own == null || !slot.id().equals(DiskInspection.slotId(own))) {
      uncompared++;
      return null;
    }
    String detail = difference(own, entry, source, current.shape(source.name()));
    if (detail.isEmpty()) {
      same++;
      return null;
    }
    different++;
    String path = disk.place(key) + "." + entry.head().generation() + "." + slot.id() + ".c";
    return new VerifyReport.Finding(
        Path.of(path).toString(), "recompiled", null, detail, false, false, false);
  }

  /** Empty when the code is what the engine makes of the source. */
  private String difference(String slot, StoredEntry entry, Source source, Shape shape) {
    EntryHead head = entry.head();
    if (current.fingerprint() == null) {
      return "";
    }
    CodeKey key = new CodeKey("", source, shape, current.fingerprint());
    try {
      byte[] code = entry.code(slot);
      if (code == null) {
        return ""; // gone meanwhile
      }
      SealedFile file = key.open(code, store.seal(), head.keyHash(), head.generation());
      if (file.rejection() != null) {
        return file.rejection() + ": " + file.detail();
      }
      byte[] stored = file.section(CodeKey.PAYLOAD);
      byte[] fresh = compile(current.engine(), source, shape);
      int at = Arrays.mismatch(stored, fresh);
      return at < 0 ? "" : "differs from a fresh compile at byte " + at;
    } catch (CompileException e) {
      return "does not compile: " + e.getMessage();
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      return String.valueOf(e);
    }
  }

  private static <C> byte[] compile(Engine<C> engine, Source source, Shape shape)
      throws RestoreException {
    return engine.serialize(engine.compile(source, shape));
  }

  VerifyReport.Recompiled report(String engine) {
    return new VerifyReport.Recompiled(engine, same, different, otherBuilds, uncompared);
  }
}
