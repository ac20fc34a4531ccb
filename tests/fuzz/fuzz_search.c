/* fuzz_search.c -- any text in the index and any words looked for (triage/vault/words.h, search.h): words lie in the
 * text one behind the other, folding them again changes nothing, and a text is found by its own words. */
#include "common/base/mem.h"
#include "common/text/smswords.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/index.h"
#include "triage/vault/words.h"

enum { WORDS_ENOUGH = 40 };

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct case_file file = {0};
    struct search *search = index_of_now(&file.number);
    char *text = fuzz_text(data, size);
    size_t len = size, words = walk(text, &len);
    unsigned number;
    int is_found;
    need(sms_word_of(text, size) <= SMS_WORD_NO);
    need(sms_answer_of(text, size, &number) <= SMS_WORD_NO && number <= SMS_ANSWER_MAX);
    search_add(search, &file, text, size);
    enum err err = index_finds(search, text, len, file.number, &is_found);
    need((err == ERR_OK) == (words > 0) && is_found == (words > 0));
    free(text);
    return 0;
}
