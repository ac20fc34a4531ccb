/* page_files.c -- see page_files.h. */
#include "intake/page_files.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/catalogue.h"
#include "intake/drafting.h"
#include "intake/file_list.h"
#include "intake/page_steps.h"
#include "intake/pages.h"

/* What the draft, or the page where there is none, has already. The caller's. */
static json_t *files_before(struct intake *intake, const struct form *form)
{
    struct form told;
    json_t *list;
    if (drafting_told(intake, form_get(form, "key"), &told) == ERR_OK)
        list = file_list_read(&told, FILE_LIST_FIELD);
    else
        list = file_list_read(form, FILE_LIST_FIELD);
    form_free(&told);
    return list;
}

static void had(struct intake *intake, const struct form *form, size_t *count, int64_t *bytes)
{
    json_t *list = files_before(intake, form);
    *count = json_array_size(list);
    *bytes = file_list_bytes(list);
    json_decref(list);
}

/* Together with what scripts have sent, without what the person took back. */
static json_t *files_now(struct intake *intake, const struct form_files *files)
{
    json_t *list = files_before(intake, files->form);
    const char *dropped = form_get(files->form, "drop");
    file_list_join(list, files->form, "uploaded");
    for (size_t i = 0; i < files->count; i++)
        file_list_add(list, files->file[i].key, files->file[i].size, files->file[i].name);
    if (dropped)
        file_list_drop(list, dropped);
    return list;
}

static const struct page_steps_note notes[] = {
    [FORM_FILES_MANY] = {413, "file", T("These are more files than we can take. Those before are kept.")},
    [FORM_FILES_LARGE] = {413, "file", T("Together these files are too large for us. Those before are kept.")},
    [FORM_FILES_AWAY] = {503, "file",
                         T("The files could not be stored now. Your words are kept. Try again in a minute, or go on "
                           "without files.")},
    [FORM_FILES_BROKEN] = {400, "file",
                           T("The files did not arrive whole. Your words are kept. Please send them "
                             "again.")},
};

static void taken(struct intake *intake, struct http_req *req, const struct form_files *files)
{
    const char *language = intake_language(intake, req, files->form);
    json_t *list = files_now(intake, files);
    struct form form = {0};
    enum form_files_end fits = file_list_fit(list, intake->settings);
    enum form_files_end end = files->end == FORM_FILES_OK ? fits : files->end;
    enum err err = ERR_OK;
    for (unsigned i = 0; i < files->form->count && err == ERR_OK; i++) {
        const struct form_field *field = &files->form->fields[i];
        err = form_add(&form, field->name, field->value, field->value_len);
    }
    if (err == ERR_OK && form_get(&form, "drop")) /* and the same page again */
        err = form_add(&form, "go", "files", 5);
    if (err == ERR_OK)
        err = file_list_put(list, &form);
    if (err == ERR_OK)
        page_steps_post(intake, req, steps_find("files"), &form, language, end == FORM_FILES_OK ? NULL : &notes[end]);
    else
        http_answer(req, 413, "text/plain", "", 0);
    form_free(&form);
    json_decref(list);
}

static const struct form_files_calls calls = {had, taken};

enum err page_files_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    return form_files_piece(req, room, &calls, piece, len);
}

void page_files_post(struct http_req *req, void *room)
{
    form_files_complete(req, room, &calls);
}
