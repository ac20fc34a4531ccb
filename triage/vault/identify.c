/* identify.c -- see identify.h. One pass for each form. */
#include "triage/vault/identify.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/code.h"
#include "common/base/digits.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "common/text/utf8.h"
#include "triage/vault/entry.h"
#include "triage/vault/words.h"

enum { NUMBER_LEAST = 5, YEAR_LEAST = 1900, YEAR_MOST = 2019, KNOWN_LEAST = 3, GAP_MOST = 2, ID_BYTES = 8 };

struct finding {
    const char *text;
    size_t len;
    json_t *found;
};

/* ---- keeping ---- */

static void id_of(const char *kind, const char *words, size_t len, char out[static CODE_HEX_SIZE(ID_BYTES)])
{
    uint8_t hash[32];
    struct buf both = BUF_INIT(len + 64);
    need(buf_addf(&both, "%s:", kind) == ERR_OK && buf_add(&both, words, len) == ERR_OK);
    sign_sha256(both.bytes, both.len, hash);
    code_hex(hash, ID_BYTES, out);
    buf_free(&both);
}

static void keep(struct finding *f, const char *kind, size_t from, size_t to)
{
    char id[CODE_HEX_SIZE(ID_BYTES)];
    size_t count = json_array_size(f->found);
    if (count >= IDENTIFY_MOST || !utf8_valid(f->text + from, to - from))
        return;
    if (count == IDENTIFY_MOST - 1)
        kind = "more", to = from;
    id_of(kind, f->text + from, to - from, id);
    for (size_t i = 0; i < count; i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(f->found, i), "id")), id) == 0)
            return;
    json_t *one = json_pack("{s:s,s:s,s:o}", "kind", kind, "id", id, "words", json_stringn(f->text + from, to - from));
    need(one && json_array_append_new(f->found, one) == 0);
}

/* ---- numbers and dates ---- */

static int is_gap(uint32_t c)
{
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == 0xa0 || c == 0x2011 ||
           c == 0x202f;
}

struct run {
    size_t end; /* behind its last digit */
    unsigned digits, value, gaps, date_gaps;
};

/* Digits and what people put between them. */
static struct run run_at(const struct finding *f, size_t at)
{
    struct run run = {.end = at};
    uint32_t c;
    size_t took;
    unsigned gap = 0, date_gap = 0;
    for (; (took = utf8_next(f->text + at, f->len - at, &c)) > 0; at += took) {
        int digit = digits_value(c);
        if (digit >= 0) {
            run.gaps += gap > 0;
            run.date_gaps += date_gap;
            gap = date_gap = 0;
            run.digits++;
            run.value = run.digits <= 4 ? run.value * 10 + (unsigned)digit : 0;
            run.end = at + took;
        } else if (is_gap(c) && gap < GAP_MOST) {
            gap++;
            date_gap = gap == 1 && (c == '-' || c == '/' || c == '.');
        } else {
            break;
        }
    }
    return run;
}

static void find_numbers(struct finding *f)
{
    uint32_t c;
    size_t took;
    for (size_t at = 0; (took = utf8_next(f->text + at, f->len - at, &c)) > 0; at += took) {
        if (digits_value(c) < 0)
            continue;
        struct run run = run_at(f, at);
        size_t from = at > 0 && f->text[at - 1] == '+' ? at - 1 : at;
        if (run.gaps == 2 && run.date_gaps == 2 && run.digits <= 8)
            keep(f, "date", from, run.end);
        else if (run.digits >= NUMBER_LEAST)
            keep(f, "number", from, run.end);
        else if (run.digits == 4 && !run.gaps && run.value >= YEAR_LEAST && run.value <= YEAR_MOST)
            keep(f, "date", from, run.end);
        at = run.end - took;
    }
}

/* ---- addresses and accounts ---- */

static int is_part(char c)
{
    return (unsigned char)c > ' ' && !strchr(",;()<>[]\"'", c);
}

static void find_addresses(struct finding *f)
{
    for (size_t at = 0; at < f->len; at++) {
        size_t from = at, to = at + 1;
        if (f->text[at] != '@')
            continue;
        while (from > 0 && is_part(f->text[from - 1]))
            from--;
        while (to < f->len && is_part(f->text[to]))
            to++;
        if (to - from > 1)
            keep(f, "address", from, to);
        at = to - 1;
    }
}

/* ---- words ---- */

static int is_capital(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
           (c >= 0x100 && c <= 0x17f && c % 2 == 0) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x400 && c <= 0x42f);
}

/* A capital there says nothing. */
static int begins_sentence(const struct finding *f, size_t from)
{
    while (from > 0 && strchr(" \t\"'(-*", f->text[from - 1]))
        from--;
    return from == 0 || strchr(".!?:\n\r", f->text[from - 1]) != NULL;
}

static int is_found_name(const struct finding *f, const struct word *word)
{
    size_t i;
    json_t *one;
    json_array_foreach(f->found, i, one)
    {
        struct words words;
        struct word other;
        const json_t *said = json_object_get(one, "words");
        if (strcmp(json_string_value(json_object_get(one, "kind")), "name") != 0)
            continue;
        words_begin(&words, json_string_value(said), json_string_length(said));
        if (words_next(&words, &other) && strcmp(other.text, word->text) == 0)
            return 1;
    }
    return 0;
}

/* `at_beginnings`: the second time, for names that were seen elsewhere. */
static void find_names(struct finding *f, int at_beginnings)
{
    struct words words;
    struct word word;
    words_begin(&words, f->text, f->len);
    while (words_next(&words, &word)) {
        uint32_t c;
        size_t took = utf8_next(f->text + word.from, word.to - word.from, &c);
        if (!took || !is_capital(c) || word.to - word.from == took)
            continue;
        if (begins_sentence(f, word.from) ? at_beginnings && is_found_name(f, &word) : !at_beginnings)
            keep(f, "name", word.from, word.to);
    }
}

/* The words of `known`, folded, each with a line break behind it. */
static void fold_into(struct buf *all, const char *known)
{
    struct words words;
    struct word word;
    words_begin(&words, known, strlen(known));
    while (words_next(&words, &word))
        if (word.len >= KNOWN_LEAST)
            (void)!buf_addf(all, "\n%s\n", word.text); /* of a text that is longer than any the first part counts */
}

static void find_known(struct finding *f, const char *kind, const char *known)
{
    struct buf folded = BUF_INIT(64 * 1024);
    struct words words;
    struct word word;
    char line[WORD_BYTES + 3];
    fold_into(&folded, known);
    words_begin(&words, f->text, f->len);
    while (folded.len && words_next(&words, &word)) {
        snprintf(line, sizeof line, "\n%s\n", word.text);
        if (strstr(buf_text(&folded), line))
            keep(f, kind, word.from, word.to);
    }
    buf_free(&folded);
}

json_t *identify_find(const char *text, size_t len, const json_t *known)
{
    struct finding f = {.text = text, .len = len, .found = json_array()};
    size_t i;
    json_t *one;
    /* What is known comes first: it matters most where there is no room for all. */
    json_array_foreach((json_t *)(uintptr_t)known, i, one) find_known(
        &f, json_string_value(json_object_get(one, "kind")), json_string_value(json_object_get(one, "text")));
    find_numbers(&f);
    find_addresses(&f);
    find_names(&f, 0);
    find_names(&f, 1);
    return f.found;
}

/* ---- what is known ---- */

static void know(json_t *known, const char *kind, const char *text)
{
    if (text && *text)
        need(json_array_append_new(known, json_pack("{s:s,s:s}", "kind", kind, "text", text)) == 0);
}

json_t *identify_known(const json_t *state, const json_t *first)
{
    static const struct {
        const char *object, *member, *kind;
    } rows[] = {{"contact", "number", "contact"},
                {"contact", "email", "contact"},
                {"contact", "words", "contact"},
                {"answers", "who", "answer"},
                {"answers", "where", "answer"}};
    const json_t *own = json_object_get(json_object_get(first, "answers"), "own");
    json_t *known = json_array();
    const char *number = entry_text(json_object_get(state, "sms"), "from");
    /* The copy of a text at another desk has none in its state (message.c), but it is that person's all the same. */
    know(known, "contact", number && *number ? number : entry_text(first, "from"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        know(known, rows[i].kind, entry_text(json_object_get(first, rows[i].object), rows[i].member));
    for (size_t i = 0; i < json_array_size(own); i++) {
        const json_t *one = json_array_get(own, i);
        if (!json_object_get(one, "codes")) /* the words of a choice are the office's */
            know(known, "answer", json_string_value(json_array_get(json_object_get(one, "says"), 0)));
    }
    return known;
}
