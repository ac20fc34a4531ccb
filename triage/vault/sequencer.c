/* sequencer.c -- see sequencer.h: forking, the pure parts, and the parent's end. Neighbour: sequencer_child.c. */
#include "triage/vault/sequencer.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "triage/vault/sequencer_child.h"

struct sequencer {
    int fd;
    pid_t child;
    int is_told;
};

static const char leaf_name[] = "recourse leaf";

void sequencer_leaf_hash(const struct audit_leaf *leaf, uint8_t out[static MERKLE_HASH])
{
    uint8_t bytes[sizeof leaf_name - 1 + 16 + 16 + 3 * 32], desk[16] = {0};
    memcpy(desk, leaf->desk, strnlen(leaf->desk, sizeof desk));
    uint8_t *at = put_raw(bytes, leaf_name, sizeof leaf_name - 1);
    at = put_raw(put_raw(at, leaf->leaf_id, 16), desk, sizeof desk);
    at = put_raw(put_raw(put_raw(at, leaf->state_hash, 32), leaf->before_hash, 32), leaf->entry_sha256, 32);
    need(at == bytes + sizeof bytes);
    merkle_leaf(bytes, sizeof bytes, out);
}

enum err sequencer_checkpoint_text(const char *origin, const struct merkle *tree, int64_t now, struct buf *out)
{
    uint8_t root[MERKLE_HASH];
    char root_text[CODE_BASE64_SIZE(MERKLE_HASH)], at[CLOCK_TEXT_SIZE];
    merkle_root(tree, root);
    code_base64(root, sizeof root, root_text);
    clock_text(now, at);
    return buf_addf(out, "%s\n%llu\n%s\ntime %s\n", origin, (unsigned long long)tree->size, root_text, at);
}

enum err sequencer_fork(const struct settings *settings, struct sequencer **out)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return ERR_SYSTEM;
    pid_t child = fork();
    if (child == 0) {
        close(pair[0]);
        _exit(sequencer_child(settings, pair[1]));
    }
    close(pair[1]);
    if (child < 0) {
        close(pair[0]);
        return ERR_SYSTEM;
    }
    struct sequencer *s = *out = mem_new(sizeof *s);
    s->fd = pair[0];
    s->child = child;
    return ERR_OK;
}

void sequencer_unlock(struct sequencer *s, const uint8_t seed[static 32])
{
    /* Thirty-two bytes always fit into an empty socket; a child that is gone is found out by its missing checkpoints.
     */
    if (!s->is_told)
        s->is_told = write(s->fd, seed, 32) == 32;
}

void sequencer_free(struct sequencer *s)
{
    if (!s)
        return;
    close(s->fd);
    (void)waitpid(s->child, NULL, 0);
    mem_free(s);
}
