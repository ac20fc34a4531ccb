/* vaults.h -- how the desks stand, for the metrics: whose vault is locked, where nobody is on call, how many cases
 * page.
 *
 * A locked vault cannot tell anybody of danger, so what watches this machine has to see it here. Each worker asks each
 * vault's `status` every 10 s, and every second while one is locked; one that does not answer counts as locked. Counts
 * alone, no desk is named. */
#ifndef TRIAGE_CONSOLE_VAULTS_H
#define TRIAGE_CONSOLE_VAULTS_H

struct console;
struct vaults;

/* Never NULL. Borrows `console` and its links for life. */
struct vaults *vaults_new(struct console *console);
/* After the links were freed: what they cancel still comes here. NULL is fine. */
void vaults_free(struct vaults *vaults);

#endif
