// Whose turn it is with the documents of all visits, one queue at a time.
import {$, $$, clone, count, fill, say, show, word} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';
import {ago, enter, initialsOf, ready, tried, work} from './frame.js';

const QUEUES = ['review', 'insurance', 'missing'];
const MOST_EMPTY = 5;  // a page may be empty and not the last: so many are looked through at once
const SOON = 86_400_000;  // milliseconds before a visit
let queue, next;

const wanted = () => QUEUES.find(name => location.hash === `#${name}`) ?? QUEUES[0];

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
  const asked = queue, ask = from => work('missing-documents', {query: {queue: asked, cursor: from}});
  let found = await ask(cursor);
  for (let pages = 1; !found.visits.length && found.next && pages < MOST_EMPTY; pages++) found = await ask(found.next);
  if (asked !== queue) return;  // another one was chosen meanwhile
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
  queue = wanted();
  sessionStorage.setItem('queue', `#${queue}`);  // where the way back from a visit leads
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
  history.replaceState(null, '', `#${event.target.value}`);
  route();
});
addEventListener('hashchange', route);

await enter('list_missing');
await route();
