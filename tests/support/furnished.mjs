// A desk in the middle of its work, for tests that walk through pages: cases asked about, decided and with a remedy offered, an impact
// with its actions, a place to refer to, and what is half done about them.
//
//   const world = await furnish(house);
//   for (const path of officerPages(world)) ...
import assert from 'node:assert/strict';
import { ask, until } from './installation.mjs';
import { photograph, upload } from './uploads.mjs';

/** { oneCase, impact, action, receiver: ids; decided, offered: receipts }. `house` runs, with one officer who holds nothing. */
export async function furnish(house) {
  await ask(`${house.urls.intake}/api/v1/reports`, { body: { kind: 'grievance', language: 'en', text: 'They hold our passports', files: [await upload(house, photograph(), { name: 'the gate of the farm where they keep all of us.jpg', type: 'image/jpeg' })], answers: { danger_now: 'yes' } } });
  const bearer = `Bearer ${house.token(house.officer.name)}`;
  const officer = (path, body) => ask(`${house.urls.console}/api/v1${path}`, { body, headers: { authorization: bearer } });
  await until(async () => (await officer('/queue')).json().total === 1, { what: 'the case' });
  const oneCase = (await officer('/queue')).json().items[0].case;
  const impact = (await officer('/impacts', { title: 'Passports withheld', what: 'Workers cannot leave', state: 'actual', rights: ['slavery'], stage: 'use', technology: 'none', scale: 4, scope: 2, irremediability: 3 })).json().impact;
  const entity = (await officer(`/impacts/${impact}/entities`, { name: 'Buyer', involvement: 'linked', said_by: 'Workers', from: '2026-01-01' })).json().entity;
  await officer(`/impacts/${impact}/actions`, { entity, type: 'remedy', what: 'Give the passports back', due: '2026-01-02' });
  const action = (await officer(`/impacts/${impact}/actions`, { entity, type: 'leverage', what: 'Speak with the farm', due: '2026-01-02' })).json().action;
  await officer(`/actions/${action}/attempts`, { lever: 'contract', outcome: 'They listened' });
  await officer(`/cases/${oneCase}/impacts`, { impact, confirm: true, reason: 'The same' });
  // One asks for a second person; another is decided, and a review can be asked for.
  const decision = { state: 'out_of_scope', reason: 'Another country', text: 'This is for the ombudsman', open_remedies: 'The ombudsman', language: 'en' };
  await officer('/queue/take', {});
  assert.equal((await officer(`/cases/${oneCase}/decision`, decision)).json().waits_for_second, true);
  await officer(`/cases/${oneCase}/watch`, { on: true });
  assert.equal((await officer(`/cases/${oneCase}/assessment`, { scale: 4, scope: 4, irremediability: 4, danger_now: true, grave: true, reason: 'A knife', groups: [{ group: 'child', scale: 4, reason: 'Two' }] })).status, 200);
  // Overdue in a moment: nobody is promised anything by a day that is over.
  const soon = () => new Date(Date.now() + 2_000).toISOString().replace(/\.\d+/, '');
  const remedy = () => ({ types: ['reinstatement', 'apology_private'], what: 'The passport, and an apology', by: soon(), text: 'We bring it to you', language: 'en' });
  assert.equal((await officer(`/cases/${oneCase}/offer`, remedy())).status, 200);
  assert.equal((await officer(`/cases/${oneCase}/heard`, { said: 'accept', words: 'She said so by phone' })).status, 200);
  const decided = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: 'The well is dry', read_back: true } })).json().receipt;
  const taken = await until(async () => ((answer) => answer.status === 200 && answer.json().case)(await officer('/queue/take', {})), { what: 'the second case' });
  assert.equal((await officer(`/cases/${taken}/decision`, decision)).status, 200);
  const offered = (await ask(`${house.urls.intake}/api/v1/reports`, { body: { language: 'en', text: 'They took my phone', answers: { speaking_as: 'group' } } })).json().receipt;
  const third = await until(async () => ((answer) => answer.status === 200 && answer.json().case)(await officer('/queue/take', {})), { what: 'the third case' });
  assert.equal((await officer(`/cases/${third}/offer`, remedy())).status, 200);
  // Another mechanism: the person is asked, and a draft waits; of the decided case one question is open, one was answered.
  const receiver = (await officer('/receivers', { name: 'Labour inspectorate', mechanism: 'labour', jurisdiction: 'Nairobi', takes: 'Working hours', contact: 'By post' })).json().receiver;
  const question = { receiver, purpose: 'An inspection', what: 'That you are not let out' };
  await officer(`/cases/${oneCase}/consent`, question);
  assert.equal((await officer(`/cases/${oneCase}/referrals`, { consent: 1, messages: ['1'], text: 'Ask for Daniel, 0712 345 678' })).status, 201);
  assert.equal((await officer(`/cases/${taken}/consent`, question)).status, 201);
  assert.equal((await officer(`/cases/${taken}/consent/answer`, { ...question, answer: 'yes', how: 'On the telephone' })).status, 200);
  return { oneCase, impact, action, receiver, decided, offered };
}

/** Every page an officer can go to by its address. */
export const officerPages = ({ oneCase, impact, action, receiver }) => ['/queue', `/cases/${oneCase}`, `/cases/${oneCase}/why`, '/second', '/remedies', '/queue?lane=watched', '/queue?lane=escalated', '/impacts', '/impacts/new', `/impacts/${impact}`, `/impacts/${impact}/change`, '/actions', `/actions/${action}`, '/receivers', `/receivers/${receiver}`, '/referrals', `/cases/${oneCase}/referral?referral=1`, '/groups', '/aside', '/checkins', '/translations', '/search', '/export', '/consultations', '/walkin', '/help', '/account', '/figures', '/oncall', '/people/waiting', '/people/recovery'];
