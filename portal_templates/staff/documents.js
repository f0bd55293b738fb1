// Whose turn it is with the documents of all visits, one queue at a time.
import {$, $$, clone, count, fill, say, show, word} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';
import {ago, enter, initialsOf, ready, tried, work} from './frame.js';

const QUEUES = ['review', 'insurance', 'missing'];
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

const drawVisit = visit => {
  const row = clone('visit'), name = visit.name || word('nameless'), before = Date.parse(visit.start) - Date.now();
  fill(row, {name, initials: initialsOf(name), when: word('when', visit), soon: ago(visit.start)});
  $('a', row).href = `/documents/visit/#${encodeURIComponent(visit.appointment)}`;
  show($('[data-text=soon]', row), before < SOON);
  $('[data-text=soon]', row).classList.toggle('is-warn', before > 0);
  if (visit.infected) $('.tags', row).append(clone('infected'));
  $('.tags', row).append(...visit.kinds.map(kind => tag(`standing-${kind.standing}`, kind.name)));
  if (visit.insurance) $('.tags', row).append(tag(`insurance-${visit.insurance.status}`, word('insurance')));
  return row;
};

const find = async cursor => {
  const asked = hash(), found = await work('missing-documents', {query: {queue, past, cursor}});
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

await enter('list_missing');
await route();
