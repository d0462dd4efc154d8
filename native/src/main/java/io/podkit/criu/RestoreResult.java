package io.podkit.criu;

import io.podkit.linux.Pid;
import io.podkit.linux.SpawnedChild;

/**
 * A restored tree.
 *
 * @param root its root task, in the host's pid namespace
 * @param worker the process that was started to restore: CRIU, which ends by itself, or a monitor
 *     that stays as the tree's parent. The caller owns it; closing it kills it, {@link
 *     SpawnedChild#detach()} lets it live
 */
public record RestoreResult(Pid root, SpawnedChild worker) {}
