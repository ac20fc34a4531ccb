/* file_name.c -- see file_name.h. */
#include "common/text/file_name.h"

#include <string.h>

#include "common/text/utf8.h"

/* Controls, what turns or breaks a line, and what has no shape (Unicode's Default_Ignorable_Code_Point). */
static int is_unseen(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0, 0x1f},        {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},    {0x61c, 0x61c},
                  {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},  {0x2028, 0x202e},
                  {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},  {0xffa0, 0xffa0},
                  {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return 1;
    return 0;
}

void file_name_shown(const char *name, char out[static FILE_NAME_SIZE])
{
    size_t len = 0, at = 0;
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    size_t all = strlen(name);
    while (at < all) {
        uint32_t c;
        size_t takes = utf8_next(name + at, all - at, &c);
        if (takes == 0 || len + takes >= FILE_NAME_SIZE)
            break;
        if (!is_unseen(c) && (c != ' ' || len > 0)) {
            memcpy(out + len, name + at, takes);
            len += takes;
        }
        at += takes;
    }
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = 0;
}
