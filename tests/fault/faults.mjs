// All faults, in the order in which they are tried.
import database from './database.mjs';
import kills from './kills.mjs';

export const faults = [kills, database];
