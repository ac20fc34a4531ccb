/* cmd_keys.c -- recourse keys show: what may be known of the keys by everyone. */
#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/house_public.h"
#include "operator/say.h"

int command_keys_show(struct house *house, int argc, char *const *argv, const char *usage)
{
    const struct args_row rows[] = {{0}};
    struct manifest *manifest = mem_new(sizeof *manifest);
    uint8_t root[32];
    char text[CODE_BASE64_SIZE(32)], day[11];
    args_read(rows, argc, argv, usage);
    house_public_manifest(house, manifest);
    house_public_root(house, root);
    code_base64(root, 32, text);
    clock_day(manifest->issued, day);
    say("manifest %u of office %u, issued %s", manifest->version, manifest->office, day);
    say("fingerprint %s", manifest->fingerprint);
    say("root %s", text);
    for (size_t i = 0; i < manifest->desk_count; i++) {
        const struct manifest_desk *desk = &manifest->desks[i];
        code_base64(desk->desk.key, 32, text);
        clock_day(desk->last_day, day);
        say("desk %s epoch %u last day %s key %s", desk->desk.code, desk->desk.epoch, day, text);
    }
    for (size_t i = 0; i < manifest->key_count; i++) {
        const struct manifest_key *key = &manifest->keys[i];
        code_base64(key->key, 32, text);
        say("%s %s %s key %s", key->seals ? "seals" : "signs", key->use, key->name, text);
    }
    mem_free(manifest);
    return 0;
}
