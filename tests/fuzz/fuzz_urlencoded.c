/* fuzz_urlencoded.c -- any form body or query (common/http/form.h): fields within their limits, UTF-8 whatever was
 * sent, found by name; written out again and read, they are the same. */
#include "common/http/form.h"
#include "common/http/urlencoded.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"

static void field_is_good(const struct form *form, const struct form_field *field)
{
    need(strlen(field->name) <= FORM_NAME_MAX && utf8_valid(field->name, strlen(field->name)));
    need(utf8_valid(field->value, field->value_len) && field->value[field->value_len] == 0);
    const struct form_field *first = form_find(form, field->name);
    need(first && first <= field && form_get(form, field->name) == first->value);
}

static void reads_again(const struct form *form)
{
    struct buf written = BUF_INIT(1 << 20);
    struct form again;
    for (unsigned i = 0; i < form->count; i++) {
        const struct form_field *f = &form->fields[i];
        need(urlencoded_write(&written, f->name, strlen(f->name)) == ERR_OK && buf_add_text(&written, "=") == ERR_OK);
        need(urlencoded_write(&written, f->value, f->value_len) == ERR_OK && buf_add_text(&written, "&") == ERR_OK);
    }
    need(strspn(buf_text(&written), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+&=-._*!$'(),;") ==
         written.len);
    need(form_read(&again, buf_text(&written), written.len) == ERR_OK && again.count == form->count);
    for (unsigned i = 0; i < form->count; i++) {
        need(strcmp(again.fields[i].name, form->fields[i].name) == 0);
        need(again.fields[i].value_len == form->fields[i].value_len);
        need(memcmp(again.fields[i].value, form->fields[i].value, form->fields[i].value_len) == 0);
    }
    form_free(&again);
    buf_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;
    enum err err = form_read(&form, (const char *)data, size);
    need(err == ERR_OK || err == ERR_TOO_BIG || err == ERR_MALFORMED);
    need(form.count <= FORM_FIELDS_MAX);
    size_t total = 0;
    for (unsigned i = 0; i < form.count; i++) {
        field_is_good(&form, &form.fields[i]);
        total += form.fields[i].value_len;
    }
    need(total <= size * 3); /* one byte that is not UTF-8 becomes three */
    if (err == ERR_OK)
        reads_again(&form);
    form_free(&form);
    return 0;
}
