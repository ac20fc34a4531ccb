/* plural.c -- see plural.h. Precedence climbing over one table of operators; the tree lives in a fixed array. */
#include "common/text/plural.h"

#include <string.h>

#include "common/base/num.h"

#define PLURAL_NESTING 32
#define PLURAL_TRIED   1000

enum { NUMBER, VARIABLE, NOT, CHOICE, FIRST_BINARY };

static uint64_t op_or(uint64_t a, uint64_t b)
{
    return a || b;
}

static uint64_t op_and(uint64_t a, uint64_t b)
{
    return a && b;
}

static uint64_t op_same(uint64_t a, uint64_t b)
{
    return a == b;
}

static uint64_t op_other(uint64_t a, uint64_t b)
{
    return a != b;
}

static uint64_t op_most(uint64_t a, uint64_t b)
{
    return a <= b;
}

static uint64_t op_least(uint64_t a, uint64_t b)
{
    return a >= b;
}

static uint64_t op_below(uint64_t a, uint64_t b)
{
    return a < b;
}

static uint64_t op_above(uint64_t a, uint64_t b)
{
    return a > b;
}

static uint64_t op_plus(uint64_t a, uint64_t b)
{
    return a + b;
}

static uint64_t op_minus(uint64_t a, uint64_t b)
{
    return a - b;
}

static uint64_t op_times(uint64_t a, uint64_t b)
{
    return a * b;
}

/* By zero gives zero: a catalogue may be wrong, but it may not stop the process. */
static uint64_t op_over(uint64_t a, uint64_t b)
{
    return b ? a / b : 0;
}

static uint64_t op_rest(uint64_t a, uint64_t b)
{
    return b ? a % b : 0;
}

/* Longer signs before their beginnings. */
static const struct {
    const char *sign;
    int binds;
    uint64_t (*value)(uint64_t, uint64_t);
} binaries[] = {
    {"||", 1, op_or},    {"&&", 2, op_and},  {"==", 3, op_same}, {"!=", 3, op_other}, {"<=", 4, op_most},
    {">=", 4, op_least}, {"<", 4, op_below}, {">", 4, op_above}, {"+", 5, op_plus},   {"-", 5, op_minus},
    {"*", 6, op_times},  {"/", 6, op_over},  {"%", 6, op_rest},
};
#define BINARIES (sizeof binaries / sizeof *binaries)

struct reader {
    const char *at, *end;
    struct plural *into;
    int nesting;
    const char *why; /* the first fault, NULL while there is none */
};

static uint8_t fault(struct reader *r, const char *why)
{
    if (!r->why)
        r->why = why;
    return 0;
}

static uint8_t add(struct reader *r, struct plural_node node)
{
    if (r->into->count == PLURAL_NODES)
        return fault(r, "the plural expression is too long");
    r->into->nodes[r->into->count] = node;
    return r->into->count++;
}

static int next_is(struct reader *r, const char *sign)
{
    size_t len = strlen(sign);
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    return (size_t)(r->end - r->at) >= len && memcmp(r->at, sign, len) == 0;
}

static int take(struct reader *r, const char *sign)
{
    int is = next_is(r, sign);
    if (is)
        r->at += strlen(sign);
    return is;
}

static uint8_t read_choice(struct reader *r);

static uint8_t read_number(struct reader *r)
{
    const char *from = r->at;
    uint64_t number;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    if (num_parse(from, (size_t)(r->at - from), 0, UINT32_MAX, &number) != ERR_OK)
        return fault(r, "the plural expression has something unknown in it");
    return add(r, (struct plural_node){.operation = NUMBER, .number = number});
}

/* NOLINTBEGIN(misc-no-recursion): reading goes down PLURAL_NESTING, evaluating PLURAL_NODES, which only point back. */
static uint8_t read_operand(struct reader *r)
{
    uint8_t inner;
    if (++r->nesting > PLURAL_NESTING)
        return fault(r, "the plural expression is nested too deep");
    if (take(r, "!")) {
        inner = read_operand(r);
        inner = add(r, (struct plural_node){.operation = NOT, .first = inner});
    } else if (take(r, "(")) {
        inner = read_choice(r);
        if (!take(r, ")"))
            inner = fault(r, "a bracket is missing in the plural expression");
    } else if (take(r, "n")) {
        inner = add(r, (struct plural_node){.operation = VARIABLE});
    } else {
        inner = read_number(r);
    }
    r->nesting--;
    return inner;
}

/* An operand and all operators that bind at least as tightly as `least`. */
static uint8_t read_binary(struct reader *r, int least)
{
    uint8_t left = read_operand(r);
    while (!r->why) {
        uint8_t which = 0;
        while (which < BINARIES && !(binaries[which].binds >= least && next_is(r, binaries[which].sign)))
            which++;
        if (which == BINARIES)
            break;
        r->at += strlen(binaries[which].sign);
        uint8_t right = read_binary(r, binaries[which].binds + 1);
        left =
            add(r, (struct plural_node){.operation = (uint8_t)(FIRST_BINARY + which), .first = left, .second = right});
    }
    return left;
}

static uint8_t read_choice(struct reader *r)
{
    uint8_t truth = read_binary(r, 0);
    if (r->why || !take(r, "?"))
        return truth;
    if (++r->nesting > PLURAL_NESTING)
        return fault(r, "the plural expression is nested too deep");
    uint8_t yes = read_choice(r);
    if (!take(r, ":"))
        return fault(r, "a : is missing in the plural expression");
    uint8_t no = read_choice(r);
    r->nesting--;
    return add(r, (struct plural_node){.operation = CHOICE, .first = truth, .second = yes, .third = no});
}

static uint64_t value_of(const struct plural *p, uint8_t place, uint64_t n)
{
    const struct plural_node *node = &p->nodes[place];
    if (node->operation == NUMBER)
        return node->number;
    if (node->operation == VARIABLE)
        return n;
    uint64_t first = value_of(p, node->first, n);
    if (node->operation == NOT)
        return !first;
    if (node->operation == CHOICE)
        return value_of(p, first ? node->second : node->third, n);
    return binaries[node->operation - FIRST_BINARY].value(first, value_of(p, node->second, n));
}
/* NOLINTEND(misc-no-recursion) */

static enum err read_expression(struct reader *r, char says[static SAYS_SIZE])
{
    r->into->root = read_choice(r);
    take(r, ";");
    next_is(r, "");
    if (!r->why && r->at != r->end)
        fault(r, "something stands behind the plural expression");
    for (uint64_t n = 0; !r->why && n <= PLURAL_TRIED; n++)
        if (value_of(r->into, r->into->root, n) >= r->into->forms)
            fault(r, "the plural expression gives a form beyond nplurals");
    return r->why ? says_fail(says, ERR_MALFORMED, "%s", r->why) : ERR_OK;
}

enum err plural_read(const char *text, size_t len, struct plural *out, char says[static SAYS_SIZE])
{
    struct reader r = {.at = text, .end = text + len, .into = out};
    uint64_t forms = 0;
    memset(out, 0, sizeof *out);
    if (!take(&r, "nplurals") || !take(&r, "="))
        return says_fail(says, ERR_MALFORMED, "Plural-Forms does not begin with nplurals=");
    next_is(&r, "");
    const char *from = r.at;
    while (r.at < r.end && *r.at >= '0' && *r.at <= '9')
        r.at++;
    if (num_parse(from, (size_t)(r.at - from), 1, PLURAL_FORMS, &forms) != ERR_OK)
        return says_fail(says, ERR_TOO_BIG, "nplurals must be 1 to %d", PLURAL_FORMS);
    out->forms = (unsigned)forms;
    if (!take(&r, ";") || !take(&r, "plural") || !take(&r, "="))
        return says_fail(says, ERR_MALFORMED, "Plural-Forms has no plural= behind nplurals");
    return read_expression(&r, says);
}

unsigned plural_form(const struct plural *p, uint64_t n)
{
    uint64_t form = value_of(p, p->root, n);
    return form < p->forms ? (unsigned)form : 0;
}
