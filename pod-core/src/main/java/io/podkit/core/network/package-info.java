/** The bridge of a host, the addresses and the virtual cable of each pod. */
@NullMarked
package io.podkit.core.network;

import org.jspecify.annotations.NullMarked;
