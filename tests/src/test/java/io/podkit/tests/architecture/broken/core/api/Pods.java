package io.podkit.tests.architecture.broken.core.api;

/** What core shows. */
public interface Pods {
  int count();
}
