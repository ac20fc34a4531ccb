/* remedy_tell.c -- see remedy_tell.h. Phones are shared: what we add by ourselves names no subject, and is short. */
#include "triage/vault/remedy_tell.h"

#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/decision.h"
#include "triage/vault/outbox.h"
#include "triage/vault/participants.h"
#include "triage/vault/texting.h"

enum { TEXT_BYTES = 64 * 1024 };

/* In the conversation, and with `by_text` behind it as a text. Lengths were checked where the words came in. */
static void tell(struct case_change *cc, const char *who, const char *language, const char *text, const char *by_text)
{
    struct buf all = BUF_INIT(TEXT_BYTES);
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s}", "v", 1, "at", state_now(), "text", text, "language", language);
    need(inside != NULL);
    if (book_key(cc->file, ROOT_THREAD, 1))
        decision_say(cc, who, inside);
    json_decref(inside);
    need(buf_addf(&all, "%s\n\n%s", text, by_text) == ERR_OK);
    outbox_text(cc, buf_text(&all));
    buf_free(&all);
}

void remedy_tell_offer(struct case_change *cc, const char *who, const char *text, const char *language)
{
    const struct vault *vault = cc->vault;
    struct buf all = BUF_INIT(TEXT_BYTES);
    static const char *const says[PARTICIPANT_ROLES] = {
        [PARTICIPANT_MEMBER] = T("You answer for yourself alone, not for the others."),
        [PARTICIPANT_REPRESENTATIVE] = T("You speak for somebody else: ask them first. What they say counts."),
    };
    const char *english = says[participant_role(cc->state)];
    const char *for_whom = english ? outbox_sentence(vault, language, english) : "";
    need(buf_addf(&all, "%s%s%s", text, english ? "\n\n" : "", for_whom) == ERR_OK);
    tell(cc, who, language, buf_text(&all),
         outbox_sentence(vault, language, T("Do you accept this? Reply YES or NO.")));
    if (texting_may_send(cc->state))
        remedy_offer_texted(cc->state);
    buf_free(&all);
}

const char *remedy_tell_asked(struct case_change *cc, const char *language)
{
    remedy_ask(cc->state, texting_may_send(cc->state));
    return outbox_sentence(cc->vault, language, T("Did it help? Reply YES or NO."));
}

void remedy_tell_question(struct case_change *cc, const char *who)
{
    static const char *const english = T("What we promised should be there now.");
    int is_unread = json_is_true(json_object_get(cc->state, "unread"));
    const char *language = state_text(cc->state, "language"), *says = outbox_sentence(cc->vault, language, english);
    if (strcmp(says, english) == 0)
        language = "en";
    tell(cc, who, language, says, remedy_tell_asked(cc, language));
    if (is_unread && !*who) /* nobody has read what they wrote */
        need(json_object_set_new(cc->state, "unread", json_true()) == 0);
}
