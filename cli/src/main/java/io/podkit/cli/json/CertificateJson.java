package io.podkit.cli.json;

import io.podkit.migrate.api.Issued;
import java.util.List;

/**
 * The result of {@code pod pki init}, {@code issue} and {@code install}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param name the host or authority it names
 * @param addresses further names and addresses by which the host may be called
 * @param notAfter when it expires
 * @param authority SHA-256 of the authority's certificate, in hexadecimal
 * @param directory where the files are
 */
public record CertificateJson(
    int schemaVersion,
    String name,
    List<String> addresses,
    String notAfter,
    String authority,
    String directory) {
  public static CertificateJson of(Issued issued) {
    return new CertificateJson(
        Shapes.SCHEMA_VERSION,
        issued.name(),
        issued.addresses(),
        issued.notAfter().toString(),
        issued.fingerprint(),
        issued.directory().toString());
  }
}
