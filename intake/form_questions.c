/* form_questions.c -- see form_questions.h. */
#include "intake/form_questions.h"

#include <string.h>

#include "common/text/catalogue.h"

#define OPTIONS(...)                                                                                                   \
    (const struct form_option[])                                                                                       \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            NULL, NULL                                                                                                 \
        }                                                                                                              \
    }
#define YES_NO OPTIONS({"yes", T("Yes")}, {"no", T("No")}, {"unsure", T("I am not sure")})

const struct form_question form_questions[] = {
    {"danger_now", T("Is anyone in danger right now?"),
     T("You need not answer. If you say yes, we show you who can help at once."), YES_NO},
    {"under_18", T("Are you under 18?"), NULL, OPTIONS({"yes", T("Yes")})},
    {"text", T("What happened?"),
     T("In your own words, in any language. Only this must be answered. You need not prove anything."), NULL},
    {"kind", T("What is it?"), NULL,
     OPTIONS({"grievance", T("Harm that should be put right")}, {"flag", T("Something is wrong, and you should know")},
             {"question", T("A question")}, {"suggestion", T("A suggestion")}, {"thanks", T("Thanks")})},
    {"ongoing", T("Has it happened?"), NULL,
     OPTIONS({"no", T("Yes, and it is over")}, {"yes", T("Yes, and it still goes on")},
             {"not_yet", T("Not yet, but I fear that it will")}, {"unsure", T("I am not sure")})},
    {"when", T("When was it?"), NULL, NULL},
    {"where", T("Where was it? As roughly as you like."), NULL, NULL},
    {"who", T("Who is affected? No names needed."), NULL, NULL},
    {"people_low", T("About how many people, at least?"), NULL, NULL},
    {"people_high", T("About how many people, at most?"), NULL, NULL},
    {"likelihood", T("How likely is it that it will happen?"), T("Only for what has not happened yet."),
     OPTIONS({"high", T("Very likely")}, {"medium", T("It may well happen")},
             {"low", T("It could, but I do not think so")})},
    {"speaking_as", T("For whom do you speak?"),
     T("You may speak for others. Nobody needs a lawyer or a paper for it."),
     OPTIONS({"self", T("For myself")}, {"representative", T("For someone who asked me to, or agreed to it")},
             {"proxy", T("For someone who could not be asked")}, {"witness", T("I saw or heard it")},
             {"group", T("For a group of people, perhaps with me")})},
    {"behalf_who", T("Who is that? A few words, no names needed."), NULL, NULL},
    {"behalf_people", T("How many people are in the group, about?"),
     T("Say how you know who belongs to the group, without names: “the night shift of the packing hall”. Everyone can "
       "also report for themself. Nobody accepts a remedy for the others."),
     NULL},
    {"behalf_consent", T("Did they agree that you speak for them?"), NULL,
     OPTIONS({"given", T("Yes, they agreed")}, {"not_asked", T("They could not be asked")})},
    {"behalf_why", T("If they could not be asked: why not?"),
     T("The person you speak for can take this over themself at any time, or say that you no longer speak for them. "
       "What they say goes before what you say."),
     NULL},
    {"service", T("Which service or technology is it about?"), NULL, NULL},
    {"service_words", T("Which one is it, in your words?"),
     T("For example a camera, an app, a card, a computer that decides. Leave it empty if you do not know."), NULL},
    {"groups", T("Does one of these apply to those who are harmed?"),
     T("Choose as many as you like, or none. It helps us to see who is hurt most, and to be careful."),
     OPTIONS({"child", T("Under 18")}, {"older", T("An older person")}, {"woman", T("A woman or a girl")},
             {"lgbtiq", T("Gay, lesbian, bisexual, trans, intersex or queer")},
             {"disability", T("A person with a disability")},
             {"minority", T("Of an ethnic minority, or treated worse for skin, origin or caste")},
             {"religious_minority", T("Of a religious minority")}, {"indigenous", T("Of an indigenous people")},
             {"migrant_worker", T("A migrant worker")},
             {"refugee", T("A refugee, displaced, or without a nationality")}, {"detainee", T("In prison or detained")},
             {"defender", T("Defends rights, writes as a journalist, or is in a trade union")},
             {"informal_worker", T("Works without a contract, for a short time, or is bound by a debt")},
             {"gbv_survivor", T("Has lived through sexual violence, or violence because of gender")},
             {"conflict", T("Lives where there is war or fighting")}, {"poverty", T("Very poor, or without a home")},
             {"low_literacy", T("Cannot read, or does not share the language")},
             {"platform_worker", T("Gets work and orders from an app")}, {"undisclosed", T("I prefer not to say")})},
    {"retaliation", T("Could someone hurt you because you tell us?"),
     T("Then we take more care in when and how we write to you."), YES_NO},
    {"wish", T("What would help, or put it right?"), NULL, NULL},
    {"files", T("Which photos or files?"),
     T("Photos, recordings, papers: whatever helps to understand it. They are locked as they arrive, like your words. "
       "A photo can tell where and when it was taken: the team first opens a copy without that."),
     NULL},
    {"how", T("How can we reach you safely?"),
     T("With your number you can always read answers here. We write elsewhere only if you choose it."),
     OPTIONS({"none", T("Do not answer me")}, {"page", T("Only on this page, with my number")},
             {"sms", T("By text message")}, {"email", T("By e-mail")})},
    {"number", T("Telephone number"), NULL, NULL},
    {"email", T("E-mail address"), NULL, NULL},
    {"times", T("Which times are safe?"), NULL, NULL},
    {"words", T("Which words should we use, or avoid?"), NULL, NULL},
    {"desk", T("Who should read it?"),
     T("Only the team that you choose can open it. The usual team cannot read what goes to the others."),
     OPTIONS({"usual", T("The usual team")},
             {"safeguarding", T("The protection team: about sexual exploitation or abuse, or harm to a child")},
             {"oversight", T("The oversight team: about the people who run this")})},
    {"read_back", T("Do you want to see your own words here later?"),
     T("Someone may force you to hand over your number. Then they could read what you wrote. Answers from us can be "
       "read with the number in any case."),
     OPTIONS({"no", T("No, hide my words")}, {"yes", T("Yes, show them with my number")})},
    {0},
};

const struct form_question *form_question_find(const char *field)
{
    const struct form_question *question = form_questions;
    while (question->field && strcmp(question->field, field) != 0)
        question++;
    return question->field ? question : NULL;
}

const struct form_option *form_question_option(const struct form_question *question, const char *value)
{
    const struct form_option *option = question->options;
    while (option && option->value && strcmp(option->value, value) != 0)
        option++;
    return option && option->value ? option : NULL;
}
