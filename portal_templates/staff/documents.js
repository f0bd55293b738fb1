// What is still to be done before all visits, one list at a time; what cannot wait is told above all of them.
import {$, $$, clone, count, fill, say, show, word} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';
import {ago, enter, initialsOf, ready, tried, work} from './frame.js';

const QUEUES = ['review', 'urgent', 'patient', 'insurance'];
const WAITS = ['needs-review', 'returned', 'started'];  // forms that there is something to see of
const THEIRS = ['missing', 'refused', 'returned', 'not-opened', 'started'], DONE = ['accepted', 'complete'];  // the patient's turn, and nobody's
const MOST = 8;  // empty pages in a row, before somebody has to ask for more
const SOON = 86_400_000;  // milliseconds before a visit
let queue, past, next;

// `#review`: from today on; `#review/past`: what is left of the last 30 days.
const wanted = () => {
  const [name, when] = location.hash.slice(1).split('/');
  queue = QUEUES.includes(name) ? name : QUEUES[0];
  past = when === 'past';
};
const hash = () => `#${queue}${past ? '/past' : ''}`;

const tag = (name, of) => {
  const made = clone(name);
  $('b', made).before(`${of}: `);
  return made;
};

const withPatient = n => {
  const made = clone('with-patient');
  fill(made, {left: count('left', n)});
  return made;
};

// To its forms where they are what waits, else to its documents; both lead to each other.
const wayTo = visit => {
  const forms = queue !== 'insurance' && (visit.flags || visit.forms.some(form => WAITS.includes(form.standing) && form.response));
  return `${forms ? '/visit-forms/#v=' : '/documents/visit/#'}${encodeURIComponent(visit.appointment)}`;
};

const drawVisit = visit => {
  const row = clone('visit'), name = visit.name || word('nameless'), before = Date.parse(visit.start) - Date.now();
  fill(row, {name, initials: initialsOf(name), when: word('when', visit), soon: ago(visit.start)});
  $('a', row).href = wayTo(visit);
  show($('[data-text=soon]', row), before < SOON);
  $('[data-text=soon]', row).classList.toggle('is-warn', before > 0);
  if (visit.flags) $('.tags', row).append(clone('flagged'));
  if (visit.infected) $('.tags', row).append(clone('infected'));
  const theirs = [...visit.forms, ...visit.documents].filter(({standing}) => THEIRS.includes(standing)).length;
  const told = ({standing}) => !DONE.includes(standing) && (queue === 'patient' || !THEIRS.includes(standing));
  $('.tags', row).append(...visit.forms.filter(told).map(form => tag(`form-${form.standing}`, form.standing === 'started' ? word('so-far', form) : form.title)));
  $('.tags', row).append(...visit.documents.filter(told).map(kind => tag(`standing-${kind.standing}`, kind.name)));
  if (theirs && queue !== 'patient') $('.tags', row).append(withPatient(theirs));
  if (visit.insurance) $('.tags', row).append(tag(`insurance-${visit.insurance.status}`, word('insurance')));
  return row;
};

const find = async cursor => {
  const asked = hash();
  let found = await work('completeness', {query: {queue, past, cursor}});
  for (let pages = 1; !found.visits.length && found.next && pages < MOST && asked === hash(); pages++) {
    found = await work('completeness', {query: {queue, past, cursor: found.next}});  // what is complete is left out of a page
  }
  if (asked !== hash()) return;  // another one was chosen meanwhile
  next = found.next;
  if (!cursor) $('#visits').replaceChildren();
  $('#visits').append(...found.visits.map(drawVisit));
  const listed = $$('#visits > li').length;
  show($('#visits'), listed > 0);
  for (const name of QUEUES) show($(`#none-${name}`), name === queue && !listed && !next);
  show($('#more-form'), Boolean(next));
  say(count('visits', listed));
};

const route = async () => {
  wanted();
  $('#other').href = past ? `#${queue}` : `#${queue}/past`;
  fill($('#content'), {other: word(past ? 'see-coming' : 'see-past')});
  sessionStorage.setItem('queue', hash());  // where the way back from a visit leads
  $(`#queues [value=${queue}]`).checked = true;
  show($('#content'), false);
  show($('#waiting'));
  await tried(() => find());
  ready();
  warn().catch(() => {});
};

// What cannot wait is asked for on every list, and told as soon as it is known.
const warn = async () => {
  const {visits} = await work('completeness', {query: {queue: 'urgent', limit: 50}});
  fill($('#urgent'), {urgent: count('urgent', visits.length)});
  show($('#urgent'), visits.length > 0 && queue !== 'urgent');
};

onSubmit($('#more-form'), async () => {
  const rows = $$('#visits > li').length;
  await find(next);
  $$('#visits a')[rows]?.focus();
});
$('#queues').addEventListener('change', event => {
  history.replaceState(null, '', `#${event.target.value}${past ? '/past' : ''}`);
  route();
});
addEventListener('hashchange', route);

await enter('list_completeness');
await route();
