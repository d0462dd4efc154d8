package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Brings AES-GCM to speed before a pod stands still for it. The JVM uses the processor's AES
 * instructions only in code that its second compiler has made: measured, 17 to 48 MB/s in the first
 * second, 1.4 GB/s after some three seconds.
 */
public final class CipherWarmUp {
  private static final Duration LIMIT = Duration.ofMillis(2500);
  private static final int RECORD = 16 << 10;
  private static final int ROUND = 64;

  /**
   * Slower than this the second compiler has not come to it yet; a processor without AES stays
   * below for ever.
   */
  private static final double FAST_BYTES_PER_NANO = 0.6;

  private final CountDownLatch done = new CountDownLatch(1);

  private CipherWarmUp() {}

  /** Begins, on a thread of its own that ends by itself. */
  public static CipherWarmUp start() {
    CipherWarmUp warmUp = new CipherWarmUp();
    Thread thread = new Thread(warmUp::run, "cipher-warm-up");
    thread.setDaemon(true);
    thread.start();
    return warmUp;
  }

  /** Waits until the cipher is fast, or it is not worth waiting any longer. */
  public void await() throws PodkitException {
    try {
      if (!done.await(LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS)) {
        TransportLog.LOG.debug("the cipher is still slow");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("the migration was interrupted");
    }
  }

  private void run() {
    try {
      SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
      ByteBuffer plain = ByteBuffer.allocateDirect(RECORD);
      ByteBuffer sealed = ByteBuffer.allocateDirect(RECORD + 64);
      long end = System.nanoTime() + LIMIT.toNanos();
      int nonce = 0;
      int fastRounds = 0;
      while (fastRounds < 3 && System.nanoTime() < end) {
        long began = System.nanoTime();
        for (int i = 0; i < ROUND; i++) {
          seal(key, nonce++, plain, sealed);
        }
        double rate = (double) ROUND * 2 * RECORD / (System.nanoTime() - began);
        fastRounds = rate > FAST_BYTES_PER_NANO ? fastRounds + 1 : 0;
      }
    } catch (GeneralSecurityException e) {
      TransportLog.debug("warming up the cipher", e);
    } finally {
      done.countDown();
    }
  }

  /** One record there and back, as TLS does it. */
  private static void seal(SecretKeySpec key, int nonce, ByteBuffer plain, ByteBuffer sealed)
      throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(12).putInt(nonce).array();
    GCMParameterSpec parameters = new GCMParameterSpec(128, iv);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
    cipher.doFinal(plain.clear(), sealed.clear());
    cipher.init(Cipher.DECRYPT_MODE, key, parameters);
    cipher.doFinal(sealed.flip(), plain.clear());
  }
}
