/* fuzz_search.c -- any text in the index and any words looked for (triage/vault/words.h, search.h): words lie in the
 * text one behind the other, folding them again changes nothing, and a text is found by its own words. */
#include "common/base/mem.h"
#include "common/text/smswords.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/search.h"
#include "triage/vault/words.h"

enum { WORDS_ENOUGH = 40, INDEX_FULL = 1000, FOREVER = 1 << 30 };

/* How many words, at most WORDS_ENOUGH; *len is where the last of them ends. */
static size_t walk(const char *text, size_t *len)
{
    struct words words, again;
    struct word word, folded;
    size_t count = 0, from = 0, end = 0;
    words_begin(&words, text, *len);
    while (count < WORDS_ENOUGH && words_next(&words, &word)) {
        need(word.len >= 1 && word.len <= WORD_BYTES && word.text[word.len] == 0);
        need(utf8_valid(word.text, word.len) && !strchr(word.text, '"') && !strchr(word.text, ' '));
        need(word.from >= from && word.to > word.from && word.to <= *len);
        words_begin(&again, word.text, word.len);
        need(words_next(&again, &folded) && folded.len == word.len && memcmp(folded.text, word.text, word.len) == 0);
        from = word.from;
        end = word.to;
        count++;
    }
    *len = end;
    return count;
}

/* One index serves many inputs: making one takes ten times as long as using it. */
static struct search *search_of_now(uint32_t *number)
{
    static struct search *search;
    static uint32_t used;
    if (used == INDEX_FULL) {
        search_free(search);
        search = NULL;
        used = 0;
    }
    if (!search)
        search = search_new();
    *number = used++;
    return search;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct case_file file = {0};
    struct search *search = search_of_now(&file.number);
    char *text = fuzz_text(data, size);
    struct search_run run;
    size_t len = size, words = walk(text, &len);
    unsigned number;
    need(sms_word_of(text, size) <= SMS_WORD_NO);
    need(sms_answer_of(text, size, &number) <= SMS_WORD_NO && number <= SMS_ANSWER_MAX);
    search_add(search, &file, text, size);
    enum err err = search_run_begin(search, text, len, &run);
    need((err == ERR_OK) == (words > 0));
    if (err == ERR_OK) {
        run.effort = FOREVER;
        while (search_run_step(&run, FOREVER))
            ;
        need(run.found >= 1 && run.found <= INDEX_FULL && search_run_has(&run, file.number));
        search_run_end(&run);
    }
    free(text);
    return 0;
}
