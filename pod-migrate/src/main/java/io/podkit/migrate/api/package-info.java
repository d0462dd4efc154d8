/**
 * Moving a pod from one host to another: the request, the phases, the report.
 *
 * <p>Signatures use only JDK types, types of this package and of {@code io.podkit.core.api}.
 */
@NullMarked
package io.podkit.migrate.api;

import org.jspecify.annotations.NullMarked;
