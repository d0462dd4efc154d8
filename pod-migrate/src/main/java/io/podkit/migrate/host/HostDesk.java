package io.podkit.migrate.host;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostStatus;

/** What a host says of itself and lets be changed, by whoever may ask it. Thread-safe. */
public final class HostDesk {
  private final String name;
  private final HostSurvey survey;
  private final OwnMarks marks;

  /**
   * The desk of this host.
   *
   * @param name as in its certificate
   */
  public HostDesk(String name, HostSurvey survey, OwnMarks marks) {
    this.name = name;
    this.survey = survey;
    this.marks = marks;
  }

  public HostStatus status() throws PodkitException {
    return survey.look(name);
  }

  public HostStatus mark(HostMarks change) throws PodkitException {
    marks.change(change);
    return status();
  }
}
