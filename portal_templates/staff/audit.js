// The audit trail: searching and exporting it.
import {$, $$, clone, count, fill, focusOn, knows, say, show, word} from '../shell/dom.js';
import {clear, onSubmit} from '../shell/form.js';
import {enter, roleName, tried, work} from './frame.js';

const MOST_EMPTY = 5;  // a page may be empty and not the last: so many are looked through at once
const form = $('#search-form'), dialog = $('#exporting');
let next, patient = new URLSearchParams(location.hash.slice(1)).get('patient') ?? '';

const actionName = action => (knows(`action-${action}`) ? word(`action-${action}`) : action.replaceAll('_', ' '));

const draw = event => {
  const row = clone('event');
  const role = event.role && roleName(event.role);
  // Who has no name in the trail is told by what they are, and by their reference.
  fill(row, {
    when: event.label, who: event.name || role || event.who, role: event.name ? role : event.who,
    action: actionName(event.action), what: event.what === event.who ? '' : event.what,
  });
  return row;
};

const criteria = () => ({...Object.fromEntries([...new FormData(form)].filter(([, text]) => text)), patient});

const find = async cursor => {
  const ask = from => work('audit-events', {query: {...criteria(), cursor: from}});
  let found = await ask(cursor);
  for (let pages = 1; !found.events.length && found.next && pages < MOST_EMPTY; pages++) found = await ask(found.next);
  next = found.next;
  if (!cursor) $('#events').replaceChildren();
  $('#events').append(...found.events.map(draw));
  const none = $$('#events tr').length === 0;
  show($('.trail'), !none);
  show($('#none'), none);
  show($('#more-form'), Boolean(next));
  show($('#waiting'), false);
  show($('#content'));
  say(count('found', $$('#events tr').length));
};

// The people of the clinic and the actions that have a name, to choose from.
const fillChoices = async () => {
  const actions = $$('[data-word^="action-"]', $('#words').content).map(place => [place.textContent, place.dataset.word.slice(7)]);
  $('#action').append(...actions.sort().map(([name, action]) => new Option(name, action)));
  const {staff} = await work('staff').catch(() => ({staff: []}));
  $('#who').append(...staff.map(member => new Option(member.name, member.name)));
};

const showPatient = () => show($('#of-patient'), Boolean(patient));

onSubmit(form, async () => {
  await find();
  focusOn($('#trail-title'));
});
onSubmit($('#more-form'), async () => {
  const rows = $$('#events tr').length;
  await find(next);
  focusOn($$('#events th')[rows] ?? $('#trail-title'));
});
$('#any-patient').addEventListener('click', () => {
  patient = '';
  history.replaceState(null, '', location.pathname);
  showPatient();
  form.requestSubmit();
});

const save = (blob, name) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

onSubmit($('#export-form'), async answers => {
  const [from, to, reason] = ['export-from', 'export-to', 'reason'].map(name => answers.get(name).trim());
  save(await work('audit-events/export', {send: {from, to, reason}, raw: true}), `audit-${from}-${to}.csv`);
  dialog.close();
  $('#reason').value = '';
  say(word('exported'));
});
$('#open-export').addEventListener('click', () => {
  clear($('#export-form'));
  $('#export-from').value = $('#from').value;
  $('#export-to').value = $('#to').value;
  dialog.showModal();
});
$('#export-no').addEventListener('click', () => dialog.close());

await enter('list_audit_events');
showPatient();
await tried(() => find());
fillChoices();
