/* digits.h -- decimal digits of every script: what a person types on a keypad of their own language. */
#ifndef COMMON_BASE_DIGITS_H
#define COMMON_BASE_DIGITS_H

#include <stdint.h>

/* 0 to 9 for a code point of Unicode's category Nd (decimal digit), else -1. */
int digits_value(uint32_t code_point);

#endif
