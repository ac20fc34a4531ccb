/* trade.c -- see trade.h. Moving pictures are copied by ffmpeg rather than by mat2, which keeps every stream: drones
 * and action cameras write where they are into subtitles and data streams of their own. */
#include "triage/cleaner/trade.h"

#include <stddef.h>
#include <string.h>

#define OFFICE_XML  "application/vnd.openxmlformats-officedocument."
#define OPEN_OFFICE "application/vnd.oasis.opendocument."

static const struct trade TRADES[] = {
    {"image/jpeg", "jpg", TRADE_MAT2, TRADE_JPEG, "jpeg_pipe", NULL, NULL},
    {"image/png", "png", TRADE_MAT2, TRADE_PNG, "png_pipe", NULL, NULL},
    {"image/gif", "gif", TRADE_MAT2, TRADE_PNG, "gif", NULL, NULL},
    {"image/tiff", "tiff", TRADE_MAT2, TRADE_PNG, "tiff_pipe", NULL, NULL},
    {"image/webp", "webp", TRADE_ENCODE, TRADE_JPEG, "webp_pipe", "webp", NULL},
    {"image/bmp", "bmp", TRADE_ENCODE, TRADE_PNG, "bmp_pipe", "image2", NULL},
    {"image/x-ms-bmp", "bmp", TRADE_ENCODE, TRADE_PNG, "bmp_pipe", "image2", NULL},
    {"image/heic", "heic", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"image/heif", "heic", TRADE_EXIFTOOL, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"image/avif", "avif", TRADE_EXIFTOOL, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"image/svg+xml", "svg", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"application/pdf", "pdf", TRADE_MAT2, TRADE_PAGE, NULL, NULL, NULL},
    {OFFICE_XML "wordprocessingml.document", "docx", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {OFFICE_XML "spreadsheetml.sheet", "xlsx", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {OFFICE_XML "presentationml.presentation", "pptx", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {OPEN_OFFICE "text", "odt", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {OPEN_OFFICE "spreadsheet", "ods", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {OPEN_OFFICE "presentation", "odp", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"application/epub+zip", "epub", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"application/zip", "zip", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"text/plain", "txt", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"text/csv", "txt", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"text/html", "html", TRADE_MAT2, TRADE_NO_PIXELS, NULL, NULL, NULL},
    {"audio/mpeg", "mp3", TRADE_MAT2, TRADE_NO_PIXELS, "mp3", "mp3", NULL},
    {"audio/flac", "flac", TRADE_MAT2, TRADE_NO_PIXELS, "flac", "flac", NULL},
    {"audio/x-flac", "flac", TRADE_MAT2, TRADE_NO_PIXELS, "flac", "flac", NULL},
    {"audio/ogg", "ogg", TRADE_MAT2, TRADE_NO_PIXELS, "ogg", "ogg", NULL},
    {"application/ogg", "ogg", TRADE_COPY, TRADE_NO_PIXELS, "ogg", "ogg", NULL},
    {"video/ogg", "ogv", TRADE_COPY, TRADE_JPEG, "ogg", "ogg", NULL},
    {"audio/x-wav", "wav", TRADE_MAT2, TRADE_NO_PIXELS, "wav", "wav", NULL},
    {"audio/wav", "wav", TRADE_MAT2, TRADE_NO_PIXELS, "wav", "wav", NULL},
    {"audio/x-aiff", "aiff", TRADE_MAT2, TRADE_NO_PIXELS, "aiff", "aiff", NULL},
    {"audio/amr", "amr", TRADE_COPY, TRADE_NO_PIXELS, "amr", "amr", NULL},
    {"audio/x-m4a", "m4a", TRADE_COPY, TRADE_NO_PIXELS, "mov", "ipod", NULL},
    {"audio/mp4", "m4a", TRADE_COPY, TRADE_NO_PIXELS, "mov", "ipod", NULL},
    {"audio/x-hx-aac-adts", "aac", TRADE_COPY, TRADE_NO_PIXELS, "aac", "adts", NULL},
    {"audio/aac", "aac", TRADE_COPY, TRADE_NO_PIXELS, "aac", "adts", NULL},
    {"video/mp4", "mp4", TRADE_COPY, TRADE_JPEG, "mov", "mp4", NULL},
    {"video/x-m4v", "m4v", TRADE_COPY, TRADE_JPEG, "mov", "mp4", "video/mp4"},
    {"video/quicktime", "mov", TRADE_COPY, TRADE_JPEG, "mov", "mov", NULL},
    {"video/3gpp", "3gp", TRADE_COPY, TRADE_JPEG, "mov", "3gp", NULL},
    {"video/3gpp2", "3g2", TRADE_COPY, TRADE_JPEG, "mov", "3g2", NULL},
    {"video/webm", "webm", TRADE_COPY, TRADE_JPEG, "matroska", "webm", NULL},
    {"video/x-matroska", "mkv", TRADE_COPY, TRADE_JPEG, "matroska", "matroska", NULL},
    {"video/x-msvideo", "avi", TRADE_COPY, TRADE_JPEG, "avi", "avi", NULL},
};
enum { TRADE_COUNT = sizeof TRADES / sizeof *TRADES };

/* libmagic calls an office file so when its parts stand in an unusual order. */
static int is_plain_container(const char *type)
{
    return strcmp(type, "application/zip") == 0 || strcmp(type, "application/octet-stream") == 0;
}

static int is_office(const struct trade *trade)
{
    return strncmp(trade->type, "application/vnd.", 16) == 0 || strcmp(trade->type, "application/epub+zip") == 0;
}

const struct trade *trade_find(const char *type, const char *extension)
{
    for (size_t i = 0; is_plain_container(type) && i < TRADE_COUNT; i++)
        if (is_office(&TRADES[i]) && strcmp(TRADES[i].extension, extension) == 0)
            return &TRADES[i];
    for (size_t i = 0; i < TRADE_COUNT; i++)
        if (strcmp(TRADES[i].type, type) == 0)
            return &TRADES[i];
    return NULL;
}
