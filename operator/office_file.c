/* office_file.c -- see office_file.h. */
#include "operator/office_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/office/office.h"
#include "operator/program.h"
#include "operator/say.h"

static const char NEW_OFFICE[] =
    "# What this office says to people, and what it asks them. Put your own here before you go public.\n"
    "# docs/office.md has all that may stand here. After a change:\n"
    "#   recourse office check     what is wrong, with its line, and which languages lack something\n"
    "#   recourse up               (again) takes it\n"
    "texts:\n"
    "  # whom to call in danger: at the top of the page as soon as somebody says that there is any\n"
    "  emergency:\n"
    "    en: In immediate danger, call 112 or your local emergency number.\n"
    "    fr: En cas de danger immédiat, appelez le 112 ou le numéro d’urgence local.\n"
    "    ar: في حالة الخطر المباشر اتصل بالرقم 112 أو برقم الطوارئ المحلي.\n"
    "    sw: Ukiwa hatarini sasa, piga 112 au namba ya dharura ya eneo lako.\n"
    "  # when somebody reads what comes in: the truth\n"
    "  hours:\n"
    "    en: Reports are read on working days. This is not an emergency service.\n"
    "    fr: Les signalements sont lus les jours ouvrables. Ceci n’est pas un service d’urgence.\n"
    "    ar: تُقرأ البلاغات في أيام العمل. هذه ليست خدمة طوارئ.\n"
    "    sw: Taarifa husomwa siku za kazi. Hii si huduma ya dharura.\n"
    "# What else may stand here (take the # away):\n"
    "#services:                # what a report can be about\n"
    "#  - {code: card, says: {en: The food card, fr: La carte alimentaire}}\n"
    "#questions:               # ours, left out, worded anew, or with fewer choices\n"
    "#  groups: {ask: no}\n"
    "#  how: {only: [page, email, none]}\n"
    "#own_questions:           # your own\n"
    "#  - {code: camp, step: when, answer: text, asks: {en: In which camp was it?}}\n"
    "#steps:                   # what happens with a report, and by when\n"
    "#  - {what: {en: Somebody reads it.}, within: {en: within one working day}}\n"
    "#other_ways:              # who else can help\n"
    "#  - {kind: ombuds, name: {en: Ombuds office of the region}, telephone: +000 123}\n";

/* Whoever finds a demonstration must not take it for a place where help comes from: its office says what it is. */
static void demo_office(struct buf *text)
{
    char path[HOUSE_PATH];
    program_shared(path, "operator/demo/office.yaml");
    if (file_read(path, text) != ERR_OK)
        err_die("%s cannot be read.", path);
}

void office_file_write_new(const struct house *house, int is_demo)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(OFFICE_FILE_MAX);
    if (is_demo)
        demo_office(&text);
    else
        need(buf_add_text(&text, NEW_OFFICE) == ERR_OK);
    house_path(house, path, "office.yaml");
    if (file_write_public(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_free(&text);
}

static void tell(void *room, unsigned line, const char *says)
{
    const char *path = room, *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (line)
        say_wrong("%s:%u: %s", name, line, says);
    else
        say_wrong("%s %s", name, says);
}

int office_file_check(const char *path)
{
    struct office *office = mem_new(sizeof *office);
    enum err err = office_load(office, path, tell, (void *)(uintptr_t)path);
    office_free(office);
    mem_free(office);
    return err == ERR_OK;
}

void office_file_publish(const struct house *house)
{
    char from[HOUSE_PATH], to[HOUSE_PATH];
    struct buf text = BUF_INIT(OFFICE_FILE_MAX);
    house_path(house, from, "office.yaml");
    house_path(house, to, "etc/office.yaml");
    enum err err = file_read(from, &text);
    if (err != ERR_NOT_FOUND && !office_file_check(from))
        err_die("%s is not as it should be: see above, and docs/office.md.", from);
    if (file_write_public(to, text.len ? text.bytes : (const uint8_t *)"", text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", to, strerror(errno));
    buf_free(&text);
}
