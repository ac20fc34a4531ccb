/* letters.c -- see letters.h. */
#include "sms-gateway/letters.h"

#include <string.h>

#include "common/base/mem.h"
#include "sms-gateway/channel.h"

enum {
    WEBHOOKS_MAX = 12, /* of webhooks together, */
    WEBHOOK_MAX = 4    /* and of one receiver */
};

int letters_is_webhook(const char *channel)
{
    return strncmp(channel, CHANNEL_WEBHOOK, sizeof CHANNEL_WEBHOOK - 1) == 0;
}

struct letter *letters_find(struct letters *letters, const uint8_t id[static 16])
{
    for (size_t i = 0; i < LETTERS_MAX; i++)
        if (letters->list[i].state != LETTER_FREE && memcmp(letters->list[i].id, id, 16) == 0)
            return &letters->list[i];
    return NULL;
}

struct letter *letters_place(struct letters *letters, const char *channel)
{
    struct letter *place = NULL;
    unsigned webhooks = 0, same = 0;
    for (size_t i = LETTERS_MAX; i-- > 0;) {
        struct letter *letter = &letters->list[i];
        if (letter->state == LETTER_FREE) {
            place = letter;
            continue;
        }
        webhooks += letters_is_webhook(letter->channel) ? 1 : 0;
        same += strcmp(letter->channel, channel) == 0 ? 1 : 0;
    }
    int may = letters_is_webhook(channel) ? webhooks < WEBHOOKS_MAX && same < WEBHOOK_MAX : same < LETTERS_OF_ONE_MAX;
    return may ? place : NULL;
}

size_t letters_under_way(const struct letters *letters, uint8_t (*ids)[16])
{
    size_t count = 0;
    for (size_t i = 0; i < LETTERS_MAX; i++)
        if (letters->list[i].state != LETTER_FREE)
            memcpy(ids[count++], letters->list[i].id, 16);
    return count;
}

void letters_free(struct letter *letter)
{
    buf_free(&letter->sealed);
    mem_wipe(letter, sizeof *letter);
}
