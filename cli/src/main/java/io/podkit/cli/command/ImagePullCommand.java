package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.console.Json;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.ImageChanges;
import io.podkit.cli.convert.ImageLimitChoices;
import io.podkit.cli.convert.RegistryAccess;
import io.podkit.cli.convert.Typed;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.option.ImageLimitOptions;
import io.podkit.cli.option.OutputOption;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.PullRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod image pull}. */
@Command(
    name = "pull",
    description = {
      "Fetch an image from a registry; layers that are here already are not fetched.",
      "What had come when it failed is kept: the next try fetches the rest."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.REFUSED,
      ExitText.PEER
    },
    footer = {
      "  pod image pull docker.io/library/redis:7",
      "  pod image pull --name web --tls-verify=false localhost:5000/web:v1",
      "  pod image pull --creds jo:secret registry.example.com/app@sha256:0123..."
    })
public final class ImagePullCommand implements Callable<Integer> {
  private final Context context;

  @Mixin OutputOption output = new OutputOption();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name to give it (default: the reference without a digest).")
  @Nullable String name;

  @Option(
      names = "--tls-verify",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether the registry has to prove who it is (default true); if not, also plain HTTP is"
              + " spoken, and a password is seen by whoever listens.")
  boolean tlsVerify = true;

  @Option(names = "--insecure", description = "The same as --tls-verify=false.")
  boolean insecure;

  @Option(
      names = "--creds",
      paramLabel = "USER[:PASSWORD]",
      description = "Who we are there; others on this host can see it while the command runs.")
  @Nullable String credentials;

  @Option(
      names = "--authfile",
      paramLabel = "FILE",
      description =
          "Where podman login keeps who we are (default: $REGISTRY_AUTH_FILE, podman's own file,"
              + " ~/.docker/config.json).")
  @Nullable String authFile;

  @Option(
      names = {"-c", "--change"},
      paramLabel = "INSTRUCTION",
      description =
          "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, as in a"
              + " Containerfile.")
  List<String> changes = new ArrayList<>();

  @Mixin ImageLimitOptions limits = new ImageLimitOptions();

  @Parameters(
      paramLabel = "REFERENCE",
      description =
          "[REGISTRY[:PORT]/]REPOSITORY[:TAG|@DIGEST]; docker.io if no registry is named.")
  String reference = "";

  public ImagePullCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    String called = name == null ? reference.replaceFirst("@.*", "") : name;
    PullRequest request =
        new PullRequest(
            Typed.value(name == null ? "image" : "--name", called, ImageName::new),
            reference,
            insecure || !tlsVerify,
            RegistryAccess.of(credentials, authFile, context.environment()),
            ImageChanges.apply(changes),
            ImageLimitChoices.of(limits, context.environment()));
    Image image;
    try (Activity pulling = context.activity("pulling " + reference)) {
      image = context.runtime().fileSystem().images().pull(request, pulling::progress);
    }
    if (output.json()) {
      Json.print(context.out(), ImageJson.ListOf.of(List.of(image)));
    } else {
      context.out().println(image.name());
    }
    return 0;
  }
}
