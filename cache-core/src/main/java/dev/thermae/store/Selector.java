package dev.thermae.store;

/** A request, as far as it selects among the variants of one resource. */
public interface Selector {
  /**
   * This request's own values for the fields that {@code stored} names, in the same form. The
   * stored variant is selected when both texts are equal.
   */
  String selecting(String stored);
}
