/* submission.c -- see submission.h. */
#include "intake/submission.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"
#include "common/text/utf8.h"
#include "intake/limits.h"
#include "intake/report_inside.h"

static const char answers_wrong[] = "must be an object of texts, numbers, true or false, and lists of texts";

static enum err submission_fails(struct json_fault *fault, const char *field, const char *says)
{
    *fault = (struct json_fault){.field = field, .says = says};
    return ERR_MALFORMED;
}

static int is_text(const json_t *value)
{
    return json_is_string(value) && utf8_count(json_string_value(value), json_string_length(value)) <= LIMIT_TEXT;
}

static int is_answer(const json_t *value)
{
    size_t i;
    json_t *each;
    if (!json_is_array(value))
        return is_text(value) || json_is_number(value) || json_is_boolean(value) || json_is_null(value);
    json_array_foreach(value, i, each)
    {
        if (i >= LIMIT_PARTNER_ANSWERS || !is_text(each))
            return 0;
    }
    return 1;
}

static enum err read_answers(const json_t *body, struct report *out, struct json_fault *fault)
{
    json_t *answers = json_object_get(body, "answers"), *each;
    const char *key;
    if (!answers || json_is_null(answers))
        return ERR_OK;
    if (!json_is_object(answers) || json_object_size(answers) > LIMIT_PARTNER_ANSWERS)
        return submission_fails(fault, "answers", answers_wrong);
    json_object_foreach(answers, key, each)
    {
        if (strlen(key) > LIMIT_PARTNER_ID || !is_answer(each))
            return submission_fails(fault, "answers", answers_wrong);
        need(json_object_set(out->answers, key, each) == 0);
    }
    return ERR_OK;
}

static enum err read_text(const json_t *body, struct report *out, struct json_fault *fault)
{
    enum err err = json_text(body, "text", JSON_MAY_MISS, (size_t)LIMIT_TEXT * 4, &out->text, fault);
    if (err != ERR_OK)
        return err;
    out->text_len = strlen(out->text);
    if (out->text_len && !report_text_fits(out->text, out->text_len, LIMIT_TEXT))
        return submission_fails(fault, "text", "must have 1 to 20,000 characters");
    if (utf8_blank(out->text, out->text_len) && json_object_size(out->answers) == 0)
        return submission_fails(fault, "text", "is missing, and there are no answers");
    return ERR_OK;
}

enum err submission_read(const json_t *body, enum json_presence id_presence, struct report *out, const char **out_id,
                         struct json_fault *fault)
{
    *out = (struct report){.kind = "consultation", .language = "und", .text = ""};
    *out_id = NULL;
    out->answers = json_object();
    out->contact = json_object();
    out->on_behalf_of = json_object();
    enum err err = json_text(body, "id", id_presence, LIMIT_PARTNER_ID, out_id, fault);
    if (err == ERR_OK && *out_id && !**out_id)
        err = submission_fails(fault, "id", "is empty");
    if (err == ERR_OK)
        err = json_text(body, "language", JSON_MAY_MISS, LIMIT_LANGUAGE, &out->language, fault);
    if (err == ERR_OK && !report_is_language(out->language))
        err = submission_fails(fault, "language", "must be a language tag");
    if (err == ERR_OK)
        err = json_flag(body, "synthetic", JSON_MAY_MISS, &out->synthetic, fault);
    if (err == ERR_OK)
        err = read_answers(body, out, fault);
    if (err == ERR_OK)
        err = read_text(body, out, fault);
    if (err != ERR_OK)
        report_free(out);
    return err;
}

void submission_name(const uint8_t secret[static 32], const struct submission_round *round, const char *id,
                     struct once *out)
{
    uint8_t named[32];
    struct buf name = BUF_INIT(16 + sizeof round->code + LIMIT_PARTNER_ID);
    once_random(out);
    if (!id)
        return;
    need(buf_add(&name, round->partner_id, sizeof round->partner_id) == ERR_OK);
    need(buf_add(&name, round->code, strlen(round->code) + 1) == ERR_OK); /* its NUL parts it from the id */
    need(buf_add_text(&name, id) == ERR_OK);
    sign_hmac(secret, 32, buf_text(&name), name.len, named);
    struct rd r = rd_from(named, sizeof named);
    rd_raw(&r, out->case_id, sizeof out->case_id);
    rd_raw(&r, out->row_id, sizeof out->row_id);
    need(rd_end(&r) == ERR_OK);
    buf_free(&name);
}

enum err submission_send(struct intake *intake, const struct submission_round *round, const struct report *report,
                         const char *id, submit_done_fn *done, void *room, uint64_t tag)
{
    struct report_origin origin = {
        .channel = "partner", .organisation = round->partner, .round = round->code, .id = id};
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct once once;
    submission_name(intake->once_secret, round, id, &once);
    struct submit_case what = {.desk = round->desk, .once = &once, .author = AUTHOR_PARTNER, .inside = &inside};
    enum err err = report_inside(report, &origin, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_case(intake, &what, done, room, tag);
    buf_free(&inside);
    return err;
}
