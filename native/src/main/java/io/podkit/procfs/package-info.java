/**
 * What /proc says, parsed into records.
 *
 * <p>Every reader takes the proc directory as an argument, so that tests give a directory of their
 * own. Names and paths in these files come from whoever runs processes here: they are data, never
 * trusted.
 */
@NullMarked
package io.podkit.procfs;

import org.jspecify.annotations.NullMarked;
