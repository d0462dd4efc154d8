package io.podkit.migrate.pki;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Issued;
import io.podkit.migrate.api.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.util.IPAddress;

/** The keys in one directory. */
public final class HostPki implements Pki {

  private final PkiDirectory files;
  private final Clock clock;

  /** The keys in {@code directory}; touches nothing yet. */
  public HostPki(Path directory, Clock clock) {
    this.files = new PkiDirectory(directory);
    this.clock = clock;
  }

  @Override
  public Path directory() {
    return files.path();
  }

  @Override
  public Issued init(boolean force) throws PodkitException {
    if (!force && (Files.exists(files.caKey()) || Files.exists(files.caCertificate()))) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "there is a certificate authority in " + files.path() + " already",
          PkiHints.FORCE_AUTHORITY);
    }
    try {
      KeyAndCertificate authority = CertificateIssuer.authority(clock.instant());
      files.create();
      files.writeKey(files.caKey(), PemFile.format(authority.key()));
      files.writeCertificate(files.caCertificate(), PemFile.format(authority.certificate()));
      return describe("certificate authority", List.of(), authority.certificate(), authority);
    } catch (GeneralSecurityException e) {
      throw PodkitException.internal("cannot make a certificate authority", e);
    }
  }

  @Override
  public Issued issue(String host, List<String> addresses, Path directory, boolean force)
      throws PodkitException {
    HostName name = HostName.parse(host);
    List<String> checked = new ArrayList<>();
    for (String address : addresses) {
      checked.add(
          PeerName.isIpLiteral(address) ? literal(address) : HostName.parse(address).value());
    }
    KeyAndCertificate authority = authority();
    PkiDirectory bundle = new PkiDirectory(directory);
    if (!force && Files.exists(bundle.hostKey())) {
      throw PodkitException.of(
          ErrorKind.CONFLICT, "there is a key in " + directory + " already", PkiHints.FORCE_BUNDLE);
    }
    try {
      KeyAndCertificate issued = CertificateIssuer.host(authority, name, checked, clock.instant());
      bundle.create();
      bundle.writeKey(bundle.hostKey(), PemFile.format(issued.key()));
      bundle.writeCertificate(bundle.hostCertificate(), PemFile.format(issued.certificate()));
      bundle.writeCertificate(bundle.caCertificate(), PemFile.format(authority.certificate()));
      return own(bundle);
    } catch (GeneralSecurityException e) {
      throw PodkitException.internal("cannot make a certificate for " + name, e);
    }
  }

  @Override
  public Issued install(Path bundle, boolean force) throws PodkitException {
    PkiDirectory from = new PkiDirectory(bundle);
    HostIdentity.load(bundle, clock.instant());
    try {
      byte[] key = Files.readAllBytes(from.hostKey());
      byte[] certificate = Files.readAllBytes(from.hostCertificate());
      byte[] authority = Files.readAllBytes(from.caCertificate());
      requireSameAuthority(authority);
      if (!force && differs(files.hostCertificate(), certificate)) {
        throw PodkitException.of(
            ErrorKind.CONFLICT,
            "this host has another certificate in " + files.path(),
            PkiHints.FORCE_INSTALL);
      }
      files.create();
      files.writeKey(files.hostKey(), key);
      files.writeCertificate(files.hostCertificate(), certificate);
      files.writeCertificate(files.caCertificate(), authority);
    } catch (IOException e) {
      throw PodkitException.io("cannot install " + bundle, e);
    }
    return own(files);
  }

  @Override
  public Issued own() throws PodkitException {
    return own(files);
  }

  private Issued own(PkiDirectory where) throws PodkitException {
    HostIdentity identity = HostIdentity.load(where.path(), clock.instant());
    PeerName name = identity.name();
    return new Issued(
        name.host().value(),
        name.addresses(),
        identity.notAfter(),
        identity.fingerprint(),
        where.path());
  }

  /**
   * A host that holds an authority's key must not start to trust another one: it could not issue.
   */
  private void requireSameAuthority(byte[] authority) throws PodkitException, IOException {
    if (Files.exists(files.caKey()) && differs(files.caCertificate(), authority)) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "this host is itself the certificate authority, and not the one that issued the bundle",
          PkiHints.FORCE_AUTHORITY);
    }
  }

  private static boolean differs(Path file, byte[] content) throws IOException {
    return Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), content);
  }

  private KeyAndCertificate authority() throws PodkitException {
    if (!Files.exists(files.caKey())) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "there is no certificate authority in " + files.path(),
          PkiHints.MAKE_AUTHORITY);
    }
    X509Certificate certificate = PemFile.certificate(files.caCertificate());
    if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
      throw PodkitException.of(
          ErrorKind.REFUSED,
          "the certificate authority in " + files.path() + " has expired",
          PkiHints.NEW_AUTHORITY);
    }
    return new KeyAndCertificate(PemFile.key(files.caKey()), certificate);
  }

  private static String literal(String address) throws PodkitException {
    if (!IPAddress.isValid(address)) {
      throw PodkitException.usage("'" + address + "' is not an IP address");
    }
    return address;
  }

  private Issued describe(
      String name, List<String> addresses, X509Certificate certificate, KeyAndCertificate authority)
      throws GeneralSecurityException {
    return new Issued(
        name,
        addresses,
        certificate.getNotAfter().toInstant(),
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(authority.certificate().getEncoded())),
        files.path());
  }
}
