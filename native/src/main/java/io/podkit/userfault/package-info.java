/**
 * Userfaultfds of other processes' address spaces, which only those processes themselves can make.
 */
@NullMarked
package io.podkit.userfault;

import org.jspecify.annotations.NullMarked;
