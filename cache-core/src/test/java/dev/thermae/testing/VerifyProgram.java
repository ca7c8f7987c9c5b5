package dev.thermae.testing;

import dev.thermae.code.Seal;
import dev.thermae.disk.Damage;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.DiskVerification;
import dev.thermae.disk.StoredResource;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Verifies a folder and says what is wrong with it. */
public final class VerifyProgram {
  private VerifyProgram() {}

  public static void main(String[] args) throws IOException {
    Counters counters = new Counters(null);
    TimeSource time = TimeSource.SYSTEM;
    try (DiskStore store = DiskStore.open(Path.of(args[0]), Seal.checksum(), counters, time)) {
      DiskSurvey survey = DiskSurvey.of(store);
      DiskVerification verification = DiskVerification.of(store, time.millis());
      List<Damage> found = new ArrayList<>(verification.checkOthers(survey.others()));
      List<StoredResource> resources = new ArrayList<>();
      for (String part : survey.parts()) {
        survey.resources(part, resources::add);
      }
      for (StoredResource resource : resources) {
        found.addAll(verification.check(resource));
      }
      found.addAll(survey.unread());
      for (Damage damage : found) {
        String name = String.valueOf(damage.path().getFileName());
        ChildJvm.say(damage.flaw() + " " + name.replaceFirst("^[0-9a-f]{32}", ""));
      }
    }
  }
}
