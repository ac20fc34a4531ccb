// Real answers held against the document that the server itself serves.
//
//   const api = await described(house.urls.console);
//   api.check('GET', '/api/v1/queue', answer);      // status, content type, every member; throws with what is wrong
//
// A member that the document does not name is a fault here, though clients have to pass over it. Intake's answers are held
// against its document wherever a test asks (ask() of installation.mjs, post() of journal.mjs).
import { ask } from './installation.mjs';
import { against } from './schema.mjs';

export async function described(url) {
  return against((await ask(`${url}/api/v1/openapi.json`)).json());
}
