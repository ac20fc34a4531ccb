/* left.c -- see left.h. */
#include "triage/cleaner/left.h"

#include <stdio.h>
#include <string.h>

#include "triage/cleaner/tool.h"

/* Whatever could tell of whom a file is, or where and with what it was made; and what exiftool has to say about the
 * file. */
#define TAGS_THAT_TELL                                                                                                 \
    "-*GPS*", "-XMP:all", "-IPTC:all", "-MakerNotes:all", "-*Author*", "-*Artist*", "-*Creator*", "-By-line", "-Make", \
        "-Model", "-*Serial*", "-OwnerName", "-CameraOwnerName", "-Copyright", "-Comment", "-UserComment",             \
        "-Description", "-ImageDescription", "-LastModifiedBy", "-Company", "-Manager", "-*Location*", "-Title",       \
        "-HostComputer", "-DateTimeOriginal", "-*UniqueID*", "-Warning"

/* One line of exiftool's begins with the name of a tag that it found (it writes no line ends of a value), or says
 * something of the file. Of a kind that it does not know it could not find anything. */
static enum report_says line_seen(const char *line, size_t len)
{
    static const struct {
        const char *begins;
        enum report_says says;
    } lines[] = {{"Warning: Install ", REPORT_NO_TOOL}, /* a module for what is inside: it has not looked */
                 {"Warning: ", REPORT_OK},
                 {"Error: Unknown file type", REPORT_OK}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strncmp(line, lines[i].begins, strlen(lines[i].begins)) == 0)
            return lines[i].says;
    return strspn(line, " ") >= len ? REPORT_OK : REPORT_LEFT;
}

/* Who has not looked to the end has seen nothing that counts. */
static enum report_says what_was_seen(enum tool_end end, const struct buf *said)
{
    const char *line = buf_text(said);
    if (end == TOOL_LIMITS || end == TOOL_MISSING)
        return end == TOOL_LIMITS ? REPORT_LIMITS : REPORT_NO_TOOL;
    enum report_says says = end == TOOL_DONE || (end == TOOL_BROKEN && said->len > 0) ? REPORT_OK : REPORT_LEFT;
    if (said->len >= TOOL_OUT || strlen(line) != said->len)
        says = REPORT_LEFT;
    for (; says == REPORT_OK && *line; line += strcspn(line, "\n"), line += *line == '\n')
        says = line_seen(line, strcspn(line, "\n"));
    return says;
}

/* It goes by the name's end as well: an archive without one it does not look into, and says nothing of it. */
enum report_says left_in(const char *name, const char *extension)
{
    char named[32];
    struct buf said = BUF_INIT(TOOL_OUT);
    int len = snprintf(named, sizeof named, "%s.%s", name, extension);
    const char *const words[] = {TOOL_EXIFTOOL, "-q", "-q", "-s2", "-a", TAGS_THAT_TELL, named, NULL};
    need(len > 0 && (size_t)len < sizeof named);
    if (rename(name, named) != 0)
        return REPORT_BROKEN;
    enum report_says says = what_was_seen(tool_run(words, &said), &said);
    buf_free(&said);
    return rename(named, name) == 0 ? says : REPORT_BROKEN;
}
