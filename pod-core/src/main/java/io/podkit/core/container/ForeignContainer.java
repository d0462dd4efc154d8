package io.podkit.core.container;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;

/** What Podkit leaves to the engine that owns a container. */
public final class ForeignContainer {
  private ForeignContainer() {}

  /**
   * Says that it is not ours to do.
   *
   * @param verb what was asked for: "cannot VERB NAME"
   */
  public static PodkitException refusal(PodName name, ContainerRef container, String verb) {
    String engine = container.engine().equals("oci") ? "its engine" : container.engine();
    return PodkitException.of(
        ErrorKind.REFUSED,
        "cannot " + verb + " " + name + ": it is a container, which " + engine + " owns",
        new Hint("use " + engine + " for that; its id is " + container.id()));
  }
}
