package io.podkit.migrate.engine;

import io.podkit.core.api.HostFacts;
import io.podkit.migrate.protocol.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether processes that began on one host can go on on another. Pure. */
public final class HostCompatibility {
  /** Flags that describe the machine or the kernel's workarounds and that no program depends on. */
  private static final Set<String> IRRELEVANT =
      Set.of(
          "hypervisor",
          "cpuid",
          "constant_tsc",
          "nonstop_tsc",
          "tsc_known_freq",
          "rep_good",
          "nopl",
          "arch_perfmon",
          "bts",
          "pebs",
          "xtopology",
          "tsc_reliable",
          "arat",
          "ida",
          "pln",
          "pts",
          "epb",
          "pti",
          "ssbd",
          "ibrs",
          "ibpb",
          "stibp",
          "ibrs_enhanced",
          "md_clear",
          "flush_l1d",
          "arch_capabilities",
          "vmmcall",
          "overflow_recov",
          "succor",
          "est",
          "tm2",
          "dtes64",
          "monitor",
          "ds_cpl",
          "vmx",
          "svm",
          "smx",
          "acpi",
          "aperfmperf");

  private HostCompatibility() {}

  /** What stands in the way; empty if nothing does. */
  public static List<Problem> problems(HostFacts source, HostFacts target) {
    List<Problem> problems = new ArrayList<>();
    if (!source.architecture().equals(target.architecture())) {
      problems.add(
          new Problem(
              "architecture",
              target.hostname(),
              "is " + target.architecture() + ", the pod's processes are " + source.architecture(),
              "choose a target of the same architecture"));
    }
    Set<String> missing = new TreeSet<>(source.cpuFeatures());
    missing.removeAll(target.cpuFeatures());
    missing.removeAll(IRRELEVANT);
    if (!missing.isEmpty()) {
      problems.add(
          new Problem(
              "cpu-features",
              target.hostname(),
              "its processors lack "
                  + String.join(" ", missing)
                  + ", which programs here may have found and use",
              "choose a target whose processors have them"));
    }
    if (majorOf(target.criuVersion()) < majorOf(source.criuVersion())) {
      problems.add(
          new Problem(
              "criu-version",
              target.hostname(),
              "has CRIU " + target.criuVersion() + ", older than " + source.criuVersion() + " here",
              "run ./dev setup there, or install CRIU " + source.criuVersion()));
    }
    return problems;
  }

  /**
   * Images are read by the same or a newer version; 4.1 cannot read what 4.2 writes, 4.2.0 can read
   * 4.2.1.
   */
  private static int majorOf(String version) {
    String[] parts = version.split("\\.", -1);
    return number(parts, 0) * 1000 + number(parts, 1);
  }

  private static int number(String[] parts, int index) {
    return index < parts.length && parts[index].matches("[0-9]{1,4}")
        ? Integer.parseInt(parts[index])
        : 0;
  }
}
