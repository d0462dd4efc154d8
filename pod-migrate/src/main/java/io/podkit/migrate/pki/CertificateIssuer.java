package io.podkit.migrate.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates: the only user of Bouncy Castle. Stateless. */
final class CertificateIssuer {

  private static final Period AUTHORITY_LIFE = Period.ofYears(10);
  private static final Period HOST_LIFE = Period.ofYears(2);

  /** Hosts' clocks differ; a new certificate must not be refused by one that is behind. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;

  private CertificateIssuer() {}

  /** A new authority that may sign hosts' certificates and nothing else. */
  static KeyAndCertificate authority(Instant now) throws GeneralSecurityException {
    KeyPair pair = newKey();
    // The serial number makes two authorities distinguishable by name, in messages too.
    BigInteger serial = newSerial();
    X500Name name = name("Podkit CA " + serial.toString(16).substring(0, 8));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial, start(now), Date.from(end(now, AUTHORITY_LIFE)), name, pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (CertIOException e) {
      throw new GeneralSecurityException("cannot build the authority's certificate", e);
    }
    return new KeyAndCertificate(pair.getPrivate(), sign(builder, pair.getPrivate()));
  }

  /**
   * A key and certificate for one host, for both ends of a connection.
   *
   * @param addresses DNS names and IP addresses beside the host's own name
   */
  static KeyAndCertificate host(
      KeyAndCertificate authority, HostName host, List<String> addresses, Instant now)
      throws GeneralSecurityException {
    KeyPair pair = newKey();
    X500Name issuer =
        X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            newSerial(),
            start(now),
            Date.from(earlier(end(now, HOST_LIFE), end(authority.certificate()))),
            name(host.value()),
            pair.getPublic());
    JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName, false, alternativeNames(host, addresses));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          utils.createAuthorityKeyIdentifier(authority.certificate()));
    } catch (CertIOException e) {
      throw new GeneralSecurityException("cannot build the certificate of " + host, e);
    }
    return new KeyAndCertificate(pair.getPrivate(), sign(builder, authority.key()));
  }

  private static GeneralNames alternativeNames(HostName host, List<String> addresses) {
    return new GeneralNames(
        Stream.concat(Stream.of(host.value()), addresses.stream())
            .distinct()
            .map(
                name ->
                    new GeneralName(
                        PeerName.isIpLiteral(name) ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
            .toArray(GeneralName[]::new));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign with this key", e);
    }
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE));
    return generator.generateKeyPair();
  }

  private static BigInteger newSerial() {
    return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
  }

  private static Date start(Instant now) {
    return Date.from(now.minus(CLOCK_SKEW));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant end(Instant now, Period life) {
    return now.atOffset(ZoneOffset.UTC).plus(life).toInstant();
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
