/* spooling.h -- the public door's spool: opened at boot, shown in the metrics, and what happens when its disk fails. */
#ifndef INTAKE_SPOOLING_H
#define INTAKE_SPOOLING_H

#include "intake/intake.h"

/* Before the sandbox is entered; stops with a sentence when the folder cannot be used. Nothing without a folder in the
 * settings. */
void spooling_open(struct intake *intake, unsigned worker);
/* Behind the door's making. */
void spooling_begin(struct intake *intake);
/* Size, age and counts, now. */
void spooling_count(struct intake *intake);
/* 1: what comes in now will be kept although the database is away. */
int spooling_takes(const struct settings *settings);

#endif
