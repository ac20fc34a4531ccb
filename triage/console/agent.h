/* agent.h -- "Firefox, Linux" out of a User-Agent header: for a person who looks through their own sessions. Coarse by
 * intent; nothing else of the header is kept. */
#ifndef TRIAGE_CONSOLE_AGENT_H
#define TRIAGE_CONSOLE_AGENT_H

enum { AGENT_MAX = 40 };

/* `header` may be NULL; then it is "". What is not known is "?". */
void agent_name(const char *header, char out[static AGENT_MAX]);

#endif
