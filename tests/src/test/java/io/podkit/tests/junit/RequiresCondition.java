package io.podkit.tests.junit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link Requires}. */
final class RequiresCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), Requires.class)
        .map(requires -> decide(Requirement.missing(requires.value()), strict()))
        .orElseGet(() -> ConditionEvaluationResult.enabled("asks for nothing"));
  }

  /**
   * @param missing what is not there, or null
   * @param strict whether that is a failure
   */
  static ConditionEvaluationResult decide(@Nullable String missing, boolean strict) {
    if (missing == null) {
      return ConditionEvaluationResult.enabled("all there");
    }
    if (strict) {
      throw new ExtensionConfigurationException(missing);
    }
    return ConditionEvaluationResult.disabled(missing);
  }

  private static boolean strict() {
    return Boolean.getBoolean("podkit.ci") || "true".equals(System.getenv("CI"));
  }
}
