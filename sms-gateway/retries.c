/* retries.c -- see retries.h. In no order: the last takes the place of one that goes. */
#include "sms-gateway/retries.h"

#include <string.h>

#include "common/base/mem.h"

static const int64_t FORGET_MS = 3600 * 1000;

void retries_add(struct retries *retries, const struct retry *retry)
{
    if (retries->count < RETRIES_MAX)
        retries->list[retries->count++] = *retry;
}

static void take_out(struct retries *retries, size_t at)
{
    retries->list[at] = retries->list[--retries->count];
    mem_wipe(&retries->list[retries->count], sizeof *retries->list);
}

struct retry retries_take(struct retries *retries, const uint8_t id[static 16])
{
    struct retry found = {0};
    memcpy(found.id, id, sizeof found.id);
    for (size_t i = 0; i < retries->count; i++)
        if (memcmp(retries->list[i].id, id, sizeof found.id) == 0) {
            found = retries->list[i];
            take_out(retries, i);
            break;
        }
    return found;
}

int retries_are_due(const struct retries *retries, int64_t now_ms)
{
    for (size_t i = 0; i < retries->count; i++)
        if (retries->list[i].next_ms <= now_ms)
            return 1;
    return 0;
}

size_t retries_waiting(struct retries *retries, int64_t now_ms, uint8_t (*ids)[16], size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < retries->count;) {
        if (retries->list[i].next_ms + FORGET_MS < now_ms) {
            take_out(retries, i);
            continue;
        }
        if (retries->list[i].next_ms > now_ms && count < most)
            memcpy(ids[count++], retries->list[i].id, 16);
        i++;
    }
    return count;
}
