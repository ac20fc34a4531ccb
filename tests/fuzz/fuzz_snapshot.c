/* fuzz_snapshot.c -- the records of a vault's snapshot (triage/vault/snapshot_record.h), those behind the first: kind,
 * length, bytes, one after the other. What stands in one is authentic, as long as nobody has the desk's key; a vault
 * that one fault in it could end would end with every start. Whatever is read: as many cases are known as were counted,
 * the index counts only behind an end, and a case that was taken can be written, forgotten and taken again. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/vault_memory.h"
#include "triage/vault/case_place.h"
#include "triage/vault/snapshot_inside.h"

static struct vault *vault;
static size_t loaded_cases, loaded_times;

void fuzz_start(void)
{
    char folder[100];
    snprintf(folder, sizeof folder, "%s", fuzz_file("usual.a", NULL, 0));
    *strrchr(folder, '/') = 0;
    vault = vault_memory_new(folder);
    vault->settings.snapshot = NULL;
}

static void loaded(void *room, size_t cases)
{
    (void)room;
    loaded_cases = cases;
    loaded_times++;
}

static void write_file(const uint8_t *data, size_t size)
{
    struct snapshot_file file;
    struct buf begins = BUF_INIT(SNAPSHOT_RECORD_MAX);
    const struct snapshot_owner owner = snapshot_owner_of(vault);
    snapshot_put_begin(vault, &begins);
    need(snapshot_file_begin(&file, vault->snapshot->fds[0], &owner, 1) == ERR_OK &&
         snapshot_file_add(&file, begins.bytes, begins.len) == ERR_OK &&
         snapshot_file_add(&file, data, size) == ERR_OK && snapshot_file_end(&file) == ERR_OK);
    vault->snapshot->newest = 0;
    buf_free(&begins);
}

/* Written, forgotten and taken again it is the same. */
static void goes_round(struct case_file *file)
{
    struct buf record = BUF_INIT(SNAPSHOT_RECORD_MAX);
    struct snapshot_numbers numbers = {0};
    uint8_t id[16];
    char *state = mem_copy(file->state, file->state_len);
    size_t len = file->state_len, keys = file->key_count;
    memcpy(id, file->id, sizeof id);
    snapshot_put_case(vault, file, &record);
    case_forget(vault, file);
    need(!book_find(vault->book, id));
    need(snapshot_take_case(vault, &numbers, record.bytes + SNAPSHOT_RECORD_HEAD, record.len - SNAPSHOT_RECORD_HEAD) ==
         ERR_OK);
    const struct case_file *now = book_find(vault->book, id);
    need(now && now->version > 0 && now->state_len == len && memcmp(now->state, state, len) == 0 &&
         now->key_count == keys);
    snapshot_numbers_free(&numbers);
    mem_free(state);
    buf_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int has_end = memchr(data ? data : (const uint8_t *)"", SNAPSHOT_END, size) != NULL;
    loaded_times = 0;
    write_file(data, size);
    snapshot_load(vault->snapshot, loaded, NULL);
    vault_memory_turn(vault);
    need(loaded_times == 1 && loaded_cases == book_known(vault->book) && loaded_cases == book_count(vault->book));
    for (size_t i = 0; i < loaded_cases; i++) {
        need(has_end || !book_at(vault->book, i)->is_indexed);
        goes_round(book_at(vault->book, i));
    }
    need(book_known(vault->book) == loaded_cases);
    vault_memory_again(vault);
    return 0;
}
