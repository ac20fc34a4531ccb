/* pages.h -- pages out: a template, the reader's language, and what stands on every page (the emergency line first). */
#ifndef INTAKE_PAGES_H
#define INTAKE_PAGES_H

#include "intake/intake.h"

/* Read templates and catalogues, and compute the Content-Security-Policy that allows our own style and script and
 * nothing else. On error `says` holds a sentence. */
MUST_CHECK enum err pages_load(struct intake *intake, char says[static SAYS_SIZE]);
void pages_free(struct intake *intake);
/* Answer with page `name`. Takes `context` (NULL: empty). `path` is where the language links lead ("/report"). */
void pages_answer(struct intake *intake, struct http_req *req, unsigned status, const char *name, const char *path,
                  const char *language, json_t *context);
/* What the office says under `key`, and under KEY_in its {lang, dir}: it may not be the reader's language, because the
 * number to call matters more than the language, and who has it read out hears it right. 0: it says nothing. */
int pages_put_office(json_t *to, const char *key, const struct office_words *words, const char *language);
/* GET /script.js; `room` is the intake. Nothing here needs it. */
void pages_script(struct http_req *req, void *room);
/* GET /safety: advice for who fears to be seen. `room` is the intake. */
void pages_safety(struct http_req *req, void *room);
/* Forget what the browser kept: after the receipt has left the screen, and on leaving. Before pages_answer(). */
void pages_clear_site(struct http_req *req);
/* http_error_page_fn; `room` is the intake. Problem documents for the API, a page for people. */
const char *pages_error(struct http_req *req, void *room, unsigned status, struct buf *out);
/* A form's body: reads it into `form` (always to be freed). On error the request has been answered. */
MUST_CHECK enum err pages_form(struct intake *intake, struct http_req *req, struct form *form);
/* 1 for the key of a page as we give it out, or as good as that. NULL is none. */
int pages_is_key(const char *key);
/* `old_key`, or a fresh one if it is none, for the hidden field that makes sending twice harmless and that a draft lies
 * under. */
void pages_put_key(json_t *context, const char *old_key);
/* The translation of `english`, for report_form_explain(): `arg` is a struct pages_words. */
struct pages_words {
    const struct intake *intake;
    const char *language;
};
const char *pages_says(void *arg, const char *english);

#endif
