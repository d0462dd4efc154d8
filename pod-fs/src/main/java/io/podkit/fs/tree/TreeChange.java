package io.podkit.fs.tree;

/** One step that makes the other side's tree like this one's. */
sealed interface TreeChange {

  /** What kind of step it is. */
  enum Kind {
    /** Remove the path with all it holds. */
    DELETE,
    /** Make the path anew with its content, replacing what is there. */
    CREATE,
    /** Change the blocks of a file that are others than those sent before, and its attributes. */
    PATCH,
    /** Only set attributes. */
    ATTRIBUTES,
    /** Make the path another name of an inode that the other side has. */
    LINK
  }

  /** What kind of step it is. */
  Kind kind();

  /** The entry it is about, raw. */
  String path();

  /** Removes a path. */
  record Delete(String path) implements TreeChange {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /**
   * Writes an entry.
   *
   * @param kind CREATE or ATTRIBUTES
   */
  record Write(Kind kind, TreeEntry entry) implements TreeChange {
    @Override
    public String path() {
      return entry.path();
    }
  }

  /** Writes the blocks of a regular file that are not what was sent before. */
  record Patch(TreeEntry entry, Blocks sent) implements TreeChange {
    @Override
    public Kind kind() {
      return Kind.PATCH;
    }

    @Override
    public String path() {
      return entry.path();
    }
  }

  /**
   * Links an entry to a path that was dealt with before it.
   *
   * @param already whether the other side has that link, if the path could be dealt with
   */
  record Link(TreeEntry entry, String existing, boolean already) implements TreeChange {
    @Override
    public Kind kind() {
      return Kind.LINK;
    }

    @Override
    public String path() {
      return entry.path();
    }
  }
}
