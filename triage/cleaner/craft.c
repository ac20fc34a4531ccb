/* craft.c -- see craft.h. Nothing is believed to be clean because a tool said so: left.c looks at whatever came out. */
#include "triage/cleaner/craft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "triage/cleaner/left.h"
#include "triage/cleaner/tool.h"

#define PYTHON "/usr/bin/python3"
#define MAT2   "/usr/lib/python3/dist-packages/libmat2/__init__.py"
#define FFMPEG "/usr/bin/ffmpeg"

/* How every call of ffmpeg begins: it reads one file, of a type that was found before, and nothing else. */
#define FFMPEG_READS(demuxer, in)                                                                                      \
    FFMPEG, "-nostdin", "-hide_banner", "-loglevel", "error", "-filter_threads", "1", "-threads", "1",                 \
        "-protocol_whitelist", "file", "-f", (demuxer), "-i", (in)
/* Nothing of what was known about it goes along. */
#define FFMPEG_TELLS_NOTHING "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"
#define FFMPEG_WRITES_ONE    FFMPEG_TELLS_NOTHING, "-update", "1", "-y", "-f", "image2", CRAFT_RESULT, NULL

#define PDFTOPPM "/usr/bin/pdftoppm"

static enum report_says says_of(enum tool_end end)
{
    static const enum report_says table[] = {[TOOL_DONE] = REPORT_OK,
                                             [TOOL_LIMITS] = REPORT_LIMITS,
                                             [TOOL_UNKNOWN] = REPORT_TYPE_UNKNOWN,
                                             [TOOL_BROKEN] = REPORT_BROKEN,
                                             [TOOL_MISSING] = REPORT_NO_TOOL};
    return table[end];
}

static void report_without(struct report *report, enum report_says says)
{
    int is_refused = says == REPORT_LIMITS || says == REPORT_BROKEN;
    report->status = is_refused ? REPORT_REFUSED : REPORT_UNCLEANED;
    report->says = says;
    report->by = REPORT_BY_NOBODY;
    report->result_type[0] = '\0';
    unlink(CRAFT_RESULT);
}

static int has_result(void)
{
    struct stat st;
    return lstat(CRAFT_RESULT, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* ---- before and after ---- */

/* Some readers reserve memory for all of a picture before they have read any of it. */
static enum tool_end look_at_size(const char *in, uint64_t pixels_max)
{
    const char *const words[] = {TOOL_EXIFTOOL, "-q", "-q", "-fast", "-s3", "-ImageWidth", "-ImageHeight", in, NULL};
    struct buf said = BUF_INIT(TOOL_OUT);
    enum tool_end end = tool_run(words, &said);
    char *at = NULL;
    uint64_t width = strtoull(buf_text(&said), &at, 10), height = at && *at ? strtoull(at, NULL, 10) : 0;
    buf_free(&said);
    /* One that it cannot read is the tools' to judge. */
    if (end == TOOL_BROKEN || end == TOOL_UNKNOWN)
        end = TOOL_DONE;
    if (end == TOOL_DONE && height && width > pixels_max / height)
        end = TOOL_LIMITS;
    return end;
}

static void finish(enum tool_end end, enum report_by by, const char *result_type, const char *extension,
                   struct report *report)
{
    enum report_says says = says_of(end);
    if (says == REPORT_OK && !has_result())
        says = REPORT_BROKEN;
    if (says == REPORT_OK)
        says = left_in(CRAFT_RESULT, extension);
    if (says != REPORT_OK) {
        report_without(report, says);
        return;
    }
    report->status = REPORT_CLEANED;
    report->says = REPORT_OK;
    report->by = by;
    snprintf(report->result_type, sizeof report->result_type, "%s", result_type);
}

/* ---- cleaning ---- */

/* mat2's library rather than its command, which cleans in a pool of processes that need semaphores outside our folder,
 * and starts bubblewrap, which cannot work inside our own sandbox. */
static const char USE_MAT2[] = "import sys\n"
                               "from libmat2 import parser_factory\n"
                               "parser, kind = parser_factory.get_parser(sys.argv[1])\n"
                               "if parser is None:\n"
                               "    sys.exit(str(kind) + \" isn't supported\")\n"
                               "parser.lightweight_cleaning = False\n"
                               "parser.sandbox = False\n"
                               "sys.exit(not parser.remove_all())\n";

static enum tool_end by_mat2(const struct trade *trade, const char *in)
{
    char out[32];
    const char *const words[] = {PYTHON, "-I", "-B", "-c", USE_MAT2, in, NULL};
    if (access(MAT2, R_OK) != 0)
        return TOOL_MISSING;
    enum tool_end end = tool_run(words, NULL);
    snprintf(out, sizeof out, "in.cleaned.%s", trade->extension);
    return end == TOOL_DONE && rename(out, CRAFT_RESULT) != 0 ? TOOL_BROKEN : end;
}

static enum tool_end by_copy(const struct trade *trade, const char *in)
{
    const char *const words[] = {FFMPEG_READS(trade->demuxer, in),
                                 "-map",
                                 "0:V?",
                                 "-map",
                                 "0:a?",
                                 "-c",
                                 "copy",
                                 "-map_metadata:s",
                                 "-1",
                                 "-map_chapters",
                                 "-1",
                                 FFMPEG_TELLS_NOTHING,
                                 "-flags:a",
                                 "+bitexact",
                                 "-y",
                                 "-f",
                                 trade->muxer,
                                 CRAFT_RESULT,
                                 NULL};
    return tool_run(words, NULL);
}

static enum tool_end by_encode(const struct trade *trade, const char *in)
{
    const char *codec = strcmp(trade->muxer, "webp") == 0 ? "libwebp" : "bmp";
    const char *const words[] = {
        FFMPEG_READS(trade->demuxer, in), "-frames:v", "1", "-c:v", codec, "-quality", "90", FFMPEG_WRITES_ONE};
    return tool_run(words, NULL);
}

static enum tool_end by_exiftool(const char *in)
{
    const char *const words[] = {TOOL_EXIFTOOL, "-q", "-q", "-all=", "-o", CRAFT_RESULT, in, NULL};
    return tool_run(words, NULL);
}

void craft_clean(const struct trade *trade, const char *in, uint64_t pixels_max, struct report *report)
{
    enum tool_end end = TOOL_UNKNOWN;
    enum report_by by = REPORT_BY_NOBODY;
    if (strncmp(trade->type, "image/", 6) == 0 && (end = look_at_size(in, pixels_max)) != TOOL_DONE) {
        report_without(report, says_of(end));
        return;
    }
    switch (trade->clean) {
    case TRADE_NOTHING:
        end = TOOL_UNKNOWN;
        break;
    case TRADE_MAT2:
        by = REPORT_BY_MAT2;
        end = by_mat2(trade, in);
        if (end == TOOL_DONE || end == TOOL_LIMITS || !trade->muxer)
            break;
        /* fall through */
    case TRADE_COPY:
        by = REPORT_BY_FFMPEG;
        end = by_copy(trade, in);
        break;
    case TRADE_ENCODE:
        by = REPORT_BY_FFMPEG;
        end = by_encode(trade, in);
        break;
    case TRADE_EXIFTOOL:
        by = REPORT_BY_EXIFTOOL;
        end = by_exiftool(in);
        break;
    }
    finish(end, by, trade->result_type ? trade->result_type : trade->type, trade->extension, report);
}

/* ---- drawing ---- */

static enum tool_end draw_picture(const struct trade *trade, const char *in)
{
    static const char within[] =
        "scale='min(" CRAFT_SIDE ",iw)':'min(" CRAFT_SIDE ",ih)':force_original_aspect_ratio=decrease";
    const char *codec = trade->draw == TRADE_PNG ? "png" : "mjpeg";
    const char *const words[] = {FFMPEG_READS(trade->demuxer, in),
                                 "-map",
                                 "0:V:0",
                                 "-frames:v",
                                 "1",
                                 "-vf",
                                 within,
                                 "-c:v",
                                 codec,
                                 "-q:v",
                                 "3",
                                 FFMPEG_WRITES_ONE};
    return tool_run(words, NULL);
}

static enum tool_end draw_page(const char *in)
{
    const char *const words[] = {PDFTOPPM,      "-png",      "-f",       "1", "-l",   "1",
                                 "-singlefile", "-scale-to", CRAFT_SIDE, in,  "page", NULL};
    enum tool_end end = tool_run(words, NULL);
    return end == TOOL_DONE && rename("page.png", CRAFT_RESULT) != 0 ? TOOL_BROKEN : end;
}

void craft_draw(const struct trade *trade, const char *in, uint64_t pixels_max, struct report *report)
{
    if (trade->draw == TRADE_NO_PIXELS) {
        report_without(report, REPORT_TYPE_UNKNOWN);
        return;
    }
    enum tool_end end = trade->draw == TRADE_PAGE ? TOOL_DONE : look_at_size(in, pixels_max);
    if (end == TOOL_DONE)
        end = trade->draw == TRADE_PAGE ? draw_page(in) : draw_picture(trade, in);
    enum report_by by = trade->draw == TRADE_PAGE ? REPORT_BY_PDFTOPPM : REPORT_BY_FFMPEG;
    if (trade->draw == TRADE_JPEG)
        finish(end, by, "image/jpeg", "jpg", report);
    else
        finish(end, by, "image/png", "png", report);
}
