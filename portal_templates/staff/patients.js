// Patients at the desk: finding, opening and adding them, the code that links their account, emergency access.
import {here} from '../shell/api.js';
import {$, $$, clone, count, fill, focusOn, say, show, word} from '../shell/dom.js';
import {clear, onSubmit, reasonOf} from '../shell/form.js';
import {draw as drawFrame, enter, initialsOf, may, me, ready, tried, work} from './frame.js';

const DATE = new Intl.DateTimeFormat(here.tag, {dateStyle: 'long', timeZone: 'UTC'});  // a date of birth has no zone
const LANGUAGE = new Intl.DisplayNames(here.tag, {type: 'language'});
const born = patient => word('born', {date: DATE.format(new Date(patient.birthDate))});
const wanted = () => new URLSearchParams(location.hash.slice(1)).get('p');
const path = (id, rest = '') => `patients/${encodeURIComponent(id)}${rest}`;
let name, next, patient, key;

const only = id => {
  for (const one of ['finding', 'closed', 'one', 'missing']) show($(`#${one}`), one === id);
  show($('#head-actions'), id !== 'one');
  show($('#open-emergency'), may('start_emergency_access') && !me.emergencyUntil);
};

const drawCard = found => {
  const row = clone('card');
  fill(row, {name: found.name, initials: initialsOf(found.name), born: born(found)});
  $('a', row).href = `#p=${encodeURIComponent(found.id)}`;
  return row;
};

const find = async cursor => {
  const found = await work('patients/search', {send: {name, cursor}});
  next = found.next;
  if (!cursor) $('#found').replaceChildren();
  $('#found').append(...found.patients.map(drawCard));
  const listed = $$('#found li').length;
  show($('#found'), listed > 0);
  show($('#none'), listed === 0);
  show($('#begin'), false);
  show($('#more-form'), Boolean(next));
  say(count('people', listed));
};

const drawPatient = found => {
  patient = found;
  fill($('#one'), {
    name: patient.name, initials: initialsOf(patient.name), born: born(patient),
    telephone: patient.telephone || word('not-told'), email: patient.email || word('not-told'),
    language: patient.language ? LANGUAGE.of(patient.language) : word('not-told'),
    account: word(patient.hasAccount ? 'has-account' : 'no-account'),
  });
  $('#trail').href = `/audit/#patient=${encodeURIComponent(patient.id)}`;
  const links = may('issue_link_code') && !patient.hasAccount;
  for (const id of ['link-words', 'make-code']) show($(`#${id}`), links);
  show($('#beside'), links || may('list_audit_events'));
  show($('#code-failed'), false);
  only('one');
};

// What the address asks for: a patient, or the search.
const route = async focus => {
  if (!wanted()) return only(may('list_patients') ? 'finding' : 'closed');
  try {
    drawPatient(await work(path(wanted())));
    if (focus) focusOn($('#one-name'));
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    only('missing');
    focusOn($('#missing'));
  }
};

const openAdd = () => {
  key = crypto.randomUUID();
  clear($('#add-form'));
  $('#adding').showModal();
};
const openEmergency = () => {
  clear($('#emergency-form'));
  $('#emergency-dialog').showModal();
};

onSubmit($('#find'), async answers => {
  name = answers.get('name').trim();
  await find();
});
onSubmit($('#more-form'), () => find(next));
onSubmit($('#add-form'), async answers => {
  const send = Object.fromEntries([...answers].map(([field, text]) => [field, text.trim()]).filter(([, text]) => text));
  let made;
  try {
    made = await work('patient-records', {send, headers: {'Idempotency-Key': key}});
  } catch (problem) {
    if (!problem.unsure) key = crypto.randomUUID();  // an answer that was lost is asked for again under the same key
    throw problem;
  }
  $('#adding').close();
  $('#add-form').reset();
  location.hash = `p=${encodeURIComponent(made.id)}`;
});
onSubmit($('#emergency-form'), async answers => {
  drawFrame(await work('emergency-access', {send: {reason: answers.get('reason').trim()}}));
  $('#emergency-dialog').close();
  $('#emergency-form').reset();
  await route(true);
  if (!wanted()) $('#name').focus();
});

$('#make-code').addEventListener('click', async () => {
  show($('#code-failed'), false);
  try {
    const {code, minutes} = await work(path(patient.id, '/link-code'), {send: {}});
    $('#code').textContent = code;
    fill($('#code-dialog'), {for: word('for', {name: patient.name}), works: word('works', {minutes})});
    $('#code-dialog').showModal();
    $('#code-done').focus();
  } catch (problem) {
    if (!problem.type) throw problem;
    $('#code-failed').textContent = reasonOf(problem);
    show($('#code-failed'));
  }
});
$('#code-done').addEventListener('click', () => $('#code-dialog').close());
$('#code-dialog').addEventListener('close', () => { $('#code').textContent = ''; });
$('#open-add').addEventListener('click', openAdd);
$('#add-no').addEventListener('click', () => $('#adding').close());
$('#open-emergency').addEventListener('click', openEmergency);
$('#emergency-no').addEventListener('click', () => $('#emergency-dialog').close());
addEventListener('hashchange', () => tried(() => route(true)));

await enter('list_patients', 'get_patient');
await tried(() => route(false));
ready();
if (location.hash === '#adding' && may('add_patient')) openAdd();
if (location.hash === '#emergency-dialog' && may('start_emergency_access')) openEmergency();
