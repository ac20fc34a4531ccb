/* beat.h -- what a worker does by the clock: each minute the signed count of its rows, now and then which desks are
 * offered; and what it does when told to look again at its files (SIGHUP). */
#ifndef INTAKE_BEAT_H
#define INTAKE_BEAT_H

#include "intake/intake.h"

/* Begin; ends with the loop. */
void beat_start(struct intake *intake);
/* Read the manifest and, where TLS is spoken, the certificate again. What cannot be read leaves the old one in force
 * and is logged. */
void beat_reload(struct intake *intake);

#endif
