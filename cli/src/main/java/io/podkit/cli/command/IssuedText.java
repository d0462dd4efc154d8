package io.podkit.cli.command;

import io.podkit.cli.console.Json;
import io.podkit.cli.console.Text;
import io.podkit.cli.json.CertificateJson;
import io.podkit.migrate.api.Issued;
import java.io.PrintWriter;

/** A certificate as the commands of {@code pod pki} show it. */
final class IssuedText {
  private IssuedText() {}

  static void print(PrintWriter out, Issued issued, boolean json) {
    if (json) {
      Json.print(out, CertificateJson.of(issued));
      return;
    }
    out.println(Text.line("name         " + issued.name()));
    if (!issued.addresses().isEmpty()) {
      out.println(Text.line("addresses    " + String.join(", ", issued.addresses())));
    }
    out.println("valid until  " + issued.notAfter());
    out.println("authority    " + issued.fingerprint());
    out.println("directory    " + issued.directory());
  }
}
