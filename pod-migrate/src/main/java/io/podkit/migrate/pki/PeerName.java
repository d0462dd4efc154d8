package io.podkit.migrate.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who a certificate says its owner is.
 *
 * @param host the host's name: the common name of the subject
 * @param addresses further names and IP addresses by which the host may be called
 */
public record PeerName(HostName host, List<String> addresses) {

  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  /** Strict, so that Java reads what matches without asking a name server. */
  private static final Pattern IP_LITERAL =
      Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Copies the list. */
  public PeerName {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads the names in a certificate, whose signature the caller has checked.
   *
   * @throws CertificateParsingException if it is not one that {@code pod pki issue} would make
   */
  public static PeerName of(X509Certificate certificate) throws CertificateParsingException {
    List<String> addresses = new ArrayList<>();
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        int type = (Integer) name.get(0);
        if (type == SAN_DNS || type == SAN_IP) {
          addresses.add(canonical((String) name.get(1)));
        }
      }
    }
    return new PeerName(commonName(certificate), addresses);
  }

  /** Whether the host may be called so: by its name, or by one of its further names. */
  public boolean answersTo(String nameOrAddress) {
    String wanted = canonical(nameOrAddress);
    return host.value().equals(wanted) || addresses.contains(wanted);
  }

  @Override
  public String toString() {
    return addresses.isEmpty() ? host.value() : host + " (" + String.join(", ", addresses) + ")";
  }

  /** Whether it is written like an IP address, so that reading it asks no name server. */
  static boolean isIpLiteral(String text) {
    return IP_LITERAL.matcher(text).matches();
  }

  /** Lower case; for an address the one way Java writes it. */
  private static String canonical(String nameOrAddress) {
    if (isIpLiteral(nameOrAddress)) {
      try {
        return InetAddress.getByName(nameOrAddress).getHostAddress();
      } catch (UnknownHostException e) {
        return nameOrAddress; // it only looked like one and so equals no address
      }
    }
    return nameOrAddress.toLowerCase(Locale.ROOT);
  }

  private static HostName commonName(X509Certificate certificate)
      throws CertificateParsingException {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
          return new HostName(name);
        }
      }
    } catch (InvalidNameException | IllegalArgumentException e) {
      throw new CertificateParsingException("its subject is not a host name", e);
    }
    throw new CertificateParsingException("it names no host");
  }
}
