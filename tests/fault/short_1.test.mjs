// One half of the faults, shortly.
import { shortForms } from './short.mjs';

shortForms(0);
