package io.podkit.migrate.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Issued;
import io.podkit.migrate.api.Pki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPkiTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void init_closesKeyAndDirectoryToOthers() throws Exception {
    Issued authority = pki("root", NOW).init(false);

    Path pki = directory.resolve("root/pki");
    assertMode(pki, "rwx------");
    assertMode(pki.resolve("ca.key"), "rw-------");
    assertMode(pki.resolve("ca.crt"), "rw-r--r--");
    assertThat(authority.notAfter()).isEqualTo("2036-03-01T12:00:00Z");
    assertThat(authority.fingerprint()).matches("[0-9a-f]{64}");
    try (var files = Files.list(pki)) {
      assertThat(files).hasSize(2); // no draft is left
    }
  }

  @Test
  void init_keepsAnAuthorityUnlessForced() throws Exception {
    Pki pki = pki("root", NOW);
    pki.init(false);
    byte[] key = Files.readAllBytes(directory.resolve("root/pki/ca.key"));

    assertFails(ErrorKind.CONFLICT, "--force", () -> pki.init(false));
    assertThat(Files.readAllBytes(directory.resolve("root/pki/ca.key"))).isEqualTo(key);

    pki.init(true);
    assertThat(Files.readAllBytes(directory.resolve("root/pki/ca.key"))).isNotEqualTo(key);
  }

  @Test
  void init_closesADirectoryThatWasOpen() throws Exception {
    Path pki = Files.createDirectories(directory.resolve("root/pki"));
    Files.setPosixFilePermissions(pki, PosixFilePermissions.fromString("rwxrwxrwx"));

    pki("root", NOW).init(false);

    assertMode(pki, "rwx------");
  }

  @Test
  void issue_writesABundleForBothEndsOfAConnection() throws Exception {
    Pki pki = pki("root", NOW);
    pki.init(false);
    Path bundle = directory.resolve("bundle");

    Issued issued =
        pki.issue("HostB", List.of("192.0.2.2", "2001:db8::2", "b.example"), bundle, false);

    assertThat(issued.name()).isEqualTo("hostb");
    assertThat(issued.notAfter()).isEqualTo("2028-03-01T12:00:00Z");
    assertMode(bundle, "rwx------");
    assertMode(bundle.resolve("host.key"), "rw-------");
    X509Certificate certificate = PemFile.certificate(bundle.resolve("host.crt"));
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
    PeerName name = PeerName.of(certificate);
    assertThat(name.host()).isEqualTo(new HostName("hostb"));
    for (String called : List.of("hostb", "HOSTB", "192.0.2.2", "2001:DB8:0:0::2", "b.example")) {
      assertThat(name.answersTo(called)).as(called).isTrue();
    }
    for (String called : List.of("hosta", "192.0.2.3", "2001:db8::3", "example", "*.example", "")) {
      assertThat(name.answersTo(called)).as(called).isFalse();
    }
  }

  @Test
  void issue_keepsABundleUnlessForced() throws Exception {
    Pki pki = pki("root", NOW);
    pki.init(false);
    Path bundle = directory.resolve("bundle");
    pki.issue("hostb", List.of(), bundle, false);

    assertFails(ErrorKind.CONFLICT, "--force", () -> pki.issue("hostb", List.of(), bundle, false));
    pki.issue("hostb", List.of(), bundle, true);
  }

  @Test
  void issue_withoutAnAuthority() {
    assertFails(
        ErrorKind.NOT_FOUND,
        "pod pki init",
        () -> pki("root", NOW).issue("hostb", List.of(), directory.resolve("bundle"), false));
    assertThat(directory.resolve("bundle")).doesNotExist();
  }

  @Test
  void issue_neverOutlivesTheAuthority() throws Exception {
    pki("root", NOW).init(false);

    Issued late =
        pki("root", NOW.plus(Duration.ofDays(9 * 365)))
            .issue("hostb", List.of(), directory.resolve("bundle"), false);
    assertThat(late.notAfter()).isEqualTo("2036-03-01T12:00:00Z");
    assertFails(
        ErrorKind.REFUSED,
        "pod pki init --force",
        () ->
            pki("root", NOW.plus(Duration.ofDays(11 * 365)))
                .issue("hostc", List.of(), directory.resolve("bundle2"), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-x", "1.2.3", "a b", "a/b", "a,CN=evil", "a\nb", "*", "x.", "\u00e9"})
  void issue_refusesWhatIsNoHostName(String host) throws Exception {
    Pki pki = pki("root", NOW);
    pki.init(false);

    assertFails(
        ErrorKind.USAGE,
        "letters",
        () -> pki.issue(host, List.of(), directory.resolve("bundle"), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3", "1.2.3.256", ":::", "12345::1"})
  void issue_refusesWhatIsNoAddress(String address) throws Exception {
    Pki pki = pki("root", NOW);
    pki.init(false);

    assertThatThrownBy(
            () -> pki.issue("hostb", List.of(address), directory.resolve("bundle"), false))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.USAGE));
  }

  @Test
  void install_makesTheBundleTheHostsOwn() throws Exception {
    Issued issued = issued("hostb");

    Issued own = pki("rootB", NOW).install(issued.directory(), false);

    assertThat(own.name()).isEqualTo("hostb");
    assertThat(own.fingerprint()).isEqualTo(issued.fingerprint());
    assertThat(own.directory()).isEqualTo(directory.resolve("rootB/pki"));
    assertMode(directory.resolve("rootB/pki/host.key"), "rw-------");
    assertThat(directory.resolve("rootB/pki/ca.key")).doesNotExist();
    pki("rootB", NOW).install(issued.directory(), false); // again is no conflict
  }

  @Test
  void install_keepsAnotherCertificateUnlessForced() throws Exception {
    Issued first = issued("hostb");
    Issued second = issued("hostc");
    Pki here = pki("rootB", NOW);
    here.install(first.directory(), false);

    assertFails(ErrorKind.CONFLICT, "--force", () -> here.install(second.directory(), false));
    assertThat(here.own().name()).isEqualTo("hostb");
    assertThat(here.install(second.directory(), true).name()).isEqualTo("hostc");
  }

  @Test
  void install_refusesAKeyOfAnotherCertificate() throws Exception {
    Path first = issued("hostb").directory();
    Path second = issued("hostc").directory();
    Files.delete(first.resolve("host.key"));
    Files.copy(
        second.resolve("host.key"),
        first.resolve("host.key"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

    assertFails(ErrorKind.REFUSED, "pod pki issue", () -> pki("rootB", NOW).install(first, false));
    assertThat(directory.resolve("rootB")).doesNotExist();
  }

  @Test
  void install_refusesACertificateOfAnotherAuthority() throws Exception {
    Path bundle = issued("hostb").directory();
    pki("other", NOW).init(false);
    Files.write(
        bundle.resolve("ca.crt"), Files.readAllBytes(directory.resolve("other/pki/ca.crt")));

    assertFails(ErrorKind.REFUSED, "pod pki issue", () -> pki("rootB", NOW).install(bundle, false));
  }

  @Test
  void install_refusesAForeignBundleOnAnAuthoritysHostEvenIfForced() throws Exception {
    Path bundle = issued("hostb").directory();
    Pki other = pki("other", NOW);
    other.init(false);

    assertFails(ErrorKind.CONFLICT, "pod pki issue", () -> other.install(bundle, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void own_refusesAKeyThatIsNotPrivate(String mode) throws Exception {
    Pki here = pki("rootB", NOW);
    here.install(issued("hostb").directory(), false);
    Path key = directory.resolve("rootB/pki/host.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));

    assertFails(ErrorKind.REFUSED, "chmod 600 " + key, here::own);
  }

  @Test
  void own_refusesAnExpiredCertificateAndSaysHowToRenew() throws Exception {
    Issued issued = issued("hostb");
    pki("rootB", NOW).install(issued.directory(), false);

    assertFails(
        ErrorKind.REFUSED,
        "pod pki issue hostb",
        () -> pki("rootB", NOW.plus(Duration.ofDays(732))).own());
    assertFails(
        ErrorKind.REFUSED,
        "set the clock right",
        () -> pki("rootB", NOW.minus(Duration.ofDays(1))).own());
  }

  @Test
  void own_withoutACertificate() {
    assertFails(ErrorKind.NOT_FOUND, "pod pki install", () -> pki("rootB", NOW).own());
  }

  @ParameterizedTest
  @ValueSource(strings = {"host.key", "host.crt", "ca.crt"})
  void own_refusesADamagedFile(String file) throws Exception {
    Pki here = pki("rootB", NOW);
    here.install(issued("hostb").directory(), false);
    Path damaged = directory.resolve("rootB/pki").resolve(file);
    String text = Files.readString(damaged);
    Files.writeString(damaged, text.substring(0, text.length() / 2));
    assertFails(ErrorKind.REFUSED, "pod pki issue", here::own);

    Files.writeString(damaged, text.replace('M', '*'));
    assertFails(ErrorKind.REFUSED, "pod pki issue", here::own);
  }

  private Issued issued(String host) throws PodkitException {
    Pki authority = pki("authority", NOW);
    if (!Files.exists(authority.directory())) {
      authority.init(false);
    }
    return authority.issue(host, List.of(), directory.resolve("bundle-" + host), false);
  }

  private Pki pki(String root, Instant now) {
    return new HostPki(directory.resolve(root).resolve("pki"), Clock.fixed(now, ZoneOffset.UTC));
  }

  private static void assertMode(Path file, String mode) throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo(mode);
  }

  private static void assertFails(ErrorKind kind, String hint, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PodkitException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(String.valueOf(e.hint())).contains(hint);
            });
  }
}
