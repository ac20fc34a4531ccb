/* form_files.h -- a form with files, as browsers send it (multipart/form-data): fields are gathered, files go piece by
 * piece into uploads of their own while the body still comes (upload.h). Nothing of a file is held whole.
 *
 * The page writes its fields in front of its files. Neighbours: page_files.c and page_receipt.c bring the pages. */
#ifndef INTAKE_FORM_FILES_H
#define INTAKE_FORM_FILES_H

#include "common/http/form.h"
#include "intake/intake.h"
#include "intake/limits.h"
#include "intake/upload.h"

enum { FILE_KEY = 44, FILE_LINE = FILE_KEY + 24 + UPLOAD_NAME };

/* A file that has come whole. */
struct form_file {
    char key[FILE_KEY]; /* its upload key */
    char name[UPLOAD_NAME];
    int64_t size;
};

enum form_files_end {
    FORM_FILES_OK,
    FORM_FILES_MANY,   /* more than the office takes; those before are there */
    FORM_FILES_LARGE,  /* together more than it takes; those before are there */
    FORM_FILES_AWAY,   /* they cannot be stored now */
    FORM_FILES_BROKEN, /* the body is not well formed: 400 */
};

struct form_files {
    const struct form *form; /* the fields; of a body that is not well formed those that came */
    const struct form_file *file;
    size_t count;
    enum form_files_end end;
};

/* How many files and bytes the form's owner has already; asked when the first file begins. */
typedef void form_files_had_fn(struct intake *intake, const struct form *form, size_t *count, int64_t *bytes);
/* Once: the form is here and its files are stored, or it went wrong. The request waits for its answer. */
typedef void form_files_fn(struct intake *intake, struct http_req *req, const struct form_files *files);

struct form_files_calls {
    form_files_had_fn *had;
    form_files_fn *done;
};
/* For a streaming route: its piece and its handler. */
enum err form_files_piece(struct http_req *req, struct intake *intake, const struct form_files_calls *calls,
                          const uint8_t *piece, size_t len);
void form_files_complete(struct http_req *req, struct intake *intake, const struct form_files_calls *calls);

#endif
