/* unit.h -- what every unit test of this area includes before anything else: cmocka wants these four in front. */
#ifndef TESTS_UNIT_BASE_UNIT_H
#define TESTS_UNIT_BASE_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#define unit_count(tests) (sizeof(tests) / sizeof *(tests))

#endif
