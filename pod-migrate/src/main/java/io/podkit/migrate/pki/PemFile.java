package io.podkit.migrate.pki;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** Reads and formats the PEM files of this package: one certificate, or one PKCS #8 EC key. */
final class PemFile {

  private static final int LINE = 64;
  private static final long MAX_BYTES = 64 << 10;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private PemFile() {}

  static byte[] format(X509Certificate certificate) throws GeneralSecurityException {
    return format("CERTIFICATE", certificate.getEncoded());
  }

  static byte[] format(PrivateKey key) {
    return format("PRIVATE KEY", key.getEncoded());
  }

  /**
   * Reads a certificate.
   *
   * @throws PodkitException NOT_FOUND if there is no such file, REFUSED if it is not a certificate
   */
  static X509Certificate certificate(Path file) throws PodkitException {
    byte[] der = body(file, "CERTIFICATE");
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw refused(file + " is not a certificate", e);
    }
  }

  /**
   * Reads a key that nobody else can read.
   *
   * @throws PodkitException NOT_FOUND if there is no such file, REFUSED if others may read or write
   *     it or it is not an EC key
   */
  static PrivateKey key(Path file) throws PodkitException {
    requirePrivate(file);
    byte[] der = body(file, "PRIVATE KEY");
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw refused(file + " is not an EC key", e);
    }
  }

  private static void requirePrivate(Path file) throws PodkitException {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw PodkitException.of(
            ErrorKind.REFUSED,
            "key " + file + " is not private: others may read or write it",
            PkiHints.closeKey(file));
      }
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot read key " + file, e);
    }
  }

  private static byte[] body(Path file, String label) throws PodkitException {
    String text = read(file);
    String begin = "-----BEGIN " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw refused(file + " has no PEM block '" + label + "'", null);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw refused(file + " is damaged", e);
    }
  }

  private static String read(Path file) throws PodkitException {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > MAX_BYTES) {
        throw refused(file + " is too large to be a PEM file", null);
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + file, e);
    }
  }

  private static PodkitException missing(Path file, IOException cause) {
    return new PodkitException(ErrorKind.NOT_FOUND, "there is no " + file, PkiHints.INSTALL, cause);
  }

  private static PodkitException refused(
      String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new PodkitException(ErrorKind.REFUSED, what, PkiHints.PEM, cause);
  }

  private static byte[] format(String label, byte[] der) {
    Base64.Encoder encoder = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
    return ("-----BEGIN "
            + label
            + "-----\n"
            + encoder.encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
