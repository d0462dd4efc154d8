package io.podkit.fs.tree;

/** One step that makes the other side's tree like this one's. */
sealed interface TreeChange {

  /** What kind of step it is. */
  enum Kind {
    /** Remove the path with all it holds. */
    DELETE,
    /** Make the path anew with its content, replacing what is there. */
    CREATE,
    /** As {@link #CREATE}, unless the content turns out to be what was sent before. */
    COMPARE,
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

  /** Writes a regular file if its content is not what was sent before. */
  record Compare(TreeEntry entry, long sentChecksum) implements TreeChange {
    @Override
    public Kind kind() {
      return Kind.COMPARE;
    }

    @Override
    public String path() {
      return entry.path();
    }
  }

  /** Links an entry to a path that was dealt with before it. */
  record Link(TreeEntry entry, String existing) implements TreeChange {
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
