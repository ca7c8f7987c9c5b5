package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Conditions are made and answered, whatever the validators. */
@Tag("once")
final class ValidationFuzz {

  @FuzzTest
  void validates(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    HeaderList request = input.fields();
    HeaderList stored = input.fields();
    HeaderList notModified = input.fields();
    HeaderList conditions = Validation.conditions(request, stored);
    assertThat(conditions.size()).isBetween(request.size(), request.size() + 2);
    assertThat(Validation.selects(HeaderList.EMPTY, stored)).isTrue();
    assertThat(Validation.selects(stored, stored)).isTrue();
    String tag = notModified.first("ETag");
    if (tag != null && Validation.selects(notModified, stored)) {
      assertThat(stored.first("ETag")).isNotNull();
    }
  }
}
