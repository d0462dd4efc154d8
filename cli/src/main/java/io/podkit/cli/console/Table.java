package io.podkit.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns under a line of headings. Not thread-safe. */
public final class Table {
  private static final int GAP = 2;

  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  public Table(String... headings) {
    widths = new int[headings.length];
    row(headings);
  }

  /** Adds a row; its cells may come from anywhere, control characters are replaced. */
  public void row(String... cells) {
    if (cells.length != widths.length) {
      throw new IllegalArgumentException(cells.length + " cells, not " + widths.length);
    }
    List<String> row = new ArrayList<>(cells.length);
    for (int column = 0; column < cells.length; column++) {
      String cell = Text.line(cells[column]);
      widths[column] = Math.max(widths[column], cell.length());
      row.add(cell);
    }
    rows.add(row);
  }

  public void print(PrintWriter out) {
    lines().forEach(out::println);
  }

  /** What {@link #print} prints. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(rows.size());
    StringBuilder line = new StringBuilder();
    for (List<String> row : rows) {
      line.setLength(0);
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length() + GAP));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
