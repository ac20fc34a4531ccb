/* doctor_cleaner.c -- whether what cleans the files that people attach is installed, and its folder in memory. */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "operator/crew.h"
#include "operator/doctor.h"

/* As triage/cleaner/craft.c starts them. */
static const struct {
    const char *path, *package, *without;
} TOOLS[] = {
    {"/usr/lib/python3/dist-packages/libmat2/__init__.py", "mat2",
     "pictures, documents and recordings keep their metadata"},
    {"/usr/bin/exiftool", "libimage-exiftool-perl",
     "nobody sees whether metadata is left, and no file is called clean"},
    {"/usr/share/perl5/Archive/Zip.pm", "libarchive-zip-perl",
     "nobody sees what is left in an office document, and none is called clean"},
    {"/usr/bin/ffmpeg", "ffmpeg", "films and voice messages keep their metadata, and no picture is drawn"},
    {"/usr/bin/pdftoppm", "poppler-utils", "pages are not drawn"},
    /* A document may name its letters and not bring them: then they are those of this machine. */
    {"/usr/share/poppler/cMap", "poppler-data",
     "pages in Chinese, Japanese or Korean can come out empty, in the copies as well"},
    {"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "fonts-wqy-microhei",
     "letters of Chinese, Japanese or Korean that a page does not bring along come out as boxes"},
    {"/usr/share/fonts/truetype/noto", "fonts-noto-core",
     "letters of many languages that a page does not bring along come out as boxes"},
};

static void check_tools(struct doctor *d)
{
    char cure[DOCTOR_CURE];
    int before = d->bad;
    for (size_t i = 0; i < sizeof TOOLS / sizeof *TOOLS; i++) {
        if (access(TOOLS[i].path, R_OK) == 0)
            continue;
        snprintf(cure, sizeof cure, "apt-get install %s", TOOLS[i].package);
        doctor_bad(d, cure, "files: %s is missing; %s", TOOLS[i].package, TOOLS[i].without);
    }
    if (d->bad == before)
        doctor_good(d, "files: what cleans and draws them is installed");
}

/* Each process has mounts of its own: what it sees there is asked for by its own list. */
static int is_in_memory(const struct doctor *d, const struct crew_member *member, pid_t pid)
{
    char path[64], want[HOUSE_PATH + 32], text[16384];
    snprintf(path, sizeof path, "/proc/%d/mounts", (int)pid);
    doctor_proc(path, text, sizeof text);
    snprintf(want, sizeof want, " %s/run/%s/work tmpfs ", d->house->dir, member->name);
    return strstr(text, want) != NULL;
}

void doctor_cleaner(struct doctor *d)
{
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(d->house, members), ignored;
    check_tools(d);
    for (size_t i = 0; i < count; i++) {
        pid_t pid = members[i].kind->has_work ? doctor_process_of(d, members[i].name, &ignored) : 0;
        if (pid && d->house->separate && !is_in_memory(d, &members[i], pid))
            doctor_bad(d, "docs/cleaner.md, Where files stand", "files: %s has them on a disk while it cleans them",
                       members[i].name);
    }
}
