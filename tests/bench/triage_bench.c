/* triage_bench.c -- what a vault does for its officers, with so many open cases in memory: taking the next one, lists,
 * searches; how fast it is filled, how much memory a case takes, and how fast it starts from a sealed snapshot of that
 * memory. The vault's own code in one process, without the database and the sockets (./bench triage measures those
 * apart, with fewer cases). No verdict.
 *
 *   build/triage_bench CASES spaced|unspaced [RUNS]
 *
 * Prints one line `name value` for each figure: medians of RUNS; times in ms. Nothing waits for anything here, so on a
 * quiet machine the processor's time is the time by the clock; on a busy one the first still tells what the work is.
 * Both are printed (`_wall`). */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "tests/bench/triage_texts.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/indexer.h"
#include "triage/vault/item.h"
#include "triage/vault/listing.h"
#include "triage/vault/meaning.h"
#include "triage/vault/message.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/rules.h"
#include "triage/vault/search.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/snapshot_inside.h"

enum { POOL = 2000, TAKES = 3200, PAGES = 400, SEARCHES = 100, RUNS_MAX = 9, DEEP = 1000, LIMIT = 25 };

struct stand {
    struct vault *vault;
    enum triage_scripts scripts;
    size_t cases;
    json_t *proposals[POOL];
    uint64_t random;
};

static double ms_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct watch {
    double processor, wall;
};

static struct watch watch_start(void)
{
    return (struct watch){ms_of(CLOCK_THREAD_CPUTIME_ID), ms_of(CLOCK_MONOTONIC)};
}

static struct watch watch_stop(struct watch started)
{
    struct watch now = watch_start();
    return (struct watch){now.processor - started.processor, now.wall - started.wall};
}

static uint64_t pick(struct stand *s, uint64_t below)
{
    s->random = s->random * 6364136223846793005U + 1442695040888963407U;
    return (s->random >> 33) % below;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct watch p99(const struct watch *times, size_t count)
{
    double *sorted = mem_new_array(count, sizeof *sorted);
    struct watch result;
    for (size_t i = 0; i < count; i++)
        sorted[i] = times[i].processor;
    qsort(sorted, count, sizeof *sorted, compare);
    result.processor = sorted[count * 99 / 100];
    for (size_t i = 0; i < count; i++)
        sorted[i] = times[i].wall;
    qsort(sorted, count, sizeof *sorted, compare);
    result.wall = sorted[count * 99 / 100];
    mem_free(sorted);
    return result;
}

/* ---- a vault with nothing around it ---- */

static void vault_make(struct stand *s)
{
    static char desk[] = "usual";
    char says[SAYS_SIZE];
    uint8_t seed[32];
    struct vault *vault = s->vault = mem_new(sizeof *vault);
    vault->settings.desk = desk;
    vault->settings.office = 1;
    vault->phase = PHASE_OPEN;
    vault->loop = loop_new();
    vault->outbox = outbox_new(vault);
    vault->pager = pager_new(vault);
    meaning_new(vault);
    vault->indexer = indexer_new(vault);
    rng_bytes(seed, sizeof seed);
    need(sign_key_new(seed, &vault->state_key) == ERR_OK);
    sign_key_public(vault->state_key, vault->state_public);
    if (rules_load(SOURCE_ROOT "/triage/rules", &vault->rules, says) != ERR_OK ||
        stages_office_begin(&vault->office, SOURCE_ROOT "/triage/deadlines", "default", says) != ERR_OK)
        err_die("%s", says);
}

/* ---- filling ---- */

static json_t *message_json(const struct triage_text *text, int64_t at)
{
    char when[CLOCK_TEXT_SIZE];
    clock_text(at, when);
    json_t *json = json_pack("{s:i,s:s,s:s,s:s,s:s%,s:s}", "v", 1, "kind", "grievance", "language", text->language,
                             "channel", "web", "text", text->bytes, text->len, "at", when);
    need(json != NULL);
    return json;
}

static struct message message_of(const struct triage_text *text, int64_t at)
{
    struct message message;
    json_t *json = message_json(text, at);
    char *bytes = json_dumps(json, JSON_COMPACT);
    need(message_read(bytes, strlen(bytes), &message) == ERR_OK);
    mem_free(bytes);
    json_decref(json);
    message.at = at;
    return message;
}

/* What the rules say, worked out for so many texts; and severities as people give them, so that the order has its work.
 */
static void make_proposals(struct stand *s)
{
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    struct triage_text *text = mem_new(sizeof *text);
    for (unsigned i = 0; i < POOL; i++) {
        struct rules_input input;
        triage_text(s->scripts, i, text);
        struct message message = message_of(text, clock_wall());
        message_rules_input(&message, &input);
        rules_propose(s->vault->rules, &input, proposal);
        proposal->severity.scale = (uint8_t)(i % 5);
        proposal->severity.scope = (uint8_t)(i / 5 % 5);
        proposal->severity.grave = i % 50 == 0;
        proposal->severity.by = i % 3 ? 0 : clock_wall() + (int64_t)(i % 97) * 3600;
        s->proposals[i] = proposal_json(proposal, rules_version(s->vault->rules));
        message_free(&message);
    }
    mem_free(text);
    mem_free(proposal);
}

static void add_case(struct stand *s, uint64_t n, struct triage_text *text)
{
    struct vault *vault = s->vault;
    uint8_t id[16], key[32] = {0};
    int64_t at = clock_wall() - (int64_t)(s->cases - n);
    triage_text(s->scripts, n, text);
    rng_bytes(id, sizeof id);
    memset(id, (int)(n / 100000), 6); /* they begin alike, as those of a worker do */
    struct case_file *file = book_add(vault->book, id);
    struct message message = message_of(text, at);
    json_t *state = state_new(&message, json_deep_copy(s->proposals[pick(s, POOL)]));
    if (n % 3 == 0)
        state_set_text(state, "lane", queue_lane_name(LANE_ASSESSED));
    file->state = json_dumps(state, JSON_COMPACT);
    file->state_len = strlen(file->state);
    file->version = 1;
    book_key_add(file, ROOT_STAFF, 1, key);
    book_key_add(file, ROOT_THREAD, 1, key);
    book_note_known(vault->book, 1);
    case_place(vault, state, file);
    case_says(vault, file, message.text, strlen(message.text));
    indexer_add(vault, file, message.json);
    file->is_indexed = 1;
    json_decref(state);
    message_free(&message);
}

static size_t resident(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    need(statm && fscanf(statm, "%*u %lu", &pages) == 1);
    fclose(statm);
    return pages * 4096;
}

static void fill(struct stand *s)
{
    struct triage_text *text = mem_new(sizeof *text);
    size_t before = resident();
    struct watch begun = watch_start();
    for (uint64_t n = 0; n < s->cases; n++)
        add_case(s, n, text);
    double all = watch_stop(begun).processor;
    printf("memory_per_case %.0f\n", (double)(resident() - before) / (double)s->cases);
    begun = watch_start();
    for (uint64_t n = 0; n < 10000; n++)
        triage_text(s->scripts, n, text);
    double texts = watch_stop(begun).processor / 10000;
    printf("filled_per_second %.0f\n", 1e3 / (all / (double)s->cases - texts));
    mem_free(text);
}

/* What only the index takes, in memory and time: the same texts once more. */
static void index_alone(struct stand *s)
{
    struct triage_text *text = mem_new(sizeof *text);
    size_t cases = s->cases < 50000 ? s->cases : 50000, before = resident();
    struct search *search = search_new();
    double spent = 0;
    for (uint64_t n = 0; n < cases; n++) {
        triage_text(s->scripts, n, text);
        struct watch begun = watch_start();
        search_add(search, book_at(s->vault->book, n), text->bytes, text->len);
        spent += watch_stop(begun).processor;
    }
    printf("index_memory_per_case %.0f\n", ((double)resident() - (double)before) / (double)cases);
    printf("indexed_per_second %.0f\n", (double)cases / spent * 1e3);
    search_free(search);
    mem_free(text);
}

/* ---- what officers do ---- */

/* In memory: the next one, its next state sealed and signed; then it goes back. Without COMMIT and conversation. */
static struct watch take(struct stand *s)
{
    static const uint8_t key[32] = {0};
    struct vault *vault = s->vault;
    struct sealed_item item;
    struct watch begun = watch_start();
    struct queue_place *place = queue_take(&vault->queue, clock_wall());
    need(place != NULL);
    struct case_file *file = book_of_place(place);
    json_t *state = state_draft(file);
    state_set_text(state, "taken_by", "amina");
    state_history(state, "amina", "Taken");
    char *text = json_dumps(state, JSON_COMPACT);
    need(item_seal(vault, SHELF_STATE, file->id, 2, key, text, strlen(text), 1, NULL, &item) == ERR_OK);
    case_place(vault, state, file);
    struct watch spent = watch_stop(begun);
    json_decref(state);
    mem_free(text);
    item_free(&item);
    state = state_draft(file);
    case_place(vault, state, file);
    json_decref(state);
    return spent;
}

static struct watch list(struct stand *s, const char *text, int is_deep)
{
    struct filter filter;
    struct json_fault fault;
    json_t *object = json_loads(text, 0, NULL);
    need(filter_read(object, &filter, &fault) == ERR_OK);
    json_decref(object);
    const struct listing ask = {
        .filter = &filter, .who = "amina", .after = is_deep ? pick(s, DEEP) : 0, .limit = LIMIT};
    size_t total;
    struct watch begun = watch_start();
    json_t *items = listing_page(s->vault, &ask, &total);
    char *answer = json_dumps(items, JSON_COMPACT);
    struct watch spent = watch_stop(begun);
    mem_free(answer);
    json_decref(items);
    return spent;
}

static struct watch list_any(struct stand *s, size_t i)
{
    static const char *const filters[] = {"{}",
                                          "{\"lane\":\"assessed\"}",
                                          "{\"language\":\"sw\"}",
                                          "{\"language\":\"th\",\"overdue\":true}",
                                          "{\"overdue\":true}",
                                          "{\"kind\":\"grievance\",\"channel\":\"web\"}",
                                          "{\"state\":\"closed\"}",
                                          "{\"mine\":true}"};
    return list(s, filters[i % 8], i % 2);
}

static struct watch find(struct stand *s, const char *words, size_t *found)
{
    static const struct filter all = {.lane = LANE_NONE};
    struct search_run run;
    size_t total;
    struct watch begun = watch_start();
    need(search_run_begin(s->vault->search, words, strlen(words), &run) == ERR_OK);
    while (search_run_step(&run, 3000))
        ;
    const struct listing ask = {.filter = &all, .who = "amina", .found = &run, .limit = LIMIT};
    json_t *items = listing_page(s->vault, &ask, &total);
    char *answer = json_dumps(items, JSON_COMPACT);
    struct watch spent = watch_stop(begun);
    if (run.messages_read < run.messages)
        *found = 0; /* not all was read */
    else
        *found = total;
    search_run_end(&run);
    mem_free(answer);
    json_decref(items);
    return spent;
}

/* ---- a start from a snapshot ---- */

struct start {
    struct vault *vault;
    size_t cases;
};

static void loaded(void *room, size_t cases)
{
    struct start *start = room;
    start->cases = cases;
    loop_stop(start->vault->loop);
}

/* Nobody is called when one is written. */
static void stop_when_written(void *arg)
{
    struct vault *vault = arg;
    if (vault->snapshot->writing)
        loop_next_turn(vault->loop, stop_when_written, vault);
    else
        loop_stop(vault->loop);
}

/* Written, then read into an empty vault, which is left. By the clock too: a start waits for the disk. */
static void start_again(struct stand *s)
{
    char folder[] = "/tmp/triage-bench-XXXXXX", says[64];
    struct vault *vault = s->vault;
    struct start start = {.vault = vault};
    size_t indexed = 0;
    need(mkdtemp(folder) != NULL);
    vault->settings.snapshot = folder;
    vault->snapshot = snapshot_new(vault);
    outbox_free(vault->outbox); /* it would ask a database */
    struct watch begun = watch_start();
    snapshot_write(vault->snapshot, 0, 1);
    stop_when_written(vault);
    loop_run(vault->loop);
    struct watch wrote = watch_stop(begun);
    need(vault->snapshot->newest == 0);
    vault->phase = PHASE_REBUILDING;
    vault->outbox = outbox_new(vault);
    meaning_bury(vault);
    meaning_new(vault);
    stop_when_written(vault); /* what was buried dies outside of the measure */
    loop_run(vault->loop);
    begun = watch_start();
    snapshot_load(vault->snapshot, loaded, &start);
    loop_run(vault->loop);
    struct watch read = watch_stop(begun);
    for (size_t i = 0; i < start.cases; i++)
        indexed += book_at(vault->book, i)->is_indexed != 0;
    need(start.cases == s->cases && indexed == s->cases);
    vault->phase = PHASE_OPEN;
    printf("snapshot_written_per_second %.0f\n", 1e3 * (double)start.cases / wrote.processor);
    printf("snapshot_read_per_second %.0f\n", 1e3 * (double)start.cases / read.processor);
    printf("snapshot_read_per_second_wall %.0f\n", 1e3 * (double)start.cases / read.wall);
    for (int slot = 'a'; slot <= 'b'; slot++) {
        snprintf(says, sizeof says, "%s/usual.%c", folder, slot);
        (void)unlink(says);
    }
    (void)rmdir(folder);
}

/* ---- rounds ---- */

struct figure {
    const char *name;
    double runs[RUNS_MAX], walls[RUNS_MAX];
};
enum { TAKE, LIST, RARE, COMMON, PHRASE, BEGINNING, FIGURES };

static void keep(struct figure *figure, unsigned run, struct watch result)
{
    figure->runs[run] = result.processor;
    figure->walls[run] = result.wall;
}

static void one_run(struct stand *s, struct figure *figures, unsigned run, size_t *found)
{
    struct watch *times = mem_new_array(TAKES, sizeof *times);
    char rare[24];
    for (size_t i = 0; i < TAKES; i++)
        times[i] = take(s);
    keep(&figures[TAKE], run, p99(times, TAKES));
    for (size_t i = 0; i < PAGES; i++)
        times[i] = list_any(s, i);
    keep(&figures[LIST], run, p99(times, PAGES));
    for (int f = RARE; f < FIGURES; f++) {
        for (size_t i = 0; i < SEARCHES; i++) {
            triage_rare_word(pick(s, s->cases / 10000 ? s->cases / 10000 : 1), rare);
            const char *words[] = {[RARE] = rare,
                                   [COMMON] = triage_common(s->scripts),
                                   [PHRASE] = triage_phrase(s->scripts),
                                   [BEGINNING] = triage_beginning(s->scripts)};
            times[i] = find(s, words[f], &found[f]);
        }
        keep(&figures[f], run, p99(times, SEARCHES));
    }
    mem_free(times);
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    if (argc < 3) {
        fprintf(stderr, "triage_bench CASES spaced|unspaced [RUNS]\n");
        return 2;
    }
    struct stand s = {.cases = (size_t)strtoul(argv[1], NULL, 10),
                      .scripts = strcmp(argv[2], "unspaced") == 0 ? SCRIPTS_UNSPACED : SCRIPTS_SPACED,
                      .random = 1};
    unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5;
    need(s.cases > 0 && runs > 0 && runs <= RUNS_MAX);
    struct figure figures[FIGURES] = {[TAKE] = {.name = "take_p99"},
                                      [LIST] = {.name = "list_p99"},
                                      [RARE] = {.name = "search_rare_p99"},
                                      [COMMON] = {.name = "search_common_p99"},
                                      [PHRASE] = {.name = "search_phrase_p99"},
                                      [BEGINNING] = {.name = "search_beginning_p99"}};
    size_t found[FIGURES] = {0};
    vault_make(&s);
    make_proposals(&s);
    fill(&s);
    index_alone(&s);
    start_again(&s);
    for (unsigned run = 0; run < runs; run++)
        one_run(&s, figures, run, found);
    for (int f = 0; f < FIGURES; f++) {
        qsort(figures[f].runs, runs, sizeof *figures[f].runs, compare);
        qsort(figures[f].walls, runs, sizeof *figures[f].walls, compare);
        printf("%s %.3f\n", figures[f].name, figures[f].runs[runs / 2]);
        printf("%s_wall %.3f\n", figures[f].name, figures[f].walls[runs / 2]);
        if (f >= RARE)
            printf("%s_found %zu\n", figures[f].name, found[f]);
    }
    return 0;
}
