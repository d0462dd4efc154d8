/**
 * Emptying a host: its survey, its run in a process of its own, what of it is on disk. Where pods
 * go is decided in {@code plan}; each is moved by {@code engine}.
 */
@NullMarked
package io.podkit.migrate.evacuation;

import org.jspecify.annotations.NullMarked;
