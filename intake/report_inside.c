/* report_inside.c -- see report_inside.h. */
#include "intake/report_inside.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "intake/limits.h"

/* Straight into `out`, whose memory is wiped as it grows: no copy between. */
static int dump_piece(const char *piece, size_t len, void *out)
{
    return buf_add(out, piece, len) == ERR_OK ? 0 : -1;
}

/* A JSON string of what is known to be UTF-8, in spans: that jansson looks at each character again was a fifth and more
 * of what reading and writing a report's JSON took. */
static enum err dump_text(const char *text, size_t len, struct buf *out)
{
    static const char escaped[] = "\"\\\n\r\t", as[] = "\"\\nrt";
    enum err err = buf_add_byte(out, '"');
    for (size_t i = 0; i < len && err == ERR_OK;) {
        size_t plain = i;
        while (plain < len && (uint8_t)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
            plain++;
        err = buf_add(out, text + i, plain - i);
        const char *known = plain < len ? memchr(escaped, text[plain], sizeof escaped - 1) : NULL;
        if (known && err == ERR_OK)
            err = buf_addf(out, "\\%c", as[known - escaped]);
        else if (plain < len && err == ERR_OK)
            err = buf_addf(out, "\\u%04x", (unsigned)(uint8_t)text[plain]);
        i = plain + 1;
    }
    return err == ERR_OK ? buf_add_byte(out, '"') : err;
}

/* The members of `inside`, which is taken, in the order of their names, and behind them the text. */
static enum err dump(json_t *inside, const char *text, size_t text_len, struct buf *out)
{
    need(inside != NULL);
    size_t before = out->len;
    enum err err =
        json_dump_callback(inside, dump_piece, out, JSON_COMPACT | JSON_SORT_KEYS) == 0 ? ERR_OK : ERR_TOO_BIG;
    json_decref(inside);
    if (err == ERR_OK) {
        buf_cut(out, out->len - 1); /* the closing brace comes behind the text */
        err = buf_add_text(out, ",\"text\":");
    }
    if (err == ERR_OK)
        err = dump_text(text, text_len, out);
    if (err == ERR_OK)
        err = buf_add_byte(out, '}');
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

static json_t *told(const struct report *report)
{
    return json_pack("{s:i, s:s, s:s, s:O, s:O, s:O, s:b, s:b, s:O*}", "v", 1, "kind", report->kind, "language",
                     report->language, "answers", report->answers, "contact", report->contact, "on_behalf_of",
                     report->on_behalf_of, "read_back", report->read_back, "synthetic", report->synthetic, "files",
                     report->files);
}

static void put_text(json_t *inside, const char *key, const char *text)
{
    if (text)
        need(json_object_set_new(inside, key, json_string(text)) == 0);
}

static void put_at(json_t *inside, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at, text);
    put_text(inside, "at", text);
}

enum err report_inside(const struct report *report, const struct report_origin *origin, int64_t at, struct buf *out)
{
    json_t *inside = told(report);
    put_at(inside, at);
    put_text(inside, "channel", origin->channel);
    put_text(inside, "organisation", origin->organisation);
    put_text(inside, "round", origin->round);
    put_text(inside, "id", origin->id);
    put_text(inside, "aside", origin->aside);
    return dump(inside, report->text, report->text_len, out);
}

enum err report_inside_message(const struct report_message *message, int64_t at, struct buf *out)
{
    json_t *inside = json_pack("{s:i, s:s, s:s, s:b}", "v", 1, "language", message->language, "channel",
                               message->channel, "read_back", message->read_back);
    put_at(inside, at);
    if (message->act)
        put_text(inside, "act", message->act);
    if (message->receipts)
        need(json_object_set_new(inside, "receipts", message->receipts) == 0);
    if (message->files)
        need(json_object_set(inside, "files", message->files) == 0);
    return dump(inside, message->text, message->text_len, out);
}

/* What is known of the files besides hangs on whether the store could be asked. */
static void leave_said_out(json_t *files)
{
    size_t i;
    json_t *each;
    json_array_foreach(files, i, each)
    {
        json_object_del(each, "name");
        json_object_del(each, "size");
    }
}

void report_inside_digest(const struct report *report, uint8_t out[static 32])
{
    struct buf text = BUF_INIT(LIMIT_INSIDE);
    struct report bare = *report;
    bare.files = json_deep_copy(report->files);
    leave_said_out(bare.files);
    json_t *all = told(&bare);
    json_decref(bare.files);
    put_text(all, "desk", report->desk);
    need(dump(all, report->text, report->text_len, &text) == ERR_OK); /* a body within its limit fits */
    sign_sha256(buf_text(&text), text.len, out);
    buf_free(&text);
}
