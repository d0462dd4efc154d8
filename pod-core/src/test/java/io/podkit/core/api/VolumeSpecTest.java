package io.podkit.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeSpecTest {
  private static final Path SRV = Path.of("/srv");
  private static final Path DATA = Path.of("/data");

  @Test
  void parse_takesPathsAndNames() {
    assertThat(VolumeSpec.parse("/srv:/data")).isEqualTo(VolumeSpec.of(SRV, DATA, false));
    assertThat(VolumeSpec.parse("pgdata:/data"))
        .isEqualTo(new VolumeSpec(null, new VolumeName("pgdata"), DATA, false, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ro|true|",
        "rw|false|",
        "shared|false|SHARED",
        "private|false|PRIVATE",
        "ro:shared|true|SHARED",
        "shared:ro|true|SHARED",
        "ro,private|true|PRIVATE",
        "private,rw|false|PRIVATE"
      })
  void parse_takesOptionsInAnyOrder(String options, boolean readOnly, Sharing sharing) {
    assertThat(VolumeSpec.parse("/srv:/data:" + options))
        .isEqualTo(new VolumeSpec(SRV, null, DATA, readOnly, sharing));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/srv|write SRC:DST",
        ":/data|write SRC:DST",
        "/srv:|write SRC:DST",
        "/srv:/data:|'' is no option",
        "/srv:/data:z|'z' is no option: there is ro, rw, shared and private",
        "/srv:/data:ro,rw|said twice",
        "/srv:/data:shared:private|said twice",
        "./srv:/data|relative",
        "srv/x:/data|relative",
        ".srv:/data|neither an absolute path nor the name of a volume",
        "/srv:data|absolute destination",
        "/srv:/|other than /"
      })
  void parse_saysWhatIsWrong(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VolumeSpec.parse(text))
        .withMessageContaining(why);
  }
}
