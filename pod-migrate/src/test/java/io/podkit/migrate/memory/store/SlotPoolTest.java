package io.podkit.migrate.memory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotPoolTest {
  private static final int MANY = 255;

  private final PageStore store;
  private final SlotPool pool;

  SlotPoolTest(@TempDir Path directory) throws PodkitException {
    store = PageStore.create(directory, 4 * PageStore.CHUNK);
    pool = new SlotPool(store);
  }

  @Test
  void slots_areGivenOutInARow_andAgainWhenFree() throws Exception {
    assertThat(List.of(pool.take(), pool.take(), pool.take())).containsExactly(0, 1, 2);
    pool.release(1);
    assertThat(pool.take()).isEqualTo(1);
    assertThat(pool.take()).isEqualTo(3);
  }

  @Test
  void sharedSlot_isFreeAfterItsLastUser() throws Exception {
    int slot = pool.take();
    pool.share(slot);
    assertThat(pool.users(slot)).isEqualTo(2);
    pool.release(slot);
    assertThat(pool.take()).isNotEqualTo(slot);
    pool.release(slot);
    assertThat(pool.take()).isEqualTo(slot);
    assertThat(pool.users(slot)).isOne();
  }

  @Test
  void slotOfManyPages_isNeverFree_forNobodyKnowsHowMany() throws Exception {
    int slot = pool.take();
    for (int i = 0; i < MANY + 10; i++) {
      pool.share(slot);
    }
    for (int i = 0; i < MANY + 20; i++) {
      pool.release(slot);
    }
    assertThat(pool.users(slot)).isGreaterThan(1);
    for (int i = 0; i < 20; i++) {
      assertThat(pool.take()).isNotEqualTo(slot);
    }
  }

  @Test
  void twoPools_shareTheStoreAndNoSlot() throws Exception {
    SlotPool other = new SlotPool(store);
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 2 * PageStore.CHUNK; i++) {
      assertThat(taken.add(pool.take())).isTrue();
      assertThat(taken.add(other.take())).isTrue();
    }
    assertThatThrownBy(pool::take)
        .asInstanceOf(type(PodkitException.class))
        .extracting(PodkitException::kind)
        .isEqualTo(ErrorKind.REFUSED);
  }

  @Test
  void randomUse_countsAsAMapWould() throws Exception {
    Random random = new Random(1);
    Map<Integer, Integer> users = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      List<Integer> used = List.copyOf(users.keySet());
      int choice = used.isEmpty() ? 0 : random.nextInt(3);
      if (choice == 0 && used.size() < 500) {
        assertThat(users.put(pool.take(), 1)).isNull();
      } else if (choice == 1) {
        int slot = used.get(random.nextInt(used.size()));
        if (users.getOrDefault(slot, 0) < MANY - 1) {
          pool.share(slot);
          users.merge(slot, 1, Integer::sum);
        }
      } else if (!used.isEmpty()) {
        int slot = used.get(random.nextInt(used.size()));
        pool.release(slot);
        users.computeIfPresent(slot, (which, count) -> count == 1 ? null : count - 1);
      }
    }
    users.forEach((slot, count) -> assertThat(pool.users(slot)).isEqualTo(count));
  }
}
