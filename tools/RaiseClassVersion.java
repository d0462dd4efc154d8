import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Rewrites a jar's classes as Java 8 classes. Picocli's are Java 5 ones, which the JVM verifies the slow way and leaves
 * out of its archive: on JDK 25 that doubles the time a command takes to start.
 */
class RaiseClassVersion {

  private static final int MAJOR_VERSION_OFFSET = 7;

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path raised = Path.of(args[0] + ".new");
    boolean changed = false;
    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        InputStream file = Files.newInputStream(jar);
        ZipInputStream in = new ZipInputStream(file);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(raised))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readAllBytes();
        if (entry.getName().endsWith(".class") && content[MAJOR_VERSION_OFFSET] < Opcodes.V1_8) {
          content = raise(content, classes);
          changed = true;
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(content);
      }
    }
    if (changed) {
      Files.move(raised, jar, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(raised);
    }
  }

  /** From Java 7 on a method must carry stack frames; ASM computes them and needs the class's relatives for that. */
  private static byte[] raise(byte[] original, ClassLoader relatives) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return relatives;
          }
        };
    ClassVisitor raiser =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version, int access, String name, String signature, String parent, String[] interfaces) {
            super.visit(Opcodes.V1_8, access, name, signature, parent, interfaces);
          }
        };
    new ClassReader(original).accept(raiser, ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }
}
