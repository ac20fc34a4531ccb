/* receivers.c -- see receivers.h. A receiver's "certificate" is {"pem","sha256","until","by","at"}, "checked" is
 * {"by","at","how"}, "ended" is {"by","at","reason"}. */
#include "triage/vault/receivers.h"

#include <ctype.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/cms.h"
#include "triage/vault/entry.h"

/* ---- all of them ---- */

void receivers_keep(struct receivers *receivers, const uint8_t id[static 16], int64_t version,
                    const uint8_t hash[static 32], json_t *json)
{
    int64_t number = idmap_find(&receivers->by_id, id);
    if (number < 0) {
        if (receivers->count == receivers->room) {
            receivers->room = receivers->room ? receivers->room * 2 : 32;
            receivers->list = mem_grow(receivers->list, receivers->room * sizeof *receivers->list);
        }
        struct receiver *fresh = mem_new(sizeof *fresh);
        memcpy(fresh->id, id, sizeof fresh->id);
        number = (int64_t)receivers->count;
        idmap_add(&receivers->by_id, id, (uint32_t)number);
        receivers->list[receivers->count++] = fresh;
    }
    struct receiver *receiver = receivers->list[number];
    json_decref(receiver->json);
    receiver->json = json;
    receiver->version = version;
    memcpy(receiver->hash, hash, sizeof receiver->hash);
}

void receivers_free(struct receivers *receivers)
{
    for (size_t i = 0; i < receivers->count; i++) {
        json_decref(receivers->list[i]->json);
        mem_free(receivers->list[i]);
    }
    mem_free(receivers->list);
    idmap_free(&receivers->by_id);
    *receivers = (struct receivers){0};
}

struct receiver *receivers_find(const struct receivers *receivers, const char *id_text)
{
    uint8_t id[16];
    int64_t number = code_unid(id_text, strlen(id_text), id) == ERR_OK ? idmap_find(&receivers->by_id, id) : -1;
    return number < 0 ? NULL : receivers->list[number];
}

int64_t receivers_version(const struct receivers *receivers, const uint8_t id[static 16])
{
    int64_t number = idmap_find(&receivers->by_id, id);
    return number < 0 ? 0 : receivers->list[number]->version;
}

/* ---- the certificate ---- */

static const json_t *certificate_of(const json_t *receiver)
{
    return json_object_get(receiver, "certificate");
}

const char *receiver_lacks(const json_t *receiver, int64_t now)
{
    if (json_is_object(json_object_get(receiver, "ended")))
        return "It is in use no more.";
    if (!json_is_object(certificate_of(receiver)))
        return "It has no certificate yet: nothing can be sealed for it.";
    if (!json_is_object(json_object_get(receiver, "checked")))
        return "Somebody else has to compare the certificate's fingerprint by telephone first.";
    if (entry_when(certificate_of(receiver), "until") <= now)
        return "Its certificate is over. Ask for a new one.";
    return NULL;
}

const char *receiver_certificate(json_t *receiver, const char *pem, const char *who, int64_t now)
{
    struct cms_certificate read;
    switch (cms_read(pem, strlen(pem), now, &read)) {
    case ERR_OK:
        break;
    case ERR_TOO_BIG:
        return "That is too long.";
    case ERR_CRYPTO:
        return "The key of that certificate is too weak, or nothing can be sealed to it.";
    case ERR_LOCKED:
        return "The time of that certificate is over, or has not come.";
    default:
        return "That is not one certificate in PEM form.";
    }
    need(json_object_set_new(
             receiver, "certificate",
             json_pack("{s:s,s:s,s:o}", "pem", pem, "sha256", read.sha256, "until", entry_time(read.until))) == 0);
    receiver_vouch(receiver, who, now);
    return NULL;
}

void receiver_vouch(json_t *receiver, const char *who, int64_t now)
{
    json_t *certificate = json_object_get(receiver, "certificate");
    if (!json_is_object(certificate))
        return;
    need(json_object_set_new(certificate, "by", json_string(who)) == 0);
    need(json_object_set_new(certificate, "at", entry_time(now)) == 0);
    json_object_del(receiver, "checked");
}

int receiver_may_check(const json_t *receiver, const char *who)
{
    const json_t *certificate = certificate_of(receiver);
    return json_is_object(certificate) && !json_is_object(json_object_get(receiver, "checked")) &&
           !json_is_object(json_object_get(receiver, "ended")) && strcmp(entry_text(certificate, "by"), who) != 0;
}

int receiver_is_fingerprint(const json_t *receiver, const char *said)
{
    const char *sha256 = entry_text(certificate_of(receiver), "sha256");
    if (!*sha256)
        return 0;
    for (; *said; said++) {
        if (*said == ' ' || *said == ':' || *said == '-' || *said == '\n' || *said == '\t')
            continue;
        if (tolower((unsigned char)*said) != *sha256)
            return 0;
        sha256++;
    }
    return *sha256 == 0;
}

/* ---- shown ---- */

json_t *receiver_row(const struct receiver *receiver, const struct codes *codes, int64_t now)
{
    static const char *const taken_over[] = {"name", "mechanism", "jurisdiction", "takes", NULL};
    char id[CODE_ID_SIZE];
    const char *lacks = receiver_lacks(receiver->json, now);
    const struct codes_row *kind = codes_find(codes, "mechanism", entry_text(receiver->json, "mechanism"));
    code_id(receiver->id, id);
    json_t *row = json_pack("{s:s,s:I,s:s,s:b,s:s*,s:b}", "receiver", id, "version", (json_int_t)receiver->version,
                            "class", kind && kind->to_count ? kind->to[0] : "", "ready", lacks == NULL, "lacks", lacks,
                            "is_ended", json_is_object(json_object_get(receiver->json, "ended")));
    need(row != NULL);
    for (size_t i = 0; taken_over[i]; i++)
        need(json_object_set_new(row, taken_over[i], json_string(entry_text(receiver->json, taken_over[i]))) == 0);
    return row;
}

json_t *receiver_shown(const struct receiver *receiver, const struct codes *codes, const char *who, int64_t now)
{
    json_t *shown = receiver_row(receiver, codes, now);
    int may_check = receiver_may_check(receiver->json, who);
    need(json_object_update_missing(shown, receiver->json) == 0);
    json_object_del(shown, "kind");
    if (json_is_object(certificate_of(receiver->json))) {
        json_t *certificate = json_copy(json_object_get(receiver->json, "certificate"));
        json_object_del(certificate, "pem");
        if (may_check)
            json_object_del(certificate, "sha256");
        need(json_object_set_new(shown, "certificate", certificate) == 0);
    }
    need(json_object_set_new(shown, "may_check", json_boolean(may_check)) == 0);
    return shown;
}
