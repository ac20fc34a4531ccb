/* search_memory.h -- SQLite's memory in our hands: what it frees is wiped, as everything else in a vault is. */
#ifndef TRIAGE_VAULT_SEARCH_MEMORY_H
#define TRIAGE_VAULT_SEARCH_MEMORY_H

/* For the whole process, once; later calls do nothing. Before SQLite is used; stops the process when it was. */
void search_memory_wipes(void);

#endif
