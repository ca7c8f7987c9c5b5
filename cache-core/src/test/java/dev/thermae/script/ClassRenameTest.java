package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.groovy.GroovyEngine;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassRenameTest {
  private static final String TEXT =
      "def f = { 4L + 2.5d }; trait T { def x() { 3 } }; class C implements T {}; [f(), new C().x()]";

  private static byte[] main() {
    ClassBundle bundle =
        GroovyEngine.create()
            .compileClasses(
                Source.of("x", TEXT),
                GroovyScripts.WORD + ".groovy",
                ClassRenameTest.class.getClassLoader());
    int[] place = bundle.place(bundle.main());
    return Arrays.copyOfRange(bundle.array(), place[0], place[0] + place[1]);
  }

  /** A class is what a compiler would have made of it under the other name. */
  @Test
  void givesTheClassOfTheOtherName() {
    byte[] bytes = main();
    byte[] renamed = ClassRename.replace(bytes, 0, bytes.length, GroovyScripts.WORD, "Other");
    byte[] back = ClassRename.replace(renamed, 0, renamed.length, "Other", GroovyScripts.WORD);

    assertThat(new String(renamed, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("Other")
        .doesNotContain(GroovyScripts.WORD);
    assertThat(back).isEqualTo(bytes);
  }

  @Test
  void leavesWhatItDoesNotFind() {
    byte[] bytes = main();

    assertThat(ClassRename.replace(bytes, 0, bytes.length, "Nowhere", "x")).isEqualTo(bytes);
  }

  @Test
  void readsPartsOfLargerArrays() {
    byte[] bytes = main();
    byte[] padded = new byte[bytes.length + 9];
    System.arraycopy(bytes, 0, padded, 4, bytes.length);

    assertThat(ClassRename.replace(padded, 4, bytes.length, "Nowhere", "x")).isEqualTo(bytes);
  }

  @Test
  void refusesWhatIsCutShort() {
    byte[] bytes = main();

    for (int length : new int[] {0, 3, 9, 11, 12, 13, 60, 200}) {
      assertThatIllegalArgumentException()
          .as("%d bytes", length)
          .isThrownBy(() -> ClassRename.replace(bytes, 0, length, GroovyScripts.WORD, "x"));
    }
  }

  @Test
  void refusesNamesThatGetTooLong() {
    byte[] bytes = main();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ClassRename.replace(
                    bytes, 0, bytes.length, GroovyScripts.WORD, "x".repeat(0xffff)));
  }
}
