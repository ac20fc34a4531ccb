/* door_intake_inside.h -- what door_intake.c and door_intake_uploads.c share. */
#ifndef STORE_DOOR_INTAKE_INSIDE_H
#define STORE_DOOR_INTAKE_INSIDE_H

#include "store/appender.h"
#include "store/door_intake.h"
#include "store/drain.h"

struct door_intake {
    struct loop *loop;
    struct store *store;
    struct appender *appender;
    struct drain *drain; /* NULL: no spool */
};

#endif
