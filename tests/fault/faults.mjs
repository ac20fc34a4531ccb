// All faults, in the order in which they are tried.
import clock from './clock.mjs';
import database from './database.mjs';
import { eio, fsyncFails, slow } from './disk.mjs';
import { dataFull, walFull } from './full.mjs';
import identical from './identical.mjs';
import kills from './kills.mjs';
import launcher from './launcher.mjs';
import { failing, leaking } from './nth.mjs';
import replication from './replication.mjs';
import silent from './silent.mjs';
import { spoolFull, spoolSync } from './spool.mjs';
import staff from './staff.mjs';

// Neighbours in this list run side by side in the short form (short.mjs): each takes about as long as the next one.
export const faults = [kills, launcher, database, dataFull, walFull, spoolFull, fsyncFails, spoolSync, eio, slow, clock, replication, failing, silent, identical, leaking, staff];
