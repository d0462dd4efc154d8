package io.podkit.core.api;

/**
 * The addresses that belong to a pod and travel with it.
 *
 * @param ipv4 dotted address, without prefix length
 * @param ipv4Prefix prefix length of the segment, in bits
 * @param ipv6 address, without prefix length; empty for what was a container without one
 * @param ipv6Prefix prefix length of the segment, in bits
 * @param mac locally administered MAC, lower-case hex with colons
 */
public record NetworkAddress(
    String ipv4, int ipv4Prefix, String ipv6, int ipv6Prefix, String mac) {}
