/* file_name.h -- the name that a stranger gave a file, fit to be shown on a line without harm (docs/evidence.md). Pure.
 */
#ifndef COMMON_TEXT_FILE_NAME_H
#define COMMON_TEXT_FILE_NAME_H

enum { FILE_NAME_SIZE = 161 };

/* Without path, control, bidi and invisible characters, cut to fit between characters; may be "". */
void file_name_shown(const char *name, char out[static FILE_NAME_SIZE]);

#endif
