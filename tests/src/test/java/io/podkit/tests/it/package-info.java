/** Pods on two hosts, moved for real. */
@NullMarked
package io.podkit.tests.it;

import org.jspecify.annotations.NullMarked;
