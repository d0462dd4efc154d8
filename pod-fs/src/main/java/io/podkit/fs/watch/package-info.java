/**
 * Being told what changes in a directory tree, so that it need not be searched for. Where the
 * kernel cannot tell, nobody pretends that it did.
 */
@NullMarked
package io.podkit.fs.watch;

import org.jspecify.annotations.NullMarked;
