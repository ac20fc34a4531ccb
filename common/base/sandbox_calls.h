/* sandbox_calls.h -- which system calls a kind of process keeps. Only for sandbox.c. */
#ifndef COMMON_BASE_SANDBOX_CALLS_H
#define COMMON_BASE_SANDBOX_CALLS_H

#include "common/base/err.h"
#include "common/base/sandbox.h"

/* For every thread of the process, for good. ERR_SYSTEM when the kernel or libseccomp refuses. */
MUST_CHECK enum err sandbox_calls_enter(enum sandbox_calls calls);

#endif
