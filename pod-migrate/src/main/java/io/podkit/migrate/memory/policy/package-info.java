/**
 * What decides about a moving pod's memory: another round, slow the pod down, freeze it, let it go.
 * Pure: no clock, no input or output, nothing of the engine; every answer follows from measured
 * numbers and says so.
 */
@NullMarked
package io.podkit.migrate.memory.policy;

import org.jspecify.annotations.NullMarked;
