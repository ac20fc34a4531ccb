// All faults, in the order in which they are tried.
import database from './database.mjs';
import { eio, fsyncFails, slow } from './disk.mjs';
import { dataFull, walFull } from './full.mjs';
import kills from './kills.mjs';
import { failing, leaking } from './nth.mjs';
import replication from './replication.mjs';

export const faults = [kills, database, dataFull, walFull, fsyncFails, eio, slow, replication, failing, leaking];
