/* fuzz_vault.c -- any questions to a desk's vault over its sockets (triage/vault/request.h): each line is one frame, to
 * the operator's socket if it begins with "!", else to the console's; @OFFICER and @ADMIN stand for living sessions.
 * The database is away. Each frame gets exactly one answer of the documented form, never `internal`. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/frame_link.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/turns.h"
#include "triage/vault/boot.h"
#include "triage/vault/case_state.h"
#include "triage/vault/challenge.h"
#include "triage/vault/change.h"
#include "triage/vault/export.h"
#include "triage/vault/hasher.h"
#include "triage/vault/impacts.h"
#include "triage/vault/inbox.h"
#include "triage/vault/keys_link.h"
#include "triage/vault/message.h"
#include "triage/vault/offers.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/request.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/signin.h"
#include "triage/vault/snapshot.h"
#include "triage/vault/takings.h"
#include "triage/vault/trail.h"

enum { LINES_MAX = 16, TURNS_PATIENT = 40, TURNS_MAX = 5000 };
static const uint8_t officer[16] = {1}, admin[16] = {2}, case_id[16] = {3}, impact_id[16] = {4}, action_id[16] = {6};

static struct vault vault;
static char sockets[2][64];

static struct visit {
    int fds[2];
    unsigned asked, answered, turns;
    uint8_t seen[LINES_MAX];
    struct buf got[2];
} visit;

/* ---- a desk with two people, a case and an impact ---- */

static void know(enum vault_shelf shelf, const uint8_t id[static 16], const uint8_t key[static 32], const char *json,
                 void (*read)(struct vault *vault, const struct vault_item *item))
{
    struct sealed_item item;
    need(item_seal(&vault, shelf, id, 1, key, json, strlen(json), 0, NULL, &item) == ERR_OK);
    item.item.signature = item.signature;
    read(&vault, &item.item);
    item_free(&item);
}

static void know_a_case(void)
{
    static const char told[] = "{\"v\":1,\"kind\":\"grievance\",\"language\":\"sw\",\"text\":\"Kisima kimekauka\"}";
    static struct rules_input input;
    static struct rules_proposal proposal;
    struct message message;
    const uint8_t key[32] = {9};
    need(message_read(told, sizeof told - 1, &message) == ERR_OK);
    message_rules_input(&message, &input);
    rules_propose(vault.rules, &input, &proposal);
    json_t *state = state_new(&message, proposal_json(&proposal, 1));
    struct case_file *file = book_add(vault.book, case_id);
    book_key_add(file, ROOT_STAFF, 1, key);
    book_key_add(file, ROOT_THREAD, 1, key);
    char *text = json_dumps(state, JSON_COMPACT);
    file->state = mem_copy_text(text);
    file->state_len = strlen(text);
    file->version = 1;
    state_read(state, file);
    queue_put(&vault.queue, &file->place, clock_wall());
    book_note_known(vault.book, 1);
    mem_free(text);
    json_decref(state);
    message_free(&message);
}

static void make_desk(void)
{
    char says[SAYS_SIZE];
    const uint8_t seed[32] = {7};
    strcpy(vault.manifest.keys[0].use, "state");
    strcpy(vault.manifest.keys[0].name, "usual");
    strcpy(vault.manifest.keys[1].use, "audit");
    strcpy(vault.manifest.keys[1].name, "office");
    vault.manifest.key_count = 2;
    vault.manifest.office = 1;
    vault.settings.desk = mem_copy_text("usual");
    vault.settings.title = mem_copy_text("Usual");
    vault.settings.danger_desk = mem_copy_text("");
    vault.settings.second_factor = mem_copy_text("offered");
    vault.settings.issuer = mem_copy_text("recourse");
    vault.settings.signin_origin = mem_copy_text("https://localhost:8444");
    vault.settings.alarm_channel = mem_copy_text("main");
    vault.settings.alarm_email_channel = mem_copy_text("");
    vault.settings.alarm_language = mem_copy_text("en");
    vault.settings.alarm_repeat_s = 600;
    vault.settings.office = 1;
    vault.settings.retention_months = 84;
    vault.settings.drift_days = 30;
    need(sign_key_new(seed, &vault.state_key) == ERR_OK &&
         rules_load(SOURCE_ROOT "/triage/rules", &vault.rules, says) == ERR_OK &&
         stages_office_begin(&vault.office, SOURCE_ROOT "/triage/deadlines", "default ess10", says) == ERR_OK &&
         codes_load(SOURCE_ROOT "/triage/codes", &vault.codes, says) == ERR_OK);
    sign_key_public(vault.state_key, vault.manifest.keys[0].key);
    sign_key_public(vault.state_key, vault.state_public);
    vault.manifest.keys[1].key[0] = 9; /* the base point: any point will do */
    vault.fence = 1;
    vault.has_secrets = 1;
}

/* ---- asking ---- */

/* The line with sessions in the place of their names. */
static struct buf frame_of(const char *line, const char *officers, const char *admins)
{
    struct buf out = BUF_INIT(1 << 20);
    uint8_t head[FRAME_HEAD] = {0};
    need(buf_add(&out, head, sizeof head) == ERR_OK);
    for (; *line; line++) {
        int is_officer = strncmp(line, "@OFFICER", 8) == 0, is_admin = strncmp(line, "@ADMIN", 6) == 0;
        need((is_officer || is_admin ? buf_add_text(&out, is_officer ? officers : admins)
                                     : buf_add_byte(&out, (uint8_t)*line)) == ERR_OK);
        line += is_officer ? 7 : is_admin ? 5 : 0;
    }
    frame_head_put(out.bytes, visit.asked, out.len - FRAME_HEAD);
    return out;
}

static void ask(const char *line, const char *officers, const char *admins)
{
    int which = *line == '!';
    struct buf frame = frame_of(line + which, officers, admins);
    need(send(visit.fds[which], frame.bytes, frame.len, MSG_NOSIGNAL) == (ssize_t)frame.len);
    visit.asked++;
    buf_free(&frame);
}

static void answer_is_good(const uint8_t *at, size_t len)
{
    static const char *const codes[] = {"malformed", "signin", "denied", "not_found", "conflict",
                                        "budget",    "locked", "busy",   "enrol",     NULL};
    json_t *answer;
    struct json_fault fault;
    need(json_read_object(at, len, &answer, &fault) == ERR_OK && json_is_boolean(json_object_get(answer, "ok")));
    if (json_is_false(json_object_get(answer, "ok"))) {
        const char *code = json_string_value(json_object_get(answer, "error"));
        size_t i = 0;
        while (code && codes[i] && strcmp(codes[i], code) != 0)
            i++;
        need(code && codes[i] && json_string_length(json_object_get(answer, "says")) > 0);
    }
    json_decref(answer);
}

static void take_answers(int which)
{
    uint8_t piece[65536];
    ssize_t got;
    struct buf *held = &visit.got[which];
    while ((got = recv(visit.fds[which], piece, sizeof piece, 0)) > 0)
        need(buf_add(held, piece, (size_t)got) == ERR_OK);
    need(got < 0 && errno == EAGAIN);
    while (held->len >= FRAME_HEAD) {
        uint32_t number;
        size_t len;
        frame_head_get(held->bytes, &number, &len);
        if (held->len < FRAME_HEAD + len)
            break;
        need(number < visit.asked && !visit.seen[number]++);
        visit.answered++;
        answer_is_good(held->bytes + FRAME_HEAD, len);
        buf_drop(held, FRAME_HEAD + len);
    }
}

static void no_bell(void *room)
{
    (void)room;
}

static void new_doors(void)
{
    vault.door = door_vault_new(vault.loop, "host=/nowhere user=recourse_vault_usual", NULL, no_bell, NULL);
    vault.hasher = hasher_new(vault.loop);
}

void fuzz_start(void)
{
    static const char *const names[] = {"console.sock", "operator.sock"};
    make_desk();
    vault.loop = loop_new();
    for (int i = 0; i < 2; i++) {
        strcpy(sockets[i], fuzz_file(names[i], NULL, 0));
        unlink(sockets[i]);
    }
    struct listening console = {sockets[0], geteuid()}, operator_socket = {sockets[1], geteuid()};
    need(requests_open(&vault, &console, &operator_socket) == ERR_OK);
    vault.keys = keys_link_new(vault.loop, "/nowhere/keys.sock", geteuid());
    vault.sessions = sessions_new(1000000, 1000000);
    vault.signin = signin_new(&vault);
    vault.trail = trail_new();
    vault.exports = exports_new();
    vault.takings = takings_new();
    vault.challenges = challenges_new();
    vault.committer = committer_new(&vault);
    vault.inbox = inbox_new(&vault);
    vault.outbox = outbox_new(&vault);
    vault.pager = pager_new(&vault);
    vault.offers = offers_new(&vault);
    vault.snapshot = snapshot_new(&vault);
    vault.boot = boot_new(&vault);
    vault.phase = PHASE_OPEN;
    know(SHELF_RECORD, officer, vault.record_key,
         "{\"v\":1,\"name\":\"amina\",\"role\":\"officer\",\"password\":\"x\",\"tokens\":[]}", people_read);
    know(SHELF_RECORD, admin, vault.record_key,
         "{\"v\":1,\"name\":\"joseph\",\"role\":\"administrator\",\"password\":\"x\",\"tokens\":[]}", people_read);
    know(SHELF_IMPACT, impact_id, vault.register_key,
         "{\"v\":2,\"title\":\"Wells\",\"what\":\"The wells run dry\",\"state\":\"actual\",\"entities\":[{\"entity\":"
         "\"05000000-0000-0000-0000-000000000000\",\"name\":\"Pumps\",\"involvement\":[{\"value\":\"linked\",\"from\":"
         "\"2026-01-01T00:00:00Z\"}]}]}",
         impacts_read);
    know(SHELF_IMPACT, action_id, vault.register_key,
         "{\"v\":1,\"kind\":\"action\",\"impact\":\"04000000-0000-0000-0000-000000000000\",\"entity\":"
         "\"05000000-0000-0000-0000-000000000000\",\"type\":\"leverage\",\"what\":\"w\",\"owner\":\"amina\",\"state\":"
         "\"planned\",\"due\":\"2026-12-01T00:00:00Z\"}",
         impacts_read);
    know_a_case();
    new_doors();
    need(people_count(vault.people) == 2 && impacts_count(vault.impacts) == 1);
}

/* What waits for the database or a password is let go, as at the vault's end. */
static void let_go(void)
{
    struct door_vault *door = vault.door;
    struct hasher *hasher = vault.hasher;
    new_doors();
    hasher_free(hasher);
    committer_cancel(vault.committer);
    takings_cancel(&vault);
    door_vault_free(door);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    take_answers(0);
    take_answers(1);
    need(++visit.turns < TURNS_MAX);
    if (visit.answered == visit.asked)
        loop_stop(vault.loop);
    if (visit.turns % TURNS_PATIENT == 0)
        let_go();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char officers[SESSION_TEXT], admins[SESSION_TEXT];
    visit = (struct visit){.got = {BUF_INIT(4 << 20), BUF_INIT(4 << 20)}};
    need(session_begin(vault.sessions, officer, clock_wall(), officers) &&
         session_begin(vault.sessions, admin, clock_wall(), admins));
    for (int i = 0; i < 2; i++)
        need((visit.fds[i] = frame_socket_connect(sockets[i])) >= 0);
    while (size && visit.asked < LINES_MAX) {
        char *line = fuzz_line(&data, &size);
        ask(line, officers, admins);
        free(line);
    }
    turns_run(vault.loop, on_turn);
    /* Else each input would make the next one slower. */
    session_end_person(vault.sessions, officer);
    session_end_person(vault.sessions, admin);
    let_go();
    need(vault.phase == PHASE_OPEN);
    for (int i = 0; i < 2; i++) {
        close(visit.fds[i]);
        buf_free(&visit.got[i]);
    }
    return 0;
}
