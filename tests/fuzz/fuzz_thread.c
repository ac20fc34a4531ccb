/* fuzz_thread.c -- a conversation as the receipt opens it (intake/thread.h), with any text inside its rows. Each line
 * is a row: its first byte tells who wrote it and whether the desk signed it. Nothing that claims to be from staff is
 * shown without the signature; nothing shown was not sealed. */
#include "common/seal/sign.h"
#include "intake/thread.h"
#include "tests/fuzz/fuzz.h"

enum { ROWS_MOST = 8, SIGNED = 1, STAFF = 2, NOTICE = 4, SPOILT = 8 };

static const uint8_t seed[32] = {3}, root_key[32] = {1};
static struct manifest manifest;
static struct sign_key *desk;

void fuzz_start(void)
{
    need(sign_key_new(seed, &desk) == ERR_OK);
    strcpy(manifest.keys[0].use, "state");
    strcpy(manifest.keys[0].name, "usual");
    sign_key_public(desk, manifest.keys[0].key);
    manifest.key_count = 1;
}

struct rows {
    struct thread_row list[ROWS_MOST];
    struct buf bodies[ROWS_MOST];
    uint8_t signatures[ROWS_MOST][SIGN_SIZE];
    size_t count, staff;
};

static void add(struct rows *rows, const char *line)
{
    uint8_t said[ENVELOPE_PLACE_SIZE + 32], how = *line ? (uint8_t)*line++ : 0;
    size_t i = rows->count++;
    struct thread_row *row = &rows->list[i];
    row->place = (struct envelope_place){.office = 1,
                                         .root = ROOT_THREAD,
                                         .part = how & NOTICE ? PART_NOTICE : PART_MESSAGE,
                                         .author = how & STAFF ? AUTHOR_STAFF : AUTHOR_REPORTER,
                                         .door = how & STAFF ? DOOR_VAULT : DOOR_INTAKE,
                                         .generation = 1,
                                         .n = i + 1};
    buf_init(&rows->bodies[i], 1 << 20);
    need(envelope_seal(root_key, &row->place, line, strlen(line), &rows->bodies[i]) == ERR_OK);
    row->body = rows->bodies[i].bytes;
    row->body_len = rows->bodies[i].len;
    envelope_place_bytes(&row->place, said);
    sign_sha256(row->body, row->body_len, said + ENVELOPE_PLACE_SIZE);
    need(sign_make(desk, said, sizeof said, rows->signatures[i]) == ERR_OK);
    rows->signatures[i][5] ^= (uint8_t)((how & SPOILT) != 0);
    row->signature = how & SIGNED ? rows->signatures[i] : NULL;
    rows->staff += (how & (SIGNED | STAFF | SPOILT)) == (SIGNED | STAFF);
}

static void is_good(const struct thread *thread, const struct rows *rows)
{
    size_t i, staff = 0;
    json_t *each;
    const char *state = json_string_value(json_object_get(thread->shown, "state"));
    need(state && (rows->staff || strcmp(state, "received") == 0));
    json_array_foreach(json_object_get(thread->shown, "messages"), i, each)
    {
        need(json_is_string(json_object_get(each, "text")));
        staff += strcmp(json_string_value(json_object_get(each, "from")), "staff") == 0;
    }
    need(json_is_array(json_object_get(thread->shown, "messages")) && i <= rows->count && staff <= rows->staff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rows rows;
    struct thread thread = {.desk = "usual"};
    struct thread_key key = {.generation = 1};
    memcpy(key.key, root_key, sizeof root_key);
    memset(&rows, 0, sizeof rows);
    while (size && rows.count < ROWS_MOST) {
        char *line = fuzz_line(&data, &size);
        add(&rows, line);
        free(line);
    }
    thread_show(&manifest, &key, 1, rows.list, rows.count, &thread);
    is_good(&thread, &rows);
    json_decref(thread.shown);
    for (size_t i = 0; i < rows.count; i++)
        buf_free(&rows.bodies[i]);
    return 0;
}
