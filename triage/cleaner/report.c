/* report.c -- see report.h. All words are ours or were held against report_is_type(), so that nothing in the JSON needs
 * to be escaped. */
#include "triage/cleaner/report.h"

#include <string.h>

static const char *const STATUSES[] = {"cleaned", "uncleaned", "refused"};
static const char *const SAYS[] = {"ok", "type-unknown", "left", "limits", "broken", "no-tool"};
static const char *const BYS[] = {"", "mat2", "ffmpeg", "exiftool", "pdftoppm"};

_Static_assert(sizeof STATUSES / sizeof *STATUSES == REPORT_STATUSES, "a word for each status");
_Static_assert(sizeof SAYS / sizeof *SAYS == REPORT_SAYS, "a word for each cause");
_Static_assert(sizeof BYS / sizeof *BYS == REPORT_BYS, "a word for each tool");

int report_is_type(const char *type)
{
    size_t slashes = 0, len = 0;
    for (const char *at = type; *at; at++, len++) {
        int is_word = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || strchr(".+-", *at);
        if (!is_word && *at != '/')
            return 0;
        slashes += *at == '/';
    }
    return len < REPORT_TYPE_SIZE && slashes == 1 && type[0] != '/' && type[len - 1] != '/';
}

void report_put(const struct report *report, uint8_t out[static REPORT_BYTES])
{
    memset(out, 0, REPORT_BYTES);
    out[0] = (uint8_t)report->status;
    out[1] = (uint8_t)report->says;
    out[2] = (uint8_t)report->by;
    memcpy(out + 3, report->type, strnlen(report->type, REPORT_TYPE_SIZE - 1));
    memcpy(out + 3 + REPORT_TYPE_SIZE, report->result_type, strnlen(report->result_type, REPORT_TYPE_SIZE - 1));
}

static enum err read_type(const uint8_t *from, char out[static REPORT_TYPE_SIZE])
{
    memcpy(out, from, REPORT_TYPE_SIZE);
    if (out[REPORT_TYPE_SIZE - 1] != '\0' || (*out && !report_is_type(out)))
        return ERR_MALFORMED;
    return ERR_OK;
}

enum err report_read(const uint8_t *bytes, size_t len, struct report *out)
{
    memset(out, 0, sizeof *out);
    if (len != REPORT_BYTES || bytes[0] >= REPORT_STATUSES || bytes[1] >= REPORT_SAYS || bytes[2] >= REPORT_BYS)
        return ERR_MALFORMED;
    out->status = bytes[0];
    out->says = bytes[1];
    out->by = bytes[2];
    enum err err = read_type(bytes + 3, out->type);
    if (err == ERR_OK)
        err = read_type(bytes + 3 + REPORT_TYPE_SIZE, out->result_type);
    if (err == ERR_OK && (out->status == REPORT_CLEANED) != (out->result_type[0] != '\0'))
        err = ERR_MALFORMED;
    return err;
}

void report_say(const struct report *report, uint64_t size, struct buf *out)
{
    need(buf_addf(
             out,
             "{\"type\":\"%s\",\"status\":\"%s\",\"by\":\"%s\",\"says\":\"%s\",\"size\":%llu,\"result_type\":\"%s\"}",
             report->type, STATUSES[report->status], BYS[report->by], SAYS[report->says], (unsigned long long)size,
             report->result_type) == ERR_OK);
}
