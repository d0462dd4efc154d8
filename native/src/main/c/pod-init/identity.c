#include "identity.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define BIT(capability) (UINT64_C(1) << (capability))

static const char STAGE[] = "identity";

/* Opening the session's files whoever owns them, giving them to the workload, switching ids, forwarding signals. */
static const uint64_t FOR_INIT =
    BIT(CAP_DAC_OVERRIDE) | BIT(CAP_CHOWN) | BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) | BIT(CAP_KILL);

int identity_become_root(struct failure *why) {
  if (setgroups(0, NULL) < 0) return fail(why, STAGE, errno, "setgroups");
  if (setresgid(0, 0, 0) < 0) return fail(why, STAGE, errno, "setgid 0");
  if (setresuid(0, 0, 0) < 0) return fail(why, STAGE, errno, "setuid 0");
  return 0;
}

static int limit_bounding(uint64_t caps, struct failure *why) {
  for (int capability = 0; capability < 64; capability++) {
    /* The kernel knows no further capability: all are done. */
    int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (held < 0) return 0;
    if (held && !(caps & BIT(capability)) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
      return fail(why, STAGE, errno, "dropping capability %d", capability);
  }
  return 0;
}

/* Permitted and effective become those of `caps` that are permitted now; nothing is left to inherit. */
static int limit_held(uint64_t caps, struct failure *why) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0) return fail(why, STAGE, errno, "capget");
  for (int half = 0; half < 2; half++) {
    data[half].permitted &= (uint32_t)(caps >> 32 * half);
    data[half].effective = data[half].permitted;
    data[half].inheritable = 0;
  }
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return fail(why, STAGE, errno, "ambient set");
  return syscall(SYS_capset, &header, data) < 0 ? fail(why, STAGE, errno, "capset") : 0;
}

int identity_limit_for_init(uint64_t caps, struct failure *why) {
  return limit_bounding(caps | FOR_INIT, why);
}

int identity_keep_for_init(uint64_t caps, struct failure *why) {
  if (limit_bounding(caps, why) < 0) return -1;
  return limit_held(caps | BIT(CAP_KILL), why);
}

int identity_become_workload(const struct launch *launch, struct failure *why) {
  if (limit_bounding(launch->caps, why) < 0) return -1;
  if (setgroups(launch->group_count, launch->groups) < 0) return fail(why, STAGE, errno, "setgroups");
  if (setresgid(launch->gid, launch->gid, launch->gid) < 0) return fail(why, STAGE, errno, "gid %u", launch->gid);
  if (setresuid(launch->uid, launch->uid, launch->uid) < 0) return fail(why, STAGE, errno, "uid %u", launch->uid);
  /* Another uid than 0 has lost its capabilities with the switch; this makes sure, whatever the securebits are. */
  if (limit_held(launch->uid == 0 ? launch->caps : 0, why) < 0) return -1;
  if (launch->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return fail(why, STAGE, errno, "no_new_privs");
  return 0;
}
