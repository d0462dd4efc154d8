/** Looking at mount points and clearing them, for layers and staging filesystems alike. */
@NullMarked
package io.podkit.fs.mount;

import org.jspecify.annotations.NullMarked;
