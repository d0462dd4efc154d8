package io.podkit.tests.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a test needs of this machine. Where it is missing the test is skipped and says so; in
 * continuous integration (environment {@code CI=true} or {@code -Dpodkit.ci=true}) it fails
 * instead, because there a skipped test would prove nothing unnoticed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresCondition.class)
public @interface Requires {
  Requirement[] value();
}
