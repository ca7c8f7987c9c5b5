package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be looked into is not whole: {@code verify} and {@code stats} say so. */
class UnreadFolderTest extends CommandFixture {
  @BeforeEach
  void fill() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    assertThat(run("load", url("/a.js"), "--policy", "eager")).as(err()).isZero();
  }

  private Path fileInPlaceOf(String name) throws IOException {
    Path place = folder.resolve("v1").resolve(name);
    if (Files.exists(place)) {
      Files.move(place, folder.resolveSibling("kept"));
    }
    return Files.writeString(place, "a file");
  }

  @Test
  void verifyNamesWhatItCouldNotRead() throws IOException {
    Path place = fileInPlaceOf("entries");
    assertThat(run("verify")).as(out()).isEqualTo(1);
    assertThat(out()).contains(place + ": unreadable (it is not a folder)", "not checked: 1");
    assertThat(run("verify", "--json", "--delete")).isEqualTo(1);
    assertThat(json().get("unchecked").asInt()).isEqualTo(1);
    assertThat(json().get("damaged").asInt()).isZero();
    assertThat(place).as("what was not checked is not deleted").exists();
  }

  @Test
  void statsSaysWhatItCouldNotCount() throws IOException {
    Path place = fileInPlaceOf("entries");
    assertThat(run("stats")).as(err()).isZero();
    assertThat(out()).contains("not counted   " + place + ": it is not a folder");
    assertThat(run("stats", "--json")).isZero();
    assertThat(json().at("/uncounted/0/path").asString()).isEqualTo(place.toString());
  }
}
