/* file_list.h -- the files of a report that is being written, as one field of the form: a JSON list of
 * ["upload key", size, "name"]. Pure. Kept with the other answers in the draft (drafting.h). */
#ifndef INTAKE_FILE_LIST_H
#define INTAKE_FILE_LIST_H

#include <jansson.h>

#include "common/http/form.h"
#include "intake/form_files.h"

#define FILE_LIST_FIELD "files"
enum { FILE_SAYS = UPLOAD_NAME + 36 };

/* What a field says; an entry that is none is passed over, as is one beyond LIMIT_FILES. The caller's; never NULL. */
json_t *file_list_read(const struct form *form, const char *field);
/* Add all that another field says. */
void file_list_join(json_t *list, const struct form *form, const char *field);
/* Add; one that is there already (by its key) is not added twice. */
void file_list_add(json_t *list, const char *key, int64_t size, const char *name);
void file_list_drop(json_t *list, const char *key);
/* Bytes of all. */
int64_t file_list_bytes(const json_t *list);
/* The upload keys alone. The caller's. */
json_t *file_list_keys(const json_t *list);
/* "photo.jpg (1.2 MB)"; `size` -1: it is not known. Cut to fit. */
void file_list_says(const char *name, int64_t size, char out[static FILE_SAYS]);
/* [{"key","name","says"}] for pages, as file_list_says() says them. The caller's. */
json_t *file_list_rows(const json_t *list);
/* For a page: those rows as "file_rows", "has_files", and the list itself as "files" (what a hidden field carries). */
void file_list_show(const json_t *list, json_t *context);
/* Leaves out, from the end, what is more than the office takes, and says why; FORM_FILES_OK: nothing was. */
MUST_CHECK enum form_files_end file_list_fit(json_t *list, const struct settings *settings);
/* Puts the list into the form, in place of what was there; an empty one is no field. */
MUST_CHECK enum err file_list_put(const json_t *list, struct form *form);

#endif
