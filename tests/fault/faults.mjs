// All faults, in the order in which they are tried.
import database from './database.mjs';
import kills from './kills.mjs';
import { failing, leaking } from './nth.mjs';

export const faults = [kills, database, failing, leaking];
