package io.podkit.cli.console;

import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command's help without the options of {@code pod} itself, which would drown its own. */
public final class CommandHelp extends Help {
  private final CommandSpec spec;

  public CommandHelp(CommandSpec spec, ColorScheme colors) {
    super(spec, colors);
    this.spec = spec;
  }

  @Override
  public String optionListHeading(Object... parameters) {
    boolean any = spec.options().stream().anyMatch(option -> !option.inherited());
    return any ? super.optionListHeading(parameters) : "";
  }

  @Override
  public String optionListExcludingGroups(
      List<OptionSpec> options,
      Layout layout,
      Comparator<OptionSpec> order,
      IParamLabelRenderer labels) {
    List<OptionSpec> own = options.stream().filter(option -> !option.inherited()).toList();
    String list = super.optionListExcludingGroups(own, layout, order, labels);
    return own.size() == options.size()
        ? list
        : list + String.format("%nOptions of every command: see pod --help%n");
  }
}
