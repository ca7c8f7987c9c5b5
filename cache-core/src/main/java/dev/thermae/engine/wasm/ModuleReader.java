package dev.thermae.engine.wasm;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.ParserListener;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.CodeSection;
import com.dylibso.chicory.wasm.types.CustomSection;
import com.dylibso.chicory.wasm.types.DataCountSection;
import com.dylibso.chicory.wasm.types.DataSection;
import com.dylibso.chicory.wasm.types.ElementSection;
import com.dylibso.chicory.wasm.types.ExportSection;
import com.dylibso.chicory.wasm.types.FunctionSection;
import com.dylibso.chicory.wasm.types.GlobalSection;
import com.dylibso.chicory.wasm.types.ImportSection;
import com.dylibso.chicory.wasm.types.MemorySection;
import com.dylibso.chicory.wasm.types.Section;
import com.dylibso.chicory.wasm.types.SectionId;
import com.dylibso.chicory.wasm.types.StartSection;
import com.dylibso.chicory.wasm.types.TableSection;
import com.dylibso.chicory.wasm.types.TagSection;
import com.dylibso.chicory.wasm.types.TypeSection;
import java.io.ByteArrayInputStream;

/**
 * Parses a module whose bytes were validated before they were sealed. Chicory's own way to do that
 * digests the bytes, which costs a fresh process some 40 ms, and validates them again. Used once.
 */
final class ModuleReader implements ParserListener {
  private final WasmModule.Builder module = WasmModule.builder().withValidation(false);

  private ModuleReader() {}

  static WasmModule read(byte[] bytes, int offset, int length) {
    ModuleReader reader = new ModuleReader();
    Parser.builder().build().parse(new ByteArrayInputStream(bytes, offset, length), reader);
    return reader.module.build();
  }

  @Override
  public void onSection(Section section) {
    switch (section.sectionId()) {
      case SectionId.CUSTOM:
        CustomSection custom = (CustomSection) section;
        module.addCustomSection(custom.name(), custom);
        break;
      case SectionId.TYPE:
        module.setTypeSection((TypeSection) section);
        break;
      case SectionId.IMPORT:
        module.setImportSection((ImportSection) section);
        break;
      case SectionId.FUNCTION:
        module.setFunctionSection((FunctionSection) section);
        break;
      case SectionId.TABLE:
        module.setTableSection((TableSection) section);
        break;
      case SectionId.MEMORY:
        module.setMemorySection((MemorySection) section);
        break;
      case SectionId.GLOBAL:
        module.setGlobalSection((GlobalSection) section);
        break;
      case SectionId.EXPORT:
        module.setExportSection((ExportSection) section);
        break;
      default:
        onLaterSection(section);
    }
  }

  private void onLaterSection(Section section) {
    switch (section.sectionId()) {
      case SectionId.START:
        module.setStartSection((StartSection) section);
        break;
      case SectionId.ELEMENT:
        module.setElementSection((ElementSection) section);
        break;
      case SectionId.CODE:
        module.setCodeSection((CodeSection) section);
        break;
      case SectionId.DATA:
        module.setDataSection((DataSection) section);
        break;
      case SectionId.DATA_COUNT:
        module.setDataCountSection((DataCountSection) section);
        break;
      case SectionId.TAG:
        module.setTagSection((TagSection) section);
        break;
      default:
        module.addIgnoredSection(section.sectionId());
    }
  }
}
