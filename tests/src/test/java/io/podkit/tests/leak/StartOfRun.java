package io.podkit.tests.leak;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Looks around before the first test; found by the launcher through META-INF/services. */
public final class StartOfRun implements LauncherSessionListener {

  private static volatile Belongings before = Belongings.now();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    before = Belongings.now();
  }

  static Belongings belongings() {
    return before;
  }
}
