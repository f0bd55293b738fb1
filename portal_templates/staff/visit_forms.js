// One visit's forms, and one of them to read: what cannot wait above all, then scores, what changed, and every answer page by page.
import {here} from '../shell/api.js';
import {$, $$, clone, fill, focusOn, say, show, word} from '../shell/dom.js';
import {clear, onSubmit, reasonOf} from '../shell/form.js';
import {enter, may, onTap, ready, tried, work} from './frame.js';

const DATE = new Intl.DateTimeFormat(here.tag, {dateStyle: 'long', timeZone: 'UTC'});  // a date of birth has no zone
const OUTRUN = [409, 412];  // somebody was first
const HANDED_IN = ['completed', 'amended'];
const seen = {response: null, visit: ''};  // what is looked at

// `#r=<response>`: that one; `#v=<visit>`: the first of the visit that waits.
const asked = new URLSearchParams(location.hash.slice(1));
const about = (rest = '') => `responses/${encodeURIComponent(seen.response.id)}${rest}`;

const tell = (text, isWrong = false) => {
  fill($('#told'), {told: text});
  $('#told').classList.toggle('is-warn', isWrong);
  show($('#told svg'), !isWrong);
  show($('#told svg + svg'), isWrong);
  show($('#told'), Boolean(text));
  if (text) say(text);
};
const refused = problem => tell(reasonOf(problem), true);

const row = (name, texts) => {
  const made = clone(name);
  fill(made, texts);
  return made;
};
const list = (id, rows) => {
  show($(`#${id}`), rows.length > 0);
  $(`#${id} ul`).replaceChildren(...rows);
};

const drawCall = told => {
  const made = row('call-one', {...told, whom: told.about}), link = $('a', made);
  link.href = `tel:${told.telephone.replace(/[^+\d]/g, '')}`;
  show(link, Boolean(told.telephone));
  return made;
};
const joined = answers => answers.join(' · ') || word('nothing');
const drawChange = ({words, before, after}) => row('change', {words, before: joined(before), after: joined(after)});
const drawSummary = ({words, answers}) => {
  const made = row('answer', {words, answer: answers.join(' · ') || word('unanswered')});
  for (const part of $$('button, .tag', made)) part.remove();
  return made;
};
// Files lead to where they are looked at.
const linked = (told, response) => told.answers.map((name, place) => {
  const file = may('list_documents') && told.files[place];
  if (!file) return name;
  const link = document.createElement('a');
  link.className = 'quiet-link';
  link.textContent = name;
  link.href = `/documents/visit/#${encodeURIComponent(response.appointment)}/${encodeURIComponent(file)}`;
  return link;
}).flatMap((part, place) => (place ? [' · ', part] : [part]));

const drawAnswer = (told, response) => {
  if (told.kind === 'words') return row('aside', {words: told.words});
  if (told.kind !== 'question') return row('within', {words: told.words});
  const {path, words, answers, note, returnable} = told, changed = response.staff.told.amended.find(each => each.path === path);
  const made = row('answer', {words, answer: word('unanswered'), note: note && word('asked-again', {note}), before: changed && word('was', {before: joined(changed.before)})});
  const button = $('button', made);
  if (answers.length) $('[data-text=answer]', made).replaceChildren(...linked(told, response));
  for (const tag of $$('.tag', made)) show(tag, tag.textContent !== '');
  show(button, returnable && HANDED_IN.includes(response.status) && may('return_item'));
  button.value = path;
  button.setAttribute('aria-label', word('ask-again', {words}));
  button.addEventListener('click', () => askAgain(told));
  return made;
};
const againAt = path => $$('#answers button').find(button => button.value === path);

// A card for each page: what lies at the top of a form begins one.
const drawAnswers = response => {
  const parts = [];
  for (const told of response.staff.told.answers) {
    if (!told.depth) parts.push(row('part', {words: told.words}));
    if (told.depth || told.kind !== 'group') $('ul', parts.at(-1)).append(drawAnswer(told, response));
  }
  for (const part of parts) show($('ul', part), $('ul', part).children.length > 0);
  $('#answers').replaceChildren(...parts);
};

const draw = response => {
  seen.response = response;
  const {staff} = response, {told} = staff;
  fill(document, {
    name: staff.name,
    form: response.title,
    when: told.state,
  });
  $('#standing').replaceChildren(clone(`form-${response.standing}`));
  list('flags', told.raised.map(told => row('flag', told)));
  $('#flags').classList.toggle('is-bad', staff.unseen > 0);
  $('#call').replaceChildren(...told.call.map(drawCall));
  show($('#seeing'), staff.unseen > 0 && may('accept_response'));
  $('#scores').replaceChildren(...told.scores.map(score => row('score', {score})));
  list('amended', told.amended.map(drawChange));
  list('changes', told.changes.map(drawChange));
  list('summary', told.summary.map(drawSummary));
  drawAnswers(response);
  list('signed', told.signed.map(told => row('signature', told)));
  show($('#deciding'), HANDED_IN.includes(response.status) && staff.review !== 'accepted' && may('return_item'));
};

const drawForm = form => {
  const made = clone('form'), name = document.createElement(form.response ? 'a' : 'span');
  name.textContent = form.title;
  if (form.response) {
    name.className = 'quiet-link';
    name.href = `#r=${encodeURIComponent(form.response)}`;
    if (form.response === seen.response?.id) name.setAttribute('aria-current', 'true');
  }
  made.prepend(name);
  $('.tags', made).append(clone(`form-${form.standing}`));
  return made;
};

const ORDER = ['needs-review', 'returned', 'started', 'waiting-for-file', 'complete'];
const firstOf = forms => forms.filter(form => form.response)
  .sort((one, other) => (other.flags > 0) - (one.flags > 0) || ORDER.indexOf(one.standing) - ORDER.indexOf(other.standing))[0];

const load = async () => {
  const response = asked.get('r');
  let visit = asked.get('v'), forms;
  if (response) draw(await work(`responses/${encodeURIComponent(response)}`));
  visit ??= seen.response.appointment;
  forms = await work(`appointments/${encodeURIComponent(visit)}/responses`);
  const first = firstOf(forms.forms);
  if (!seen.response && first) draw(await work(`responses/${encodeURIComponent(first.response)}`));
  fill(document, {about: seen.response ? word('about', {born: DATE.format(new Date(seen.response.staff.birthDate)), label: forms.label}) : forms.label});
  show($('#response'), Boolean(seen.response));
  show($('#nobody'), !seen.response);
  show($('#open-export'), Boolean(seen.response) && may('export_response'));
  $('#forms').replaceChildren(...forms.forms.map(drawForm));
  $('#documents').hash = encodeURIComponent(visit);
  seen.visit = visit;
  show($('#hand-over'), may('start_kiosk'));
};

// How it stands now, once something was said of it or somebody else was first.
const refresh = async () => {
  asked.set('r', seen.response.id);
  await load();
};
const decide = async (verb, send, done) => {
  try {
    await work(about(verb), {send, headers: {'If-Match': `"${seen.response.version}"`}});
  } catch (problem) {
    if (OUTRUN.includes(problem.status)) await refresh().catch(() => {});
    throw problem;
  }
  await refresh();
  if (done) tell(word(done));
};

onTap($('#saw'), async () => {
  await decide('/accept', {what: 'flags'}, 'seen');
  focusOn($('#flags-title'));
}, refused);

const accept = async () => {
  await decide('/accept', {what: 'answers'}, 'accepted');
  focusOn($('#form-title'));
};
onTap($('#accept'), () => (seen.response.returned.length ? $('#accepting').showModal() : accept()), refused);
onSubmit($('#accept-form'), async () => {
  await accept();
  $('#accepting').close();
  focusOn($('#form-title'));
});
$('#accept-no').addEventListener('click', () => $('#accepting').close());

// A code that opens the clinic's tablet for this visit's patient, shown this once.
onTap($('#hand-over'), async () => {
  const given = await work(`appointments/${encodeURIComponent(seen.visit)}/kiosk`, {send: {}}).catch(problem => ({how: reasonOf(problem)}));
  fill($('#tablet'), {code: given.code, how: given.how ?? word('tablet-how', given)});
  show($('#tablet .code'), Boolean(given.code));
  show($('#tablet'));
  focusOn($('#tablet'));
}, refused);

const dialog = $('#asking'), form = $('#ask-form');
let again;
const askAgain = told => {
  again = told;
  clear(form);
  $('#note').value = told.note;
  fill(form, {asked: told.words});
  dialog.showModal();
};
const topOf = button => button.closest('li').getBoundingClientRect().top;
// The page stays where it is: what was asked stands at its answer.
onSubmit(form, async answers => {
  const {path} = again, before = topOf(againAt(path));
  await decide('/return', {path, note: answers.get('note').trim()});
  dialog.close();
  tell('');
  const button = againAt(path);
  scrollBy(0, topOf(button) - before);
  focusOn(button);
  say(word('returned'));
});
$('#ask-no').addEventListener('click', () => dialog.close());

const save = ({name, contentType, body}) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([Uint8Array.from(atob(body), letter => letter.charCodeAt(0))], {type: contentType}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
$('#reason').minLength = 10;
$('#open-export').addEventListener('click', () => { clear($('#export-form')); $('#exporting').showModal(); });
$('#export-no').addEventListener('click', () => $('#exporting').close());
onSubmit($('#export-form'), async answers => {
  save(await work(about('/export'), {send: {format: answers.get('format'), reason: answers.get('reason').trim()}}));
  $('#exporting').close();
  $('#reason').value = '';
  say(word('exported'));
});

$('#back').hash = sessionStorage.getItem('queue') ?? '';
addEventListener('hashchange', () => location.reload());

const missing = () => {
  for (const id of ['waiting', 'head']) show($(`#${id}`), false);
  show($('#missing'));
  focusOn($('#missing'));
};

await enter('get_response');
const there = (asked.get('r') || asked.get('v')) && await tried(() => load().then(() => true, problem => {
  if (problem.status === 404) return false;
  throw problem;
}));
if (there) ready();
else missing();
